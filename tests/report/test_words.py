"""Numbers, dates and sentences in two languages."""

import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from antiphon.model.report import Cell
from antiphon.report.words import Words


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0, "0", "0"),
        (1234.5, "1,234.5", "1\u202f234,5"),
        (-1234567, "−1,234,567", "−1\u202f234\u202f567"),
        (2.0, "2", "2"),
        (-0.001, "0", "0"),
        (1 / 3, "0.33", "0,33"),
        (float("nan"), "", ""),
        (float("inf"), "", ""),
        (None, "", ""),
        ("as it is", "as it is", "as it is"),
        ("2026-11-01", "1 Nov", "1er nov."),
        ("2025-02-28", "28 Feb 2025", "28 févr. 2025"),
        ("2026-99-99", "2026-99-99", "2026-99-99"),
        ("2026-07-14T22:30:00+00:00", "15\u00a0July,\u00a000:30", "15\u00a0juil.,\u00a000:30"),
        ("2026-07-14T22:30:00Z", "15\u00a0July,\u00a000:30", "15\u00a0juil.,\u00a000:30"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_cells(value: Cell, english: str, french: str) -> None:
    """A value is written as its reader writes it, in the reader's zone; what is not known is empty."""
    assert english == Words("en", "Europe/Paris", 2026).cell(value)
    assert french == Words("fr", "Europe/Paris", 2026).cell(value)


def test_units() -> None:
    """A unit follows its number, and an unknown value has none."""
    assert Words("en").measure(12.5, "%") == "12.5%"
    assert Words("fr").measure(12.5, "%") == "12,5\u202f%"
    assert Words("fr").measure(3, "€") == "3\u202f€"
    assert Words("fr").measure(None, "€") == ""


@pytest.mark.parametrize(
    ("since", "until", "english", "french"),
    [
        ("2026-11-15T23:00", "2026-11-22T23:00", "16–22 November 2026", "16–22 novembre 2026"),
        ("2026-10-31T23:00", "2026-11-30T23:00", "1–30 November 2026", "1er–30 novembre 2026"),
        ("2026-10-28T12:00", "2026-11-03T12:00", "28 October – 3 November 2026", "28 octobre – 3 novembre 2026"),
        ("2025-12-28T12:00", "2026-01-03T12:00", "28 December 2025 – 3 January 2026",
         "28 décembre 2025 – 3 janvier 2026"),
        ("2026-11-22T23:00", "2026-11-23T23:00", "23 November 2026", "23 novembre 2026"),
        ("2026-11-22T23:00", "2026-11-22T23:00", "23 November 2026", "23 novembre 2026"),
    ],
)  # fmt: skip
def test_periods(since: str, until: str, english: str, french: str) -> None:
    """A period names its first and last local day, and nothing twice."""
    start, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (since, until))
    assert english == Words("en", "Europe/Paris").period(start, end)
    assert french == Words("fr", "Europe/Paris").period(start, end)


def test_catalogue() -> None:
    """Every language has the same words."""
    catalogue = tomllib.loads(files("antiphon.report").joinpath("words.toml").read_text("utf-8"))
    assert {language: set(words) for language, words in catalogue.items()} == {
        language: set(catalogue["en"]) for language in ("en", "fr")
    }
