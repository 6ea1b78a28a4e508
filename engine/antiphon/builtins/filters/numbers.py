"""Filters for numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from antiphon.builtins.filters.bounds import Filter

Number = int | float
MOST_DIGITS = 15
"""How many decimals are meant by anybody; also what a float holds."""

_MARKS: Mapping[str, tuple[str, str]] = {"en": (",", "."), "fr": ("\u202f", ",")}
"""What stands between thousands, and before decimals (CLDR 44; French has a narrow no-break space)."""


def int_(value: Any) -> int:
    """As a whole number; decimals are cut off."""
    return math.trunc(_number(value))


def float_(value: Any) -> float:
    """As a number with decimals."""
    return float(_number(value))


def round_(value: Any, digits: int = 0) -> Number:
    """Rounded, halves away from zero; without digits it is a whole number."""
    number = _number(value)
    if not -MOST_DIGITS <= digits <= MOST_DIGITS:
        raise ValueError(f"`round` takes from -{MOST_DIGITS} to {MOST_DIGITS} digits")
    if isinstance(number, int) and digits >= 0:
        return number
    # A float is taken for the decimal number it is written as: 2.675 is 2.675, not a little less.
    rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return float(rounded) if digits > 0 else int(rounded)


def abs_(value: Any) -> Number:
    """Without its sign."""
    return abs(_number(value))


def format_number(value: Any, language: Literal["en", "fr"] = "en", digits: int | None = None) -> str:
    """As people write it: 1,234.5 in English, 1 234,5 in French; `digits` decimals, or as many as there are."""
    if language not in _MARKS:
        raise ValueError(f"`format_number` knows the languages {', '.join(_MARKS)}, not {language!r}")
    number = _number(value) if digits is None else round_(value, digits)
    plain = f"{number:,}" if digits is None else f"{number:,.{max(0, digits)}f}"
    thousands, point = _MARKS[language]
    return plain.translate({ord(","): thousands, ord("."): point})


def _number(value: Any) -> Number:
    if isinstance(value, str):
        text = value.strip().replace("_", "x")  # Python reads 1_000 as a number; people do not
        value = int(text) if text.lstrip("+-").isdecimal() else float(text)
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return int(value) if isinstance(value, bool) else value


NUMBERS: Mapping[str, Filter] = {
    "int": int_,
    "float": float_,
    "round": round_,
    "abs": abs_,
    "format_number": format_number,
}
