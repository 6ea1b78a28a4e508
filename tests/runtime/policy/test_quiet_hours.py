"""Hours by the clock on the wall, over the changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from antiphon.model.policy import DAYS, Hours, HoursRule
from antiphon.runtime.policy.quiet_hours import opening

PARIS = ZoneInfo("Europe/Paris")
SECOND = timedelta(seconds=1)
CLOCK = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
ZONES = st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"])


def local(text: str, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-02 08:29:59", "2026-03-02 08:30"),
        ("2026-03-02 08:30", None),
        ("2026-03-02 16:59:59", None),
        ("2026-03-02 17:00", "2026-03-03 08:30"),
        ("2026-03-05 17:00", "2026-03-09 08:30"),  # on Friday nothing goes out, nor at the weekend
        ("2026-03-28 12:00", "2026-03-30 08:30"),  # the clocks change on the 29th
        ("2026-10-24 12:00", "2026-10-26 08:30"),
    ],
)
def test_office(now: str, until: str | None) -> None:
    """From Monday to Thursday, 08:30 to 17:00: at other times it waits for the next opening by the same wall clock."""
    hours = Hours(days=("mon", "tue", "wed", "thu"), between=("08:30", "17:00"))
    assert opening(hours, PARIS, local(now)) == (local(until) if until else None)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-06 23:30", None),
        ("2026-03-07 01:59", None),
        ("2026-03-07 02:00", "2026-03-13 22:00"),
        ("2026-03-07 23:00", "2026-03-13 22:00"),
    ],
)
def test_over_midnight(now: str, until: str | None) -> None:
    """Hours that reach over midnight belong to the day on which they begin."""
    hours = Hours(days=("fri",), between=("22:00", "02:00"))
    assert opening(hours, PARIS, local(now)) == (local(until) if until else None)


def test_in_a_gap() -> None:
    """An opening at a time of day that the clock jumps over comes when that long after midnight has passed."""
    hours = Hours(between=("02:30", "06:00"))
    assert opening(hours, PARIS, local("2026-03-29 01:59")) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@settings(max_examples=200, deadline=None)
@given(
    now=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    zone=ZONES,
    between=st.tuples(CLOCK, CLOCK).filter(lambda pair: pair[0] != pair[1]),
    days=st.sets(st.sampled_from(DAYS), min_size=1),
)
def test_opening(now: datetime, zone: str, between: tuple[str, str], days: set[str]) -> None:
    """A hold ends at the first moment from which it is open: then it is open, and a second before it is not."""
    hours = Hours.model_validate({"days": sorted(days), "between": between})
    until = opening(hours, ZoneInfo(zone), now)
    if until is None:
        return
    assert now < until <= now + timedelta(days=8, hours=2)
    assert opening(hours, ZoneInfo(zone), until) is None
    assert opening(hours, ZoneInfo(zone), until - SECOND) == until
    wall, before = (moment.astimezone(ZoneInfo(zone)) for moment in (until, until - timedelta(days=1)))
    if wall.utcoffset() == before.utcoffset():
        assert f"{wall:%H:%M}" == between[0]


@pytest.mark.parametrize(
    "written",
    [
        {"between": ["09:00", "09:00"]},
        {"between": ["9:00", "17:00"]},
        {"between": ["24:00", "09:00"]},
        {"days": []},
        {"days": ["monday"]},
        {"tz": "Paris"},
        {"otherwise": "drop"},
    ],
    ids=str,
)
def test_wrong(written: dict[str, object]) -> None:
    """Hours that say nothing, or nothing that can be understood, are refused."""
    with pytest.raises(ValidationError):
        Hours.model_validate(written)


def test_of_workspace() -> None:
    """The workspace's hours belong to no workflow, so they cannot go by a workflow's clock."""
    with pytest.raises(ValidationError, match="of the subject, of the workspace, or of a zone"):
        HoursRule(tz="workflow")


def test_window_left_out() -> None:
    """A window that the clocks leave out whole is passed over: it opens on the next day."""
    hours = Hours(between=("02:30", "03:00"))
    assert local("2026-03-30 02:30") == opening(hours, PARIS, local("2026-03-28 20:00"))
