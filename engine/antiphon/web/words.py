"""The words of the local web, in the reader's language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

from fastapi import Request

from antiphon.components.page import LANGUAGES
from antiphon.report.words import Words

Language = Literal["en", "fr"]

COOKIE = "antiphon_language"
"""Keeps the language that a reader has chosen."""

_WEEK = 7 * 24 * 60
"""Minutes."""

_RANGE = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[\w-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")


class WebWords(Words):
    """The words of a page's frame, besides those of a report, with its numbers and dates."""

    def __init__(self, language: Language, zone: ZoneInfo, now: datetime) -> None:
        super().__init__(language, zone.key, now.astimezone(zone).year)
        self.language: Language = language
        self._now = now
        self._words = {**self._words, **_catalogue()[language]}

    def state(self, name: str) -> str:
        """The state of a run, a step, an effect or an approval."""
        return str(self._words["states"].get(name, name))

    def exact(self, at: datetime) -> str:
        """A moment to the second, with its year."""
        local = at.astimezone(self.timezone)
        return self["moment"].format(date=self.date(local.date()), time=f"{local:%H:%M:%S}")

    def second(self, at: datetime) -> str:
        """The time of day to the second."""
        return f"{at.astimezone(self.timezone):%H:%M:%S}"

    def away(self, at: datetime) -> str:
        """How far away a moment is, such as `3 min ago`; empty beyond a week."""
        seconds = (at - self._now).total_seconds()
        minutes = round(abs(seconds) / 60)
        if minutes >= _WEEK:
            return ""
        if minutes < 1:
            return self["just_now"]
        # Two days are told in days, and one in hours: `1 d` could be almost two.
        unit, length = ("days", 24 * 60) if minutes >= 48 * 60 else ("hours", 60) if minutes >= 120 else ("minutes", 1)
        told = self[unit].format(number=minutes // length)
        return self["ahead" if seconds > 0 else "ago"].format(length=told)


@cache
def _catalogue() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("antiphon.web").joinpath("words.toml").read_text("utf-8"))


def names() -> Mapping[str, str]:
    """The languages that there are, each with its own name."""
    return {language: words["language_name"] for language, words in _catalogue().items()}


def language_of(request: Request, otherwise: Language) -> Language:
    """The language that the reader has chosen; or the one that the browser likes best of ours; or the workspace's."""
    accepted = request.headers.get("accept-language", "")
    return known(request.cookies.get(COOKIE, "")) or known(preferred(accepted)) or otherwise


def preferred(accepted: str) -> str:
    """The language of ours that an Accept-Language header (RFC 9110, 12.5.4) gives the most weight; "" for none."""
    ranges = [found for part in accepted[:500].split(",") if (found := _RANGE.fullmatch(part))]
    liked = [(float(found[2] or 1), -place, found[1].lower()) for place, found in enumerate(ranges)]
    return max([one for one in liked if one[2] in LANGUAGES and one[0] > 0], default=(0, 0, ""))[2]


def known(language: str) -> Language | None:
    """A language of ours, or None."""
    match language:
        case "en" | "fr":
            return language
    return None
