"""What the page of leads says, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def words(language: str) -> Mapping[str, str]:
    """Every word of a language, by its key."""
    said: Mapping[str, str] = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))[language]
    return said
