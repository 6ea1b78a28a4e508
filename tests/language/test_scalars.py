from __future__ import annotations

import math

import pytest

from antiphon.language.scalars import MAX_DIGITS, resolve
from antiphon.model.document import Scalar


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-19", -19),
        ("+7", 7),
        ("007", 7),
        ("0o17", 15),
        ("0xfF", 255),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("-1e-3", -0.001),
        ("-.inf", -math.inf),
        (".INF", math.inf),
    ],
)
def test_core_schema(text: str, expected: Scalar) -> None:
    """The words and numbers of YAML 1.2's core schema have their values, of the right type."""
    value = resolve(text)

    assert (type(expected), expected) == (type(value), value)


def test_not_a_number() -> None:
    """`.nan` is a number that is none."""
    assert math.isnan(float(str(resolve(".nan"))))


@pytest.mark.parametrize(
    "text",
    [
        "yes", "No", "on", "off", "y", "nULL", "tRUE", "12:30", "1_000", "0b1", "-0x1", "0o8", "2026-01-31", "=", "<<",
        "1e", "+", "-", ".", "..", "1.2.3", "١٢", "inf", "nan", "1 2", "+.nan",
    ],
)  # fmt: skip
def test_texts(text: str) -> None:
    """Everything else is the text that it looks like."""
    assert text == resolve(text)


def test_too_long() -> None:
    """A number of absurd length is refused instead of calculated."""
    assert resolve("9" * MAX_DIGITS) == 10**MAX_DIGITS - 1
    with pytest.raises(ValueError, match="too long"):
        resolve("9" * (MAX_DIGITS + 1))
