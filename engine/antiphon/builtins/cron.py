"""Cron expressions: five fields read as local times, with the mistakes that authors make said in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter

from antiphon.builtins.local_time import earliest_local, instants

_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_WORDS = re.compile("mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|l")
_LONGEST_PAUSE = 40
"""Years without a match after which a cron is taken never to match: a given weekday on 29 February may take 40."""
_SOME_DAY = datetime(2000, 1, 1)  # noqa: DTZ001  a local time


def fields(cron: str) -> str:
    """The five fields of an expression, nicknames unfolded.

    Raises:
        ValueError: with a sentence for the author, also when no time ever matches.
    """
    text = " ".join(cron.lower().split())
    text = _NICKNAMES.get(text, text)
    if text.startswith("@"):
        raise ValueError(f"{cron!r} is not a nickname of a cron; there are {', '.join(_NICKNAMES)}")
    if (count := len(text.split())) != 5:
        raise ValueError(f"the cron {cron!r} has {count} fields, not five: minute, hour, day, month, weekday")
    # Random (R), hashed (H) and nearest-weekday (W) fields would be read in ways of croniter's own.
    if unknown := next((word for word in re.findall("[a-z]+", text) if not _WORDS.fullmatch(word)), ""):
        raise ValueError(f"the cron {cron!r} has {unknown.upper()!r}; names are MON to SUN and JAN to DEC")
    try:
        croniter.expand(text)
    except ValueError as error:
        raise ValueError(f"the cron {cron!r} is out of range or misspelt: {error}") from error
    if next(_local_times(text, _SOME_DAY), None) is None:
        raise ValueError(f"the cron {cron!r} never comes: no year has such a day")
    return text


def goes_round_the_clock(cron: str) -> bool:
    """Whether the hours are counted (`*`, `*/2`, all of 0 to 23) and not named."""
    text = fields(cron)
    return "*" in text.split()[1] or croniter.expand(text)[0][1] == ["*"]


def ticks(cron: str, after: datetime, timezone: ZoneInfo) -> Iterator[datetime]:
    """The instants (UTC) later than `after` at which the cron comes."""
    local_times = _local_times(fields(cron), earliest_local(after, timezone))
    for tick in instants(local_times, timezone, both=goes_round_the_clock(cron)):
        if tick > after:
            yield tick


def _local_times(text: str, after: datetime) -> Iterator[datetime]:
    # Croniter counts plain calendar time here; what the local clock makes of it is ours.
    times = croniter(text, after, ret_type=datetime, max_years_between_matches=_LONGEST_PAUSE)
    try:
        while True:
            yield times.get_next()
    except (ValueError, OverflowError):  # no further match within the longest pause, or within the calendar
        return
