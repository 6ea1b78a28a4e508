"""The trigger of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, NaiveDatetime, field_validator, model_validator

from antiphon.builtins import cron
from antiphon.builtins.local_time import instant, instants
from antiphon.components.component import Options
from antiphon.components.trigger import Trigger
from antiphon.model.duration import Duration, format_duration

SHORTEST = timedelta(minutes=1)
"""How often a schedule may wake a workflow at most."""

LONGEST_JITTER = timedelta(days=1)
"""How long after its time a run may begin by chance at most."""


def _local(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is not a date with a time; write it as 2026-05-01T09:00") from error
    if found.tzinfo is not None:
        raise ValueError(f"{value!r} names an offset; write the local time alone, the workflow's `tz` says where")
    return found


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


LocalTimes = Annotated[
    tuple[Annotated[NaiveDatetime, BeforeValidator(_local)], ...], BeforeValidator(_as_list), Field(min_length=1)
]


class ScheduleOptions(Options):
    """Exactly one of `cron`, `every` and `at`."""

    cron: str = Field("", description="Minute, hour, day, month, weekday; names such as MON, or @daily and the like.")
    every: Duration | None = Field(
        None, description="A length of time, at least 1m, counted from local midnight of 1 January 1970."
    )
    at: LocalTimes | None = Field(None, description="One local time or several, such as 2026-05-01T09:00.")
    misfire: Literal["skip", "latest", "all"] = Field(
        "skip", description="Which of the times that were missed are made up for: none, the latest, or all."
    )
    max_late: Duration = Field(timedelta(minutes=15), description="How late a time is not missed yet.")
    jitter: Duration = Field(
        timedelta(0),
        le=LONGEST_JITTER,
        description="Begin at a chance moment within so long after the time, at most 1d.",
    )

    @field_validator("cron")
    @classmethod
    def _comes(cls, value: str) -> str:
        cron.fields(value)
        return value

    @field_validator("every")
    @classmethod
    def _is_not_too_often(cls, value: timedelta | None) -> timedelta | None:
        if value is not None and value < SHORTEST:
            raise ValueError(f"{format_duration(value)} is too often; the shortest is {format_duration(SHORTEST)}")
        return value

    @model_validator(mode="after")
    def _says_when(self) -> ScheduleOptions:
        given = [name for name in ("cron", "every", "at") if getattr(self, name)]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise ValueError(f"a schedule has exactly one of cron, every and at; this one has {found}")
        if self.every and self.jitter >= self.every:
            raise ValueError("`jitter` is as long as `every`: the times would overtake one another")
        return self


class Schedule(Trigger):
    """Wakes the workflow at times of the clock, each exactly once when the clocks change.

        schedule: {cron: "0 9 * * TUE", misfire: skip, max_late: 30m}

    A cron that names its hours comes once for every local time it names: a time that the clock jumps over is moved by
    the length of the jump, a time that happens twice is answered the first time. A cron whose hours are `*`, `*/n` or
    all 24 goes with the elapsed time: it comes in both of two equal hours. `every` counts elapsed time too, so `1d`
    comes an hour later by the clock in summer; write a cron for a time of day.
    """

    name = "schedule"
    Options = ScheduleOptions

    def ticks(self, options: ScheduleOptions, after: datetime, timezone: ZoneInfo) -> Iterator[datetime]:
        """The instants of the schedule; an `at` that is past gives none."""
        if options.cron:
            return cron.ticks(options.cron, after, timezone)
        if options.every:
            return _multiples(options.every, after, timezone)
        times = instants(sorted(options.at or ()), timezone, both=False)
        return (tick for tick in times if tick > after)

    def spread(self, options: ScheduleOptions) -> timedelta:
        """The `jitter`; `misfire` and `max_late` judge the time itself."""
        return options.jitter

    def passes_over(self, options: ScheduleOptions, due: datetime, now: datetime, timezone: ZoneInfo) -> str:
        """A time that was missed by more than `max_late` is answered only as `misfire` asks."""
        late = now - due
        if late <= options.max_late or options.misfire == "all":
            return ""
        if options.misfire == "latest" and next(self.ticks(options, due, timezone), now + late) > now:
            return ""
        allowed = format_duration(options.max_late)
        return (
            f"it was due {format_duration(timedelta(seconds=late // timedelta(seconds=1)))} ago, {allowed} is allowed"
        )


def _multiples(every: timedelta, after: datetime, timezone: ZoneInfo) -> Iterator[datetime]:
    anchor = instant(datetime(1970, 1, 1), timezone)  # noqa: DTZ001  a local time
    count = (after - anchor) // every
    while True:
        count += 1
        yield (anchor + count * every).astimezone(UTC)
