"""The table of the clock changes: every tick of two years in four zones, against croniter and zoneinfo themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter

from antiphon.builtins.schedule import Schedule, ScheduleOptions

YEARS = {"Europe/Paris": 2025, "America/New_York": 2025, "Australia/Lord_Howe": 2025, "Pacific/Apia": 2011}
"""The first of two years in each zone. Lord Howe moves its clocks by half an hour; Apia has left out a whole day."""

ZONES = tuple(YEARS)
NAMED = (
    "30 2 * * *",
    "0 2 * * *",
    "15 1,2,3 * * SUN",
    "30 9 * * MON-FRI",
    "0 9 L * *",
    "0 8 * * L5",
    "0 0 1 */3 *",
    "59 23 31 12 *",
)
ROUND_THE_CLOCK = [
    *((cron, zone) for cron in ("0 * * * *", "30 */2 * * *") for zone in ZONES),
    ("*/15 * * * *", "Australia/Lord_Howe"),
]


def years(zone: str) -> tuple[datetime, datetime]:
    """The beginning and the end of a zone's two years, by its own clock."""
    return datetime(YEARS[zone], 1, 1), datetime(YEARS[zone] + 2, 1, 1)


def ours(zone: str, **options: object) -> list[datetime]:
    """The ticks of a schedule in these years."""
    here = ZoneInfo(zone)
    begin, end = (local.replace(tzinfo=here).astimezone(UTC) for local in years(zone))
    found = Schedule().ticks(ScheduleOptions.model_validate(options), begin - timedelta(microseconds=1), here)
    return list(takewhile(lambda tick: tick < end, found))


@cache
def written(cron: str, since: datetime, until: datetime) -> list[datetime]:
    """The local times that croniter reads in a cron, on a calendar without any change."""
    times = croniter(cron, since - timedelta(seconds=1), ret_type=datetime)
    return list(takewhile(lambda local: local < until, iter(times.get_next, None)))


def happens(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """When zoneinfo says that a local time happens: never (moved by the length of the jump then), once or twice."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    there = [moment for moment in (first, second) if moment.astimezone(zone).replace(tzinfo=None) == local]
    if there:
        return sorted(set(there))
    before = (local - timedelta(days=1)).replace(tzinfo=zone).utcoffset()
    assert before is not None
    return [(local - before).replace(tzinfo=UTC)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("cron", NAMED)
def test_named_hours(cron: str, zone: str) -> None:
    """A cron that names its hours comes once for every local time it names: moved over a jump, the first of two."""
    expected = {happens(local, ZoneInfo(zone))[0] for local in written(cron, *years(zone))}

    assert sorted(expected) == ours(zone, cron=cron)


@pytest.mark.parametrize(("cron", "zone"), ROUND_THE_CLOCK)
def test_round_the_clock(cron: str, zone: str) -> None:
    """A cron that goes round the clock comes at both of two equal times, and never twice at one moment."""
    expected = {moment for local in written(cron, *years(zone)) for moment in happens(local, ZoneInfo(zone))}

    assert sorted(expected) == ours(zone, cron=cron)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("cron", NAMED)
def test_as_croniter_in_the_zone(cron: str, zone: str) -> None:
    """On every day on which the clocks are not changed, croniter itself gives the same ticks in the zone."""
    here = ZoneInfo(zone)
    since, until = years(zone)
    times = croniter(cron, (since - timedelta(seconds=1)).replace(tzinfo=here), ret_type=datetime)
    found = takewhile(lambda tick: tick.replace(tzinfo=None) < until, iter(times.get_next, None))

    theirs = [tick.astimezone(UTC) for tick in found if not changes_on(tick, here)]

    assert theirs == [tick for tick in ours(zone, cron=cron) if not changes_on(tick, here)]
    assert theirs


def changes_on(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of a zone are changed on the local day of a moment, or on one beside it."""
    day = moment.astimezone(zone).replace(hour=12, minute=0, tzinfo=None)
    around = [(day + timedelta(days=shift)).replace(tzinfo=zone).utcoffset() for shift in (-1, 0, 1)]
    return len(set(around)) > 1


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("every", "length"), [("7h", timedelta(hours=7)), ("1d", timedelta(days=1))])
def test_every(every: str, length: timedelta, zone: str) -> None:
    """`every` counts elapsed time from local midnight of 1 January 1970: the clocks do not matter to it."""
    here = ZoneInfo(zone)
    begin, end = (local.replace(tzinfo=here).astimezone(UTC) for local in years(zone))
    tick = datetime(1970, 1, 1, tzinfo=here).astimezone(UTC)
    expected = []
    while tick < end:
        if tick >= begin:
            expected.append(tick)
        tick += length

    assert expected == ours(zone, every=every)


@pytest.mark.parametrize("zone", ZONES)
def test_at(zone: str) -> None:
    """Single times, one every half hour of every day on which the clocks change, come once each."""
    times = [day + timedelta(minutes=30 * half) for day in changes(zone) for half in range(48)]

    expected = sorted({happens(local, ZoneInfo(zone))[0] for local in times})

    assert expected == ours(zone, at=[local.isoformat() for local in times])


def changes(zone: str) -> list[datetime]:
    """The local days on which the clocks of a zone are changed."""
    (since, until), here = years(zone), ZoneInfo(zone)
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return [
        day
        for day, following in pairwise(days)
        if day.replace(tzinfo=here).utcoffset() != following.replace(tzinfo=here).utcoffset()
    ]


def test_the_table_has_changes() -> None:
    """Three of the zones change their clocks four times in their years; Apia twice a year, and once by a whole day."""
    assert [4, 4, 4, 5] == [len(changes(zone)) for zone in ZONES]
