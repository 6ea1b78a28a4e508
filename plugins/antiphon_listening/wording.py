"""Wording: what sections and pages say, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(files("antiphon_listening").joinpath("words.toml").read_text("utf-8"))


def words_of(language: str, part: str) -> Mapping[str, str]:
    """The words of one part, such as `share`."""
    return _catalogue()[language][part]
