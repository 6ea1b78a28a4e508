"""Slots: the times of a week as the clock on the wall shows them, and a file that may say anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.errors import GiveUp
from antiphon_publishing.slots import DAYS, Slots, moments

PARIS = ZoneInfo("Europe/Paris")
HEAD = b'tz = "Europe/Paris"\n'


def local(week: Mapping[str, tuple[str, ...]], after: datetime, count: int, timezone: ZoneInfo = PARIS) -> list[str]:
    found = islice(moments(week, timezone, after.replace(tzinfo=timezone), 366), count)
    return [f"{at.astimezone(timezone):%a %d %b %H:%M}" for at in found]


def test_c2_weekly() -> None:
    """C2: weekly times come one after the other, in order, whatever order they are written in."""
    week = {"thu": ("12:15",), "mon": ("17:30", "09:00", "09:00")}

    assert ["Mon 02 Mar 17:30", "Thu 05 Mar 12:15", "Mon 09 Mar 09:00", "Mon 09 Mar 17:30"] == local(
        week, datetime(2026, 3, 2, 9), 4
    )


def test_c2_clocks_change() -> None:
    """C2: a time that the clock jumps over comes an hour later, one that it shows twice comes once, the others stay."""
    week = {"sun": ("02:30", "03:30", "09:00")}

    assert ["Sun 29 Mar 03:30", "Sun 29 Mar 09:00", "Sun 05 Apr 02:30"] == local(week, datetime(2026, 3, 28), 3)
    assert ["Sun 25 Oct 02:30", "Sun 25 Oct 03:30", "Sun 25 Oct 09:00"] == local(week, datetime(2026, 10, 24), 3)
    assert [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)] == list(
        islice(moments(week, PARIS, datetime(2026, 10, 24, tzinfo=UTC), 9), 1)
    )


@given(
    st.dictionaries(
        st.sampled_from(DAYS), st.lists(st.times().map(lambda one: f"{one:%H:%M}"), max_size=4).map(tuple), min_size=1
    ),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]),
)
def test_always_ascending(week: dict[str, tuple[str, ...]], after: datetime, timezone: str) -> None:
    """Wherever the clocks change, moments ascend, each comes once, and none is before it was asked."""
    asked = after.replace(tzinfo=UTC)

    found = list(moments(week, ZoneInfo(timezone), asked, 30))

    assert sorted(set(found)) == found
    assert all(at > asked for at in found)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "tz: Field required"),
        (HEAD, "queues: Field required"),
        (b"tz = \xff", "is not TOML"),
        (HEAD + b"[queues.a]\nmon = ['9:00']", "is not a time of day"),
        (HEAD + b"[queues.a]\nmon = ['24:00']", "is not a time of day"),
        (HEAD + "[queues.a]\nmon = ['09:0٠']".encode(), "is not a time of day"),
        (HEAD + b"[queues.a]\nmonday = ['09:00']", "Extra inputs"),
        (HEAD + b"[queues.a]\nmon = 9", "valid tuple"),
        (HEAD + b"[queues.a]\ntz = 'Mars/Olympus'", "is not a time zone"),
        (b"tz = '../etc/passwd'\n[queues]", "is not a time zone"),
        (HEAD + b"[queues.a]\n" + b"x" * 100_000 + b"= 1", "Extra inputs"),
    ],
)
def test_bad_file(content: bytes, told: str) -> None:
    """Whatever a file says, what is wrong is told."""
    with pytest.raises(GiveUp, match=told):
        Slots.read(content)


@pytest.mark.parametrize("name", ["brnd", "☕", "a\r\nb", "x" * 100_000, "empty"])
def test_no_queue(name: str) -> None:
    """A queue that is not there, or has no times, is told with those that are."""
    slots = Slots.read(HEAD + b"[queues.brand]\nmon = ['09:00']\n[queues.empty]\n")

    with pytest.raises(GiveUp) as told:
        slots.queue(name)

    assert "brand" in told.value.hint or "mon" in told.value.hint
    assert len(str(told.value)) < 400
