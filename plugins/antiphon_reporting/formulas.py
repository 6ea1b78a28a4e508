"""Formulas: by which numbers are made of what networks tell, as dated data, each with an id that a number can name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from antiphon import InputError, Ratio

ACCOUNT = "account."
"""What stands before a metric of the account that a post is of."""

INTERVALS = {
    "pooled": "95 %, of a ratio of sums by the delta method, Student’s t (Cochran 1977, 6.3)",
    "mean": "95 %, of a mean over subjects, Student’s t",
    "balance": "95 %, Wilson (1927) of the share that is positive; with a rest, normal of the multinomial",
    "change": "none: a count of all, and no sample",
}
"""How the interval of each shape is made."""


class Formula(BaseModel):
    """One formula. `over`, `under` and `rest` are sums of metrics; of whatever lacks one of them there is no value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int = Field(ge=1)
    en: str
    fr: str
    of: Literal["post", "account", "ad"]
    shape: Literal["pooled", "mean", "balance", "change"]
    over: tuple[str, ...] = Field(min_length=1)
    under: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    times: float = 1
    unit: str = ""
    least: int = Field(ge=1)
    source: str
    checked_on: date

    @property
    def name(self) -> str:
        """The id with the version: what a number says it was made by."""
        return f"{self.id}@{self.version}"

    @property
    def ratio(self) -> Ratio:
        """What is counted against what."""
        return Ratio(self.over, self.under)

    def called(self, language: str) -> str:
        """What people call it."""
        return self.fr if language == "fr" else self.en

    @property
    def inputs(self) -> tuple[str, ...]:
        """All metrics that are needed."""
        return tuple(dict.fromkeys((*self.over, *self.under, *self.rest)))

    @property
    def expression(self) -> str:
        """The formula as one would write it."""
        over, under = _added(self.over), _added(self.under)
        match self.shape:
            case "pooled":
                told = f"Σ {over} / Σ {under}"
            case "mean":
                told = f"mean of {over} / {under}"
            case "balance":
                whole = " + ".join((*self.over, *self.under, *self.rest))
                told = f"({over} - {under}) / ({whole})"
            case "change":
                told = f"({over} at the end - {over} at the beginning) / {over} at the beginning"
        return told if self.times == 1 else f"{told} × {self.times:g}"

    @property
    def interval(self) -> str:
        """How the interval is made."""
        return INTERVALS[self.shape]


@cache
def formulas() -> Mapping[str, Formula]:
    """All formulas by their ids."""
    tables = tomllib.loads(files("antiphon_reporting").joinpath("formulas.toml").read_text("utf-8"))
    return {id: Formula(id=id, **table) for id, table in tables.items()}


def formula(id: str) -> Formula:
    """One formula. Raises InputError when there is none of that id."""
    if found := formulas().get(id):
        return found
    raise InputError(f"There is no formula {id!r}.", hint=f"They are {', '.join(formulas())}.")


def _added(names: tuple[str, ...]) -> str:
    shown = [name.removeprefix(ACCOUNT) for name in names]
    return shown[0] if len(shown) == 1 else f"({' + '.join(shown)})"
