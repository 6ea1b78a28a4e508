"""Slots: at which times of the week something of a queue may go out, as `slots.toml` says.

    tz = "Europe/Paris"

    [queues.brand]
    mon = ["09:00", "17:30"]
    thu = ["12:15"]

    [queues.evergreen]
    connection = "brand"
    sun = ["10:00"]

Times are read on the clock on the wall. One that the clock jumps over comes later by the length of the jump, one that
it shows twice is the first, and two that come to one moment are one slot.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationError

from antiphon import Attachment, Files, GiveUp, Options, describe, short

FILE = "slots.toml"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _time(text: str) -> str:
    try:
        if len(text) == 5:
            return f"{time.fromisoformat(text):%H:%M}"
    except ValueError:
        pass
    raise ValueError(f"{short(text)!r} is not a time of day; write it as 09:00")


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{short(name)!r} is not a time zone; write a name such as Europe/Paris") from None


Times = tuple[Annotated[str, AfterValidator(_time)], ...]
Zone = Annotated[str, AfterValidator(_zone)]


class Queue(Options):
    """One queue: its times by the days of the week, and whose account it fills."""

    connection: str = Field("", description="The account that it fills; two queues of one never share a moment.")
    tz: Zone | None = Field(None, description="Its time zone, if it has another one than the file.")
    mon: Times = ()
    tue: Times = ()
    wed: Times = ()
    thu: Times = ()
    fri: Times = ()
    sat: Times = ()
    sun: Times = ()

    def week(self) -> Mapping[str, tuple[str, ...]]:
        """The times of each day that has any."""
        return {day: times for day in DAYS if (times := getattr(self, day))}


class Slots(Options):
    """All queues of a workspace by name."""

    tz: Zone = Field(description="In which time zone the times are read.")
    queues: Mapping[str, Queue]

    @classmethod
    def read(cls, content: bytes) -> Slots:
        """What a file says. Raises GiveUp with what is wrong with it."""
        try:
            return cls.model_validate(tomllib.loads(content.decode()))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise GiveUp(f"{FILE} is not TOML: {error}.", hint="Mend that line.") from error
        except ValidationError as error:
            raise GiveUp(f"{FILE}: {describe(error)}.", hint="See docs/publishing.md.") from error

    @classmethod
    def of(cls, files: Files) -> Slots:
        """Those of a workspace. Raises GiveUp when it has none."""
        return cls.read(files.load(files.look(Attachment(file=FILE))).content)

    def queue(self, name: str) -> Queue:
        """One queue, with its time zone. Raises GiveUp when there is none of that name, or it has no times."""
        found = self.queues.get(name)
        if found is None:
            known = ", ".join(sorted(self.queues)) or "none"
            raise GiveUp(f"There is no queue `{short(name)}` in {FILE}.", hint=f"The queues are: {known}.")
        if not found.week():
            raise GiveUp(f"The queue `{name}` has no times.", hint=f'Give it some in {FILE}, such as mon = ["09:00"].')
        return found.model_copy(update={"tz": found.tz or self.tz})


def moments(week: Mapping[str, tuple[str, ...]], timezone: ZoneInfo, after: datetime, days: int) -> Iterator[datetime]:
    """The moments (UTC, ascending, each once) of weekly times after one moment, within so many days."""
    day = after.astimezone(timezone).date()
    for n in range(days + 1):
        yield from (at for at in _of_day(week, timezone, day + timedelta(days=n)) if at > after)


def _of_day(week: Mapping[str, tuple[str, ...]], timezone: ZoneInfo, day: date) -> list[datetime]:
    # A fold of 0 is the offset before a change of the clocks (PEP 495): the first of two, and the shift over a jump.
    times = (time.fromisoformat(one) for one in week.get(DAYS[day.weekday()], ()))
    return sorted({datetime.combine(day, one, timezone).astimezone(UTC) for one in times})
