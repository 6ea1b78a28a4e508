"""The shipped templates: one file an occasion, in it the languages, in each the tones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FALLBACK = "en"
"""The language of a reply to someone whose language has no templates."""

Templates = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Library:
    """Templates by occasion, language and tone."""

    occasions: Mapping[str, Templates]

    @classmethod
    @cache
    def shipped(cls) -> Library:
        """What comes with the plugin."""
        folder = files("antiphon_inbox").joinpath("templates")
        return cls(
            {
                file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
                for file in sorted(folder.iterdir(), key=lambda file: file.name)
                if file.name.endswith(".toml")
            }
        )

    def find(self, occasion: str, language: str, tone: str) -> tuple[str, Sequence[str]]:
        """The language that was found and its texts: the wanted one (`fr-CA` is answered in `fr`), else English."""
        spoken = self.occasions.get(occasion, {})
        main = language.replace("_", "-").partition("-")[0].lower()
        found = main if main in spoken else FALLBACK
        return found, spoken.get(found, {}).get(tone, ())
