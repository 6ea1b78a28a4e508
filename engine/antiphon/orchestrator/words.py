"""When a trigger wakes its workflow, in words for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from antiphon.model.duration import format_duration, parse_duration

_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def schedule_in_words(options: Mapping[str, Any], timezone: str) -> str:
    """A schedule's options as a sentence, such as `Every Tuesday at 09:00 (Europe/Paris).`"""
    if cron := options.get("cron"):
        return f"{cron_in_words(str(cron))} ({timezone})."
    if every := options.get("every"):
        return f"Every {format_duration(parse_duration(every))} ({timezone})."
    times = options.get("at") or ()
    return f"On {_list([str(time).replace('T', ' ') for time in times])} ({timezone})."


def cron_in_words(cron: str) -> str:
    """The words for five fields; fields that no common phrase fits are quoted as they stand."""
    minute, hour, day, month, weekday = _NICKNAMES.get(cron.lower(), cron).split()
    days = _days(day, month, weekday)
    if minute.isdigit() and all(part.isdigit() for part in hour.split(",")):
        times = [f"{int(part):02}:{int(minute):02}" for part in hour.split(",")]
        return f"{days or 'Every day'} at {_list(times)}"
    return f"{_often(minute, hour)}{', ' + days[0].lower() + days[1:] if days else ''}"


def _often(minute: str, hour: str) -> str:
    hours = "" if hour == "*" else f", in the hours {hour}"
    if minute == "*":
        return f"Every minute{hours}"
    if minute.startswith("*/"):
        return f"Every {minute[2:]} minutes{hours}"
    if hour == "*" and minute.isdigit():
        return f"Every hour at {int(minute)} minutes past" if int(minute) else "Every hour"
    return f"At minute {minute}{hours or ' of every hour'}"


def _days(day: str, month: str, weekday: str) -> str:
    parts = []
    if weekday != "*":
        parts.append(f"Every {_named(weekday, _DAYS, 'weekday')}")
    if day != "*":
        parts.append(f"{'or on' if parts else 'On'} day {day} of the month")
    if month != "*":
        parts.append(f"in {_named(month, _MONTHS, 'month')}" if parts else f"Every day in {_named(month, _MONTHS, '')}")
    return " ".join(parts)


def _named(field: str, names: Sequence[str], kind: str) -> str:
    words = []
    for part in field.split(","):
        ends = [_name(end, names) for end in part.split("-")]
        if not all(ends) or len(ends) > 2:
            return f"{kind} {field}".strip()
        words.append(" to ".join(ends))
    return _list(words)


def _name(word: str, names: Sequence[str]) -> str:
    if word.isdigit():
        # Seven is Sunday again.
        number = int(word) % 7 if len(names) == 7 else int(word)
        return names[number] if number < len(names) else ""
    return next((name for name in names if name and name[:3].lower() == word.lower()), "")


def _list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
