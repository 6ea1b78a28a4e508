"""Hours: an effect goes out when the clock of whom it reaches says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from antiphon.model.effect import Effect
from antiphon.model.policy import DAYS, Hours
from antiphon.model.ruling import Ruling, Way
from antiphon.runtime.policy.asking import Asking
from antiphon.runtime.policy.calendar import at

NAME = "hours"
_FAR = 9
"""Days: whatever the days and hours are, one of them begins within eight."""


def rulings(effect: Effect, asking: Asking) -> Iterator[Ruling]:
    """One for the hours of the step, and for every rule of the workspace that concerns the effect."""
    asked: list[Hours] = [effect.terms.hours] if effect.terms.hours else []
    asked += [rule for rule in asking.settings.hours if rule.concerns(effect.action, effect.connection)]
    for hours in asked:
        for zone in _zones(hours, effect, asking):
            yield _ruling(hours, zone, asking.now)


def opening(hours: Hours, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When it may go out next; None when it may now. Over a change of the clocks, the clock on the wall counts."""
    begin, end = hours.between
    over_midnight = end <= begin
    today = now.astimezone(zone).date()
    later: list[datetime] = []
    for offset in range(-1, _FAR):
        day = today + timedelta(days=offset)
        if DAYS[day.weekday()] not in hours.days:
            continue
        opens, closes = at(day, begin, zone), at(day + timedelta(days=int(over_midnight)), end, zone)
        if opens <= now < closes:
            return None
        if now < opens < closes:  # a short window may fall whole into the hour that the clocks leave out
            later.append(opens)
    return min(later)


def _ruling(hours: Hours, zone: ZoneInfo, now: datetime) -> Ruling:
    until = opening(hours, zone, now)
    window = f"{hours.between[0]} to {hours.between[1]}"
    days = "" if hours.days == DAYS else f", {' '.join(hours.days)}"
    clock = f"it is {now.astimezone(zone):%a %H:%M} in {zone.key}, and the hours are {window}{days}"
    if until is None:
        return Ruling(rule=NAME, verdict=Way.PASS, because=clock)
    if hours.otherwise == "skip":
        return Ruling(rule=NAME, verdict=Way.SKIP, because=clock)
    return Ruling(rule=NAME, verdict=Way.HOLD, because=clock, until=until)


def _zones(hours: Hours, effect: Effect, asking: Asking) -> list[ZoneInfo]:
    """Whose clocks count: those of all whom it reaches, as far as they are known; else the workspace's."""
    if hours.tz not in ("subject", "workspace"):
        return [ZoneInfo(hours.tz)]
    known = {person.timezone for person in asking.people(effect)} if hours.tz == "subject" else set()
    found = [zone for name in sorted(known) if (zone := _zone(name)) is not None]
    return found or [asking.timezone]


def _zone(name: str) -> ZoneInfo | None:
    """A time zone that a network told us of, if there is one of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
