"""Measurements: numbers of the world outside, each with when it held, who said so, and when they were asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

SubjectKind = Literal["post", "account", "link", "ad", "creator"]
"""What can be measured. The account of a connection has the connection's name for its id."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is measured, as its connection knows it.

    `at` is when it came out, `effect` the key of the effect that made it: what an act came to is found by that.
    """

    kind: SubjectKind
    id: str
    connection: str
    network: str = ""
    url: str = ""
    title: str = ""
    at: datetime | None = None
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value of one metric of one subject, and the moment at which it held.

    `formula` is the id of the formula that gave it, empty for what was told and not computed. What was not told has no
    measurement: nothing stands for zero but a zero that somebody told.
    """

    kind: SubjectKind
    subject: str
    connection: str
    metric: str
    value: float
    at: datetime
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Fetch:
    """One asking of one source: `payload` is what it answered, as it answered.

    `renamed` has, for a name of the source's own that means another of ours, that other name.
    """

    source: str
    connection: str
    at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as it is kept: when it held, who said so, and when they were asked."""

    value: float
    at: datetime
    source: str
    fetched_at: datetime
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A subject with its values as they stood at a moment; a metric that was not told is not there.

    `fetched_at` is when the first of them was asked for.
    """

    subject: Subject
    values: Mapping[str, float]
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """What is counted against what: the sum of the metrics in `over` against that of those in `under`, or against the
    number of subjects. `account.NAME` in `under` is a metric of the connection's account: the last value before the
    subject came out, or else the first after."""

    over: tuple[str, ...]
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """What sums and rates over many subjects are made of: of `subjects`, `counted` have all that is needed.

    For each of those, x is what is counted and y what it is counted against: these are the sums of x, y, their squares
    and products, and those of x/y and its square. `missing` says of which metric how many subjects have none.
    `fetched_at` is when the first of their values was asked for, `part` which part of the cohort's time they are of.
    """

    connection: str
    network: str
    subjects: int
    counted: int
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0
    r: float = 0.0
    rr: float = 0.0
    missing: Mapping[str, int] = field(default_factory=dict)
    fetched_at: datetime | None = None
    part: int = 0
