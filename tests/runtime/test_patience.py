"""When a run that is held goes on by itself, and when it waits for a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from antiphon.runtime.patience import LONGEST, next_try

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(("tries", "seconds"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 900), (7, 900), (10**6, 900)])
def test_doubling(tries: int, seconds: int) -> None:
    """The first wait is half a minute; each is twice the one before, up to a quarter of an hour."""
    assert NINE + timedelta(seconds=seconds) == next_try(NINE, tries)
    assert next_try(NINE, tries) <= NINE + LONGEST


def test_asked() -> None:
    """A network that asks for more patience gets it; one that asks for less is spared all the same."""
    assert NINE + timedelta(hours=3) == next_try(NINE, 1, NINE + timedelta(hours=3))
    assert NINE + timedelta(seconds=30) == next_try(NINE, 1, NINE + timedelta(seconds=1))
