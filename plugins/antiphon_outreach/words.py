"""What is said of creators, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words(language: str) -> Mapping[str, Any]:
    """The words of a language, by their keys."""
    told = tomllib.loads(files("antiphon_outreach").joinpath("words.toml").read_text("utf-8"))
    found: Mapping[str, Any] = told[language]
    return found
