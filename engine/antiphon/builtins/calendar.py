"""The conditions of the calendar: the time of day, the day of the week, and holidays, as they are in a time zone."""

from __future__ import annotations

import datetime as moment
import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from antiphon.builtins.local_time import ZoneName, zone
from antiphon.components.component import Options
from antiphon.components.condition import Condition
from antiphon.components.context import ReadContext
from antiphon.model.run import Verdict

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS: Mapping[Weekday, str] = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def _time_of_day(value: Any) -> Any:
    if isinstance(value, moment.time):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"{value!r} is not a time of day; write it as 09:00, up to 23:59")
    return moment.time.fromisoformat(value)


TimeOfDay = Annotated[
    moment.time,
    BeforeValidator(_time_of_day),
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "examples": ["09:00"]}),
]


class ZonedOptions(Options):
    """What is asked of a local time."""

    tz: ZoneName | None = Field(None, description="A time zone such as Europe/Paris; else the workflow's own.")

    def here(self, ctx: ReadContext) -> moment.datetime:
        """The present moment there."""
        return ctx.clock.now().astimezone(zone(self.tz) if self.tz else ctx.here.timezone)


class TimeOptions(ZonedOptions):
    """Exactly one of `between`, `after` and `before`."""

    between: tuple[TimeOfDay, TimeOfDay] | None = Field(
        None, description="From the first until before the second; over midnight when the second is earlier."
    )
    after: TimeOfDay | None = Field(None, description="From this time until midnight.")
    before: TimeOfDay | None = Field(None, description="From midnight until before this time.")

    @model_validator(mode="after")
    def _is_one_window(self) -> TimeOptions:
        given = [name for name in ("between", "after", "before") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("`time` has exactly one of between, after and before")
        if self.between and self.between[0] == self.between[1]:
            raise ValueError("`between` begins when it ends; leave the condition out for the whole day")
        return self


class Time(Condition):
    """Holds at certain times of day.

        time: {between: ["09:00", "18:00"], tz: Europe/Paris}

    The first time belongs to the window and the last does not. A false answer declines the run; it does not hold it.
    """

    name = "time"
    Options = TimeOptions

    def judge(self, options: TimeOptions, ctx: ReadContext) -> Verdict:
        """The time there, and the window."""
        now = options.here(ctx)
        clock = now.time().replace(tzinfo=None)
        if options.between:
            begin, end = options.between
            holds = begin <= clock < end if begin < end else clock >= begin or clock < end
            window = f"between {begin:%H:%M} and {end:%H:%M}"
        elif options.after is not None:
            holds, window = clock >= options.after, f"after {options.after:%H:%M}"
        else:
            end = options.before or moment.time.max
            holds, window = clock < end, f"before {end:%H:%M}"
        return Verdict(holds=holds, because=f"it is {now:%H:%M} in {now.tzinfo}, {'' if holds else 'not '}{window}")


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


class WeekdayOptions(ZonedOptions):
    """Which days."""

    days: Annotated[tuple[Weekday, ...], BeforeValidator(_as_list), Field(min_length=1)] = Field(
        description="Days of the week: mon, tue, wed, thu, fri, sat, sun."
    )


class OnWeekday(Condition):
    """Holds on certain days of the week.

        weekday: [mon, tue, wed, thu, fri]

    Written with a time zone it is `weekday: {days: [sat, sun], tz: America/New_York}`.
    """

    name = "weekday"
    shorthand = "days"
    Options = WeekdayOptions

    def judge(self, options: WeekdayOptions, ctx: ReadContext) -> Verdict:
        """The day there, and the days asked for."""
        now = options.here(ctx)
        today = tuple(_DAYS)[now.weekday()]
        holds = today in options.days
        wanted = ", ".join(_DAYS[day] for day in options.days)
        because = f"it is {_DAYS[today]} in {now.tzinfo}, {'one' if holds else 'none'} of {wanted}"
        return Verdict(holds=holds, because=because)


@lru_cache(maxsize=64)
def _holidays(calendar: str) -> Mapping[moment.date, str]:
    """The public holidays of a country or a part of it: any year's, found when it is asked for.

    Raises:
        ValueError: with a sentence for the author.
    """
    import holidays  # costs a tenth of a second, and most workspaces never ask

    country, _, part = calendar.partition("-")
    try:
        # The names are English wherever it runs: else they would follow the machine's locale.
        found: Mapping[moment.date, str] = holidays.country_holidays(country, subdiv=part or None, language="en_US")
    except NotImplementedError as error:
        supported = holidays.list_supported_countries()
        known = [f"{country}-{each}" for each in supported[country]] if country in supported else list(supported)
        near = difflib.get_close_matches(calendar, known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "write a country such as FR, or a part such as US-NY"
        raise ValueError(f"there is no calendar of holidays {calendar!r}; {hint}") from error
    return found


def _known_calendar(value: str) -> str:
    _holidays(value.upper())
    return value.upper()


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return moment.date.fromisoformat(value) if len(value) <= 10 else moment.datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is not a date; write it as 2026-05-01") from error


class HolidayOptions(ZonedOptions):
    """Whose holidays, and which day."""

    calendar: Annotated[str, AfterValidator(_known_calendar)] = Field(
        description="A country (ISO 3166), such as FR, or a part of one, such as US-NY."
    )
    date: Annotated[moment.datetime | moment.date | None, BeforeValidator(_day)] = Field(
        None, description="The day, such as 2026-05-01, or a moment; else today."
    )


class Holiday(Condition):
    """Holds on public holidays.

        holiday: {calendar: FR}

    The usual question is the opposite: `not: {holiday: {calendar: FR}}`.
    """

    name = "holiday"
    Options = HolidayOptions

    def judge(self, options: HolidayOptions, ctx: ReadContext) -> Verdict:
        """The day, and its name if it is a holiday."""
        here = options.here(ctx)
        day = options.date or here
        if isinstance(day, moment.datetime):
            day = (day.astimezone(here.tzinfo) if day.tzinfo else day).date()
        found = _holidays(options.calendar).get(day)
        saying = f"{found}, a holiday" if found else "no holiday"
        return Verdict(holds=found is not None, because=f"{day.isoformat()} is {saying} in {options.calendar}")
