"""What the sections say, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _catalogue() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("antiphon_reporting").joinpath("words.toml").read_text("utf-8"))


class Words:
    """The words that every section shares, and those of one part, such as `heard`, before them."""

    def __init__(self, language: str, part: str = "") -> None:
        self._shared = _catalogue()[language]
        self._own: Mapping[str, Any] = self._shared.get(part, {})

    def __getitem__(self, key: str) -> str:
        return str(self._own[key] if key in self._own else self._shared[key])

    def name(self, of: str, value: str) -> str:
        """The word for a value of a list of names (`states`, `types`, `priorities`), or the value itself."""
        return str(self._shared[of].get(value, value))

    def number(self, value: int) -> str:
        """A whole number as the language groups it."""
        return f"{value:,}".replace(",", self["thousands"])

    def decimal(self, value: float) -> str:
        """A number with at most two decimals."""
        whole, _, decimals = f"{abs(value):,.2f}".partition(".")
        sign = "−" if value < 0 else ""
        digits = decimals.rstrip("0")
        return sign + whole.replace(",", self["thousands"]) + (self["decimal"] + digits if digits else "")

    def counted(self, count: int, **facts: object) -> str:
        """The sentence for none, one or many."""
        form = "none" if count == 0 else "one" if count == 1 else "many"
        return self[form].format(count=self.number(count), **facts)
