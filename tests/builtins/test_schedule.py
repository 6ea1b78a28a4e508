"""The schedule against an oracle that walks the real minutes one by one and reads the local clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from antiphon.builtins.schedule import Schedule, ScheduleOptions

MINUTE = timedelta(minutes=1)
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class Cron:
    """A cron as sets of numbers, with the text that says the same."""

    text: str
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None = None
    weekdays: frozenset[int] | None = None
    round_the_clock: bool = False

    def fits(self, local: datetime) -> bool:
        if local.minute not in self.minutes or local.hour not in self.hours:
            return False  # the weekday and the day of the month are alternatives where both are given
        by_day = self.days is not None and local.day in self.days
        by_weekday = self.weekdays is not None and local.isoweekday() % 7 in self.weekdays
        return by_day or by_weekday or (self.days is None and self.weekdays is None)


def oracle(
    crons: list[Cron], zone: ZoneInfo, since: datetime, until: datetime, step: timedelta = MINUTE
) -> dict[str, list[datetime]]:
    """When each cron comes in [since, until): a clerk who looks at the wall clock at every real minute."""
    found: dict[str, set[datetime]] = {cron.text: set() for cron in crons}
    by_minute = {minute: [cron for cron in crons if minute in cron.minutes] for minute in range(60)}
    now = since
    before = highest = reading(now - step, zone)
    while now < until:
        local = reading(now, zone)
        for missed in range((local - before) // step - 1):  # the hands jumped: let the old clock run on beside the new
            unread = before + step * (missed + 1)
            for cron in by_minute[unread.minute]:
                if cron.fits(unread):
                    found[cron.text].add(now + step * missed)
        for cron in by_minute[local.minute]:
            if cron.fits(local) and (cron.round_the_clock or local > highest):
                found[cron.text].add(now)
        highest = max(highest, local)
        before = local
        now += step
    return {text: sorted(tick for tick in ticks if tick < until) for text, ticks in found.items()}


def reading(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def ticks(cron: str, zone: ZoneInfo, since: datetime, until: datetime) -> list[datetime]:
    options = ScheduleOptions(cron=cron)
    return list(takewhile(lambda tick: tick < until, Schedule().ticks(options, since - MINUTE, zone)))


ALL_HOURS = frozenset(range(24))
CRONS = [
    Cron("30 2 * * *", frozenset({30}), frozenset({2})),
    Cron("45 1 * * *", frozenset({45}), frozenset({1})),
    Cron("0 9 * * TUE", frozenset({0}), frozenset({9}), weekdays=frozenset({2})),
    Cron("*/20 0-4 * * FRI-SUN", frozenset({0, 20, 40}), frozenset(range(5)), weekdays=frozenset({0, 5, 6})),
    Cron("0 * * * *", frozenset({0}), ALL_HOURS, round_the_clock=True),
    Cron("15,45 0-23 * * *", frozenset({15, 45}), ALL_HOURS, round_the_clock=True),
    Cron("10 */2 * * *", frozenset({10}), frozenset(range(0, 24, 2)), round_the_clock=True),
    Cron("0 12 30 * MON", frozenset({0}), frozenset({12}), days=frozenset({30}), weekdays=frozenset({1})),
]


@pytest.mark.parametrize(
    ("zone", "year"),
    [("Europe/Paris", 2025), ("America/New_York", 2025), ("Australia/Lord_Howe", 2025), ("Pacific/Apia", 2011)],
)
def test_two_years(zone: str, year: int) -> None:
    """Over two years every cron comes exactly when the clerk at the wall clock says."""
    since, until = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    # Every one of these crons, and every change, is at a multiple of five minutes.
    expected = oracle(CRONS, ZoneInfo(zone), since, until, step=timedelta(minutes=5))
    assert expected == {cron.text: ticks(cron.text, ZoneInfo(zone), since, until) for cron in CRONS}


CHANGES = [
    ("Europe/Paris", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Paris", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ("America/St_Johns", datetime(2010, 3, 14, 3, 31, tzinfo=UTC)),  # at one minute past midnight
    ("America/St_Johns", datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),  # back into the day before
    ("Africa/Cairo", datetime(2025, 4, 24, 22, tzinfo=UTC)),  # at midnight
    ("America/Caracas", datetime(2016, 5, 1, 7, tzinfo=UTC)),
]


@st.composite
def crons(draw: st.DrawFn) -> Cron:
    minutes = draw(st.frozensets(st.integers(0, 59), min_size=1, max_size=4))
    weekdays = draw(st.none() | st.frozensets(st.integers(0, 6), min_size=1, max_size=3))
    days = draw(st.none() | st.frozensets(st.integers(1, 31), min_size=1, max_size=12))
    step = draw(st.none() | st.sampled_from([1, 2, 3, 5]))
    hours = frozenset(range(0, 24, step)) if step else draw(st.frozensets(st.integers(0, 23), min_size=1, max_size=9))

    def listed(numbers: frozenset[int] | None) -> str:
        return ",".join(map(str, sorted(numbers))) if numbers is not None else "*"

    hour_field = f"*/{step}" if step else listed(hours)
    day_names = ",".join(DAYS[day] for day in sorted(weekdays)) if weekdays is not None else "*"
    text = f"{listed(minutes)} {hour_field} {listed(days)} * {day_names}"
    return Cron(text, minutes, hours, days, weekdays, round_the_clock=step is not None)


@settings(max_examples=120, deadline=None)
@given(cron=crons(), change=st.sampled_from(CHANGES))
def test_around_a_change(cron: Cron, change: tuple[str, datetime]) -> None:
    """Any cron, around any change of the clocks, comes exactly when the clerk at the wall clock says."""
    zone, at = ZoneInfo(change[0]), change[1]
    since, until = at - timedelta(days=2), at + timedelta(days=2)
    assert oracle([cron], zone, since, until)[cron.text] == ticks(cron.text, zone, since, until)


@settings(max_examples=60, deadline=None)
@given(cron=crons(), change=st.sampled_from(CHANGES), minutes=st.integers(-1600, 1600))
def test_where_one_asks_from(cron: Cron, change: tuple[str, datetime], minutes: int) -> None:
    """Asking again from any moment goes on with the same ticks: none is lost and none comes twice."""
    zone, at = ZoneInfo(change[0]), change[1]
    middle, until = at + MINUTE * minutes, at + timedelta(days=3)
    whole = ticks(cron.text, zone, at - timedelta(days=3), until)
    later = Schedule().ticks(ScheduleOptions(cron=cron.text), middle, zone)
    assert [tick for tick in whole if tick > middle] == list(takewhile(lambda tick: tick < until, later))


def local_times(cron: str, zone: str, since: str, count: int) -> list[str]:
    found = Schedule().ticks(ScheduleOptions(cron=cron), datetime.fromisoformat(since), ZoneInfo(zone))
    return [f"{tick.astimezone(ZoneInfo(zone)):%d %H:%M %z}" for tick in islice(found, count)]


def test_named_hour_in_a_gap() -> None:
    """A named time that the clock jumps over comes later by the length of the jump, once."""
    expected = ["28 02:30 +0100", "29 03:30 +0200", "30 02:30 +0200"]
    assert expected == local_times("30 2 * * *", "Europe/Paris", "2026-03-27T12:00+00:00", 3)


def test_named_hour_that_repeats() -> None:
    """A named time that happens twice comes the first time only."""
    expected = ["25 02:30 +0200", "26 02:30 +0100"]
    assert expected == local_times("30 2 * * *", "Europe/Paris", "2026-10-24T12:00+00:00", 2)


def test_every_hour_that_repeats() -> None:
    """A schedule round the clock comes in both of two equal hours."""
    expected = ["25 01:00 +0200", "25 02:00 +0200", "25 02:00 +0100", "25 03:00 +0100"]
    assert expected == local_times("@hourly", "Europe/Paris", "2026-10-24T22:30+00:00", 4)


def test_skipped_day() -> None:
    """A day that a country skips is made up for on the next: Samoa had no 30 December 2011."""
    assert ["31 09:00 +1400"] == local_times("0 9 30 12 *", "Pacific/Apia", "2011-12-01T00:00+00:00", 1)


@pytest.mark.parametrize("month", [1, 6, 12])
def test_every_is_stable(month: int) -> None:
    """`every` counts from a fixed moment, wherever one begins to look, and in elapsed time."""
    zone, every = ZoneInfo("Europe/Paris"), timedelta(hours=7)
    after = datetime(2026, month, 5, 13, 37, tzinfo=UTC)
    found = list(islice(Schedule().ticks(ScheduleOptions(every=every), after, zone), 5))
    anchor = datetime(1969, 12, 31, 23, tzinfo=UTC)
    first = next(anchor + every * n for n in range(10**6) if anchor + every * n > after)
    assert [first + every * n for n in range(5)] == found


def test_at() -> None:
    """Single times come once each, in order, and only those that are still ahead."""
    options = ScheduleOptions.model_validate(
        {"at": ["2026-05-02T09:00", "2026-03-29T02:30", "2026-05-01T09:00", "2026-01-01T00:00", "2026-05-01T09:00"]}
    )
    found = list(Schedule().ticks(options, datetime(2026, 2, 1, tzinfo=UTC), ZoneInfo("Europe/Paris")))
    assert ["2026-03-29T01:30", "2026-05-01T07:00", "2026-05-02T07:00"] == [f"{tick:%Y-%m-%dT%H:%M}" for tick in found]


def test_leap_day() -> None:
    """A day that comes every four years is found."""
    found: Iterator[datetime] = Schedule().ticks(
        ScheduleOptions(cron="0 0 29 2 *"), datetime(2096, 3, 1, tzinfo=UTC), UTC_ZONE
    )
    assert datetime(2104, 2, 29, tzinfo=UTC) == next(found)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "exactly one of cron, every and at; this one has none of them"),
        ({"cron": "@daily", "every": "1h"}, "this one has cron and every"),
        ({"cron": "0 0 31 2 *"}, "never comes: no year has such a day"),
        ({"cron": "0 9 31 4,6,9,11 *"}, "never comes"),
        ({"cron": "0 9 * *"}, "has 4 fields, not five"),
        ({"cron": "0 0 9 * * *"}, "has 6 fields, not five"),
        ({"cron": ""}, "has 0 fields, not five"),
        ({"cron": "61 * * * *"}, "out of range or misspelt"),
        ({"cron": "R 9 * * *"}, "has 'R'"),
        ({"cron": "0 9 * * MONDAY"}, "has 'MONDAY'"),
        ({"cron": "0 9 15W * *"}, "has 'W'"),
        ({"cron": "@reboot"}, "not a nickname"),
        ({"every": "30s"}, "30s is too often; the shortest is 1m"),
        ({"at": []}, "at least 1 item"),
        ({"at": "tomorrow"}, "'tomorrow' is not a date with a time"),
        ({"at": "2026-05-01T09:00+02:00"}, "names an offset"),
        ({"every": "1h", "misfire": "some"}, "'skip', 'latest' or 'all'"),
    ],
)
def test_refused(options: dict[str, object], sentence: str) -> None:
    """What can never be, or is said twice, is refused with a sentence."""
    with pytest.raises(ValidationError) as refusal:
        ScheduleOptions.model_validate(options)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("given", [{"cron": "@daily"}, {"every": "90m"}, {"at": "2026-05-01T09:00", "misfire": "all"}])
def test_options_survive_storage(given: dict[str, object]) -> None:
    """Options that were written to the store and read again are the same."""
    options = ScheduleOptions.model_validate(given)
    stored = options.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert options == ScheduleOptions.model_validate(stored)
