"""The words of the local web, in the reader's language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from fastapi import Request

from antiphon.components.page import LANGUAGES
from antiphon.report.words import Words

Language = Literal["en", "fr"]

COOKIE = "antiphon_language"
"""Keeps the language that a reader has chosen."""

_RANGE = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[\w-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")


class WebWords(Words):
    """The words of a page's frame, besides those of a report, with its numbers and dates."""

    def __init__(self, language: Language, timezone: str, year: int) -> None:
        super().__init__(language, timezone, year)
        self.language: Language = language
        self._words = {**self._words, **_catalogue()[language]}


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
