"""Periods of a local calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.runtime.policy.calendar import Period, around

ZONES = st.sampled_from(["Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"])


@pytest.mark.parametrize(
    ("period", "begin", "end"),
    [
        ("hour", datetime(2026, 3, 29, 12), datetime(2026, 3, 29, 13)),
        ("day", datetime(2026, 3, 28, 23), datetime(2026, 3, 29, 22)),  # it has 23 hours
        ("week", datetime(2026, 3, 22, 23), datetime(2026, 3, 29, 22)),
        ("month", datetime(2026, 2, 28, 23), datetime(2026, 3, 31, 22)),
    ],
)
def test_paris(period: Period, begin: datetime, end: datetime) -> None:
    """On the Sunday on which the clocks change, each period begins and ends by the clock of Paris."""
    found = around(datetime(2026, 3, 29, 12, 34, tzinfo=UTC), period, ZoneInfo("Europe/Paris"))
    assert found == (begin.replace(tzinfo=UTC), end.replace(tzinfo=UTC))


@given(
    now=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    zone=ZONES,
    period=st.sampled_from(["hour", "day", "week", "month"]),
)
def test_around(now: datetime, zone: str, period: Period) -> None:
    """Every moment lies in exactly one period: the next begins where this one ends."""
    begin, end = around(now, period, ZoneInfo(zone))
    assert begin <= now < end
    assert around(end, period, ZoneInfo(zone))[0] == end
