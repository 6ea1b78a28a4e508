"""The score of a lead: how well they fit and how much they engage, each point with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from antiphon import Duration, InputError

FILE = "leads.toml"
"""The file of a workspace that says what counts."""

_Points = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fit(_Part):
    """Points for a fact that is one of some values, compared in small letters."""

    fact: str = Field(min_length=1)
    among: tuple[str, ...] = Field(alias="in", min_length=1)
    points: _Points


class Engagement(_Part):
    """Points for each signal of a type, at most `cap` for all of them; half of them are left after `half_life`."""

    points: _Points
    cap: float = Field(gt=0, le=1000)
    half_life: Duration | None = None


class Rules(_Part):
    """What counts, and how fast it fades."""

    half_life: Duration = Field(default="14d", validate_default=True)
    fit_cap: float = Field(default=100, gt=0, le=1000)
    fit: tuple[Fit, ...] = ()
    engagement: Mapping[str, Engagement] = {}

    @classmethod
    def read(cls, content: bytes) -> Rules:
        """The rules in leads.toml.

        Raises:
            InputError: with every key that is wrong.
        """
        try:
            rules = cls.model_validate(tomllib.loads(content.decode("utf-8-sig")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{FILE} is not TOML: {error}.") from error
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise InputError(f"{FILE} says something that cannot be: {told}.") from error
        if any(length is not None and length <= timedelta() for length in rules._lives()):
            raise InputError(f"A `half_life` in {FILE} is no time at all.", hint="Write one such as 14d.")
        return rules

    def _lives(self) -> Iterator[timedelta | None]:
        yield self.half_life
        yield from (one.half_life for one in self.engagement.values())


@dataclass(frozen=True, slots=True)
class Point:
    """Some points of one axis, `fit` or `engagement`, and why they are given or, being negative, taken."""

    axis: str
    points: float
    because: str


@dataclass(frozen=True, slots=True)
class Rated:
    """A score at a moment: the points of each axis, which add up to it, and both together."""

    points: Sequence[Point]

    def of(self, axis: str) -> float:
        """The sum of an axis, to a tenth."""
        return round(sum(one.points for one in self.points if one.axis == axis), 1)

    @property
    def total(self) -> float:
        """Both axes together."""
        return round(self.of("fit") + self.of("engagement"), 1)


def rate(lead: Mapping[str, Any], rules: Rules, at: datetime) -> Rated:
    """The score at a moment: what came later does not count yet."""
    return Rated([*_fit(lead, rules), *_engagement(lead, rules, at)])


def crossing(lead: Mapping[str, Any], rules: Rules, threshold: float, at: datetime) -> str:
    """The signal that last took the score from below the threshold up to it, if it is there still; else empty.

    It is computed from the signals alone, so whoever asks, and however often, is told the same crossing.
    """
    if rate(lead, rules, at).total < threshold:
        return ""
    told = sorted((datetime.fromisoformat(one["at"]), key) for key, one in lead["signals"].items())
    heard = [(moment, key) for moment, key in told if moment <= at]
    for number in range(len(heard) - 1, -1, -1):
        moment, key = heard[number]
        before = {**lead, "signals": {name: lead["signals"][name] for _, name in heard[:number]}}
        if rate(before, rules, moment).total < threshold:
            return str(key)
    return "fit"


def _fit(lead: Mapping[str, Any], rules: Rules) -> Iterator[Point]:
    given = []
    for rule in rules.fit:
        value = str(lead["facts"].get(rule.fact, "")).strip().casefold()
        if value and value in {one.casefold() for one in rule.among}:
            given.append(Point("fit", rule.points, f"{rule.fact} is {value}"))
    yield from given
    yield from _cut("fit", sum(one.points for one in given), rules.fit_cap, "fit")


def _engagement(lead: Mapping[str, Any], rules: Rules, at: datetime) -> Iterator[Point]:
    sums: dict[str, float] = {}
    for signal in lead["signals"].values():
        kind, moment = signal["type"], datetime.fromisoformat(signal["at"])
        if (rule := rules.engagement.get(kind)) is None or moment > at:
            continue
        age, life = at - moment, rule.half_life or rules.half_life
        points = rule.points * 0.5 ** (age / life)
        sums[kind] = sums.get(kind, 0.0) + points
        days = age / timedelta(days=1)
        where = f", {signal['post']}" if signal["post"] else ""
        yield Point("engagement", points, f"{kind}, {rule.points:g} points {days:.1f} days ago{where}")
    for kind, reached in sums.items():
        yield from _cut("engagement", reached, rules.engagement[kind].cap, kind)


def _cut(axis: str, reached: float, cap: float, what: str) -> Iterator[Point]:
    """What goes beyond a cap is taken away in a line of its own, so that the lines add up."""
    if reached > cap:
        yield Point(axis, cap - reached, f"no more than {cap:g} for {what}")
