"""How a language writes the frame of a report, its numbers and its dates."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.model.report import Cell, Measured, Report

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


@cache
def _catalogue() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("antiphon.report").joinpath("words.toml").read_text("utf-8"))


class Words:
    """One language in one time zone. A date of the year `year` is written without it in narrow places."""

    def __init__(self, language: str, timezone: str = "UTC", year: int = 0) -> None:
        self.language = language
        self.timezone = ZoneInfo(timezone)
        self.year = year
        self._words = _catalogue()[language]

    @classmethod
    def of(cls, report: Report) -> Words:
        """The words of a report's reader."""
        return cls(report.language, report.timezone, report.until.astimezone(ZoneInfo(report.timezone)).year)

    def __getitem__(self, key: str) -> str:
        return str(self._words[key])

    def cell(self, value: Cell) -> str:
        """A value as the reader writes it: an ISO 8601 date or moment as a date, None as nothing at all."""
        match value:
            case None:
                return ""
            case Measured():
                return self.cell(value.value)
            case str() if _MOMENT.fullmatch(value):
                return self._read(value, lambda: self.moment(datetime.fromisoformat(value)))
            case str() if _DATE.fullmatch(value):
                return self._read(value, lambda: self.date(date.fromisoformat(value), short=True))
            case str():
                return value
            case number:
                return self.number(number)

    def _read(self, value: str, shown: Callable[[], str]) -> str:
        try:
            return shown()
        except (ValueError, OverflowError):  # it only looked like a date
            return value

    def number(self, value: float) -> str:
        """At most two decimals, none at the end that say nothing; a value that is no number is empty."""
        if not math.isfinite(value):
            return ""
        whole, _, decimals = f"{abs(value):,.2f}".partition(".")
        decimals = decimals.rstrip("0")
        sign = "−" if value < 0 and (decimals or whole != "0") else ""
        return sign + whole.replace(",", self["thousands"]) + (self["decimal"] + decimals if decimals else "")

    def measure(self, value: Cell, unit: str = "") -> str:
        """A value with its unit; without one when there is no value."""
        shown = self.cell(value)
        if not shown or not unit:
            return shown
        return self["percent"].format(number=shown) if unit == "%" else self["unit"].format(number=shown, unit=unit)

    def date(self, day: date, *, short: bool = False) -> str:
        """`23 November 2026`; `23 Nov` when short and in the year that goes without saying."""
        names = self._words["short_months" if short else "months"]
        form = self["short_date" if short and day.year == self.year else "date"]
        number = self["first_of_month"] if day.day == 1 else str(day.day)
        return form.format(day=number, month=names[day.month - 1], year=day.year)

    def moment(self, moment: datetime, *, short: bool = True) -> str:
        """A date with hours and minutes, in the reader's time zone."""
        local = moment.astimezone(self.timezone)
        # Held together, so that no table tears it apart.
        return (
            self["moment"]
            .format(date=self.date(local.date(), short=short), time=f"{local:%H:%M}")
            .replace(" ", "\u00a0")
        )

    def period(self, since: datetime, until: datetime) -> str:
        """The first and the last day of a period, without saying a month or year twice."""
        start = since.astimezone(self.timezone).date()
        last = max(since, until.astimezone(UTC) - timedelta(microseconds=1))
        end = last.astimezone(self.timezone).date()
        if start == end:
            return self.date(end)
        if (start.year, start.month) == (end.year, end.month):
            first = self["first_of_month"] if start.day == 1 else str(start.day)
            return self["days"].format(start=first, end=self.date(end))
        first = self.date(start)
        if start.year == end.year:
            first = first.removesuffix(f" {start.year}")
        return self["span"].format(start=first, end=self.date(end))
