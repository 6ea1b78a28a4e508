"""Retention: how long what was heard and done is kept. `[retention]` in antiphon.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from antiphon.model.duration import parse_duration

SHORTEST = timedelta(days=1)

Kind = Literal[
    "events", "runs", "evaluations", "metrics", "answers", "alerts", "messages", "plans", "watches", "marks"
]  # fmt: skip

_TYPE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*\.(\*|[a-z0-9_]+)")


def _keep(written: object) -> timedelta | None:
    if written is None or written == "forever":
        return None
    kept = parse_duration(written)
    if kept < SHORTEST:
        raise ValueError(f"{written!r} is too short; the shortest is 1d")
    return kept


Keep = Annotated[timedelta | None, BeforeValidator(_keep)]
"""A length of time of at least a day, or None for `forever`."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What may go: of a kind, what is older than a moment, which is None when all is kept.

    Of events only those of a `type` (`mention.*` is any that begins so, empty is any), but none of the types in `but`.
    """

    kind: Kind
    keep: timedelta | None
    before: datetime | None
    type: str = ""
    but: tuple[str, ...] = ()


class RetentionSettings(BaseModel):
    """How long each kind is kept: a length of time, or `forever`. Types of events may have their own beside these."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Keep]

    events: Keep = timedelta(days=400)
    runs: Keep = timedelta(days=400)
    evaluations: Keep = timedelta(days=90)
    metrics: Keep = timedelta(days=800)
    answers: Keep = timedelta(days=90)
    alerts: Keep = timedelta(days=400)
    plans: Keep = timedelta(days=90)
    watches: Keep = timedelta(days=400)

    @model_validator(mode="after")
    def _types(self) -> RetentionSettings:
        for name in self.__pydantic_extra__:
            if not _TYPE.fullmatch(name):
                kinds = ", ".join(RetentionSettings.model_fields)
                raise ValueError(f"{name!r} is neither {kinds} nor a type such as mention.*")
        return self

    def cuts(self, now: datetime) -> Iterator[Cut]:
        """What may go now. An event goes by the rule that names its type most exactly."""
        rules: dict[str, timedelta | None] = {"": self.events, **self.__pydantic_extra__}
        for type, keep in rules.items():
            closer = tuple(other for other in rules if other != type and _within(other, type))
            yield Cut("events", keep, _before(keep, now), type, closer)
        others: dict[Kind, timedelta | None] = {
            "runs": self.runs,
            "evaluations": self.evaluations,
            "metrics": self.metrics,
            "answers": self.answers,
            "alerts": self.alerts,
            "messages": self.alerts,
            "plans": self.plans,
            "watches": self.watches,
        }
        for kind, keep in others.items():
            yield Cut(kind, keep, _before(keep, now))
        yield Cut("marks", timedelta(), now)


def _within(type: str, family: str) -> bool:
    """Whether whatever is of `type` is of `family` too."""
    return not family or (family.endswith("*") and type.startswith(family[:-1]))


def _before(keep: timedelta | None, now: datetime) -> datetime | None:
    return None if keep is None else now - keep
