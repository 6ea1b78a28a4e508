"""The score of a creator: percentiles among those of the same network and size, weighted, with what is missing.

    score = sum(weight × percentile of each component that is known) / sum(weights of those)

A component that is not known is left out and named, and its weight with it; below a coverage of 60 % of all weights
there is no score. Practice of Modash's and HypeAuditor's published scores, and the usual tiers, read 2026-11-24. The
interval is a bootstrap of 90 %: the peers, and the creator's own posts, drawn again and again.
"""

from __future__ import annotations

import math
import random
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from antiphon import InputError
from antiphon_outreach.measures import Measured

TIERS = (("nano", 1_000), ("micro", 10_000), ("mid", 100_000), ("macro", 500_000), ("mega", 1_000_000))
"""The tiers with the number of followers from which on they begin; who has fewer than the first is `small`."""

DRAWS = 200
"""How often the interval is drawn."""

_Weight = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Weights(_Part):
    """What each component counts; 0 leaves it out."""

    engagement: _Weight = 25
    view_to_follower: _Weight = 10
    growth_stability: _Weight = 10
    authenticity: _Weight = 20
    relevance: _Weight = 15
    audience_fit: _Weight = 10
    safety: _Weight = 5
    past: _Weight = 5


class Brief(_Part):
    """What a campaign is about: words that fit it, and words that do not go with it."""

    words: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()


class Rules(_Part):
    """How creators are scored. `coverage` is the share of all weights that must be known."""

    coverage: float = Field(default=0.6, ge=0.6, le=1)
    peers: int = Field(default=5, ge=3)
    weights: Weights = Weights()
    brief: Brief = Brief()

    @classmethod
    def read(cls, content: bytes) -> Rules:
        """The rules of a file such as outreach.toml. Raises InputError with every key that is wrong."""
        try:
            rules = cls.model_validate(tomllib.loads(content.decode("utf-8-sig")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"The rules are not TOML: {error}.") from error
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise InputError(f"The rules say something that cannot be: {told}.") from error
        if not any(rules.weights.model_dump().values()):
            raise InputError("The rules weigh nothing.", hint="Give one of `weights` a number above 0.")
        return rules


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a score: its value, and its percentile (0 to 100) among so many peers; None where there is none."""

    name: str
    weight: float
    value: float | None
    percentile: float | None
    because: str


@dataclass(frozen=True, slots=True)
class Score:
    """A score, 0 to 100, with its interval; `total` is None where too little is known, and `because` says so."""

    tier: str
    peers: int
    components: Sequence[Component]
    coverage: float
    total: float | None
    low: float | None
    high: float | None
    because: str

    @property
    def missing(self) -> Sequence[str]:
        """The components that are not known, each with why."""
        return [f"{one.name}: {one.because}" for one in self.components if one.percentile is None]


def tier_of(followers: int) -> str:
    """The tier of an account by its followers."""
    return next((name for name, least in reversed(TIERS) if followers >= least), "small")


def percentile(value: float, among: Sequence[float]) -> float:
    """Which share of sorted values, in per cent, is below a value; those that are equal count half."""
    below, upto = bisect_left(among, value), bisect_right(among, value)
    return 100 * (below + (upto - below) / 2) / len(among)


def score(creator: Measured, everybody: Sequence[Measured], rules: Rules) -> Score:
    """The score of a creator among everybody, themselves included."""
    weights = {name: weight for name, weight in rules.weights.model_dump().items() if weight}
    if creator.followers is None:
        nothing = [
            Component(name, weight, None, None, "the number of followers is not known")
            for name, weight in weights.items()
        ]
        return Score("", 0, nothing, 0, None, None, None, "no score: the number of followers is not known")
    tier = tier_of(creator.followers)
    peers = [
        one
        for one in everybody
        if one.network == creator.network and one.followers is not None and tier_of(one.followers) == tier
    ]
    known = {name: sorted(one.values[name] for one in peers if name in one.values) for name in weights}
    components = [_component(name, weight, creator, known[name], rules.peers) for name, weight in weights.items()]
    told = [one for one in components if one.percentile is not None]
    coverage = sum(one.weight for one in told) / sum(weights.values())
    where = f"{tier} on {creator.network}, {len(peers)} to compare with"
    if coverage < rules.coverage:
        because = f"no score: {coverage:.0%} of the weights are known, and {rules.coverage:.0%} are needed ({where})"
        return Score(tier, len(peers), components, coverage, None, None, None, because)
    total = _weighted([(one.weight, one.percentile or 0.0) for one in told])
    low, high = _interval(creator, told, known)
    return Score(tier, len(peers), components, coverage, total, min(low, total), max(high, total), where)


def _component(name: str, weight: float, creator: Measured, among: Sequence[float], least: int) -> Component:
    value = creator.values.get(name)
    if value is None:
        return Component(name, weight, None, None, creator.missing.get(name, "not known"))
    if len(among) < least:
        return Component(
            name, weight, value, None, f"{len(among)} of the same size to compare with, {least} are needed"
        )
    return Component(name, weight, value, percentile(value, among), creator.told.get(name, ""))


def _interval(
    creator: Measured, told: Sequence[Component], known: Mapping[str, Sequence[float]]
) -> tuple[float, float]:
    draw = random.Random(creator.id)  # noqa: S311 -- it guards nothing, and the same creator gets the same interval
    totals = []
    for _ in range(DRAWS):
        parts = []
        for one in told:
            among = sorted(draw.choices(known[one.name], k=len(known[one.name])))
            value = one.value or 0.0
            if one.name == "engagement" and creator.rates:
                value = median(draw.choices(creator.rates, k=len(creator.rates)))
            parts.append((one.weight, percentile(value, among)))
        totals.append(_weighted(parts))
    totals.sort()
    return totals[math.floor(0.05 * DRAWS)], totals[math.ceil(0.95 * DRAWS) - 1]


def _weighted(parts: Sequence[tuple[float, float]]) -> float:
    return sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)


def shown(found: Score) -> dict[str, Any]:
    """A score for a machine: everything that it was made of."""
    parts = [
        {
            "name": one.name,
            "weight": one.weight,
            "value": one.value,
            "percentile": one.percentile,
            "because": one.because,
        }
        for one in found.components
    ]
    told = {"total": found.total, "low": found.low, "high": found.high, "coverage": found.coverage}
    rounded = {name: None if value is None else round(value, 3) for name, value in told.items()}
    return {
        **rounded,
        "tier": found.tier,
        "peers": found.peers,
        "because": found.because,
        "components": parts,
        "missing": list(found.missing),
    }
