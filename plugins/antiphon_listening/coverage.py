"""Coverage: what was listened to in a period, until when, and what could not be heard and why.

Every source of every workflow has a row, and every part of a saved query one of its own: a report that says how much
was said, says too where nobody could listen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

from antiphon import ReportContext
from antiphon_listening.sources import SavedQuery

ASKED, UNANSWERED = "asked", "unanswered"

SHORT = timedelta(hours=2)
"""How long a stretch without an answer is not spoken of: what is known of the past is kept by the hour."""


class _Evaluation(Protocol):
    @property
    def trigger(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def first_at(self) -> datetime: ...
    @property
    def last_at(self) -> datetime: ...
    @property
    def examples(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Ear:
    """What is listened to: for whom (the name of a query, or a workflow), and which source of which connection.

    `until` is when it last answered in the period. `gap` is the longest stretch of the period without an answer; what
    was said meanwhile is heard later, as far as the network still gives it. `failed` is how often it gave none, and
    `why` its last words; `rests` is why nobody asks it any more. An ear without `until` heard nothing at all.
    """

    listener: str
    part: str
    until: datetime | None
    gap: timedelta
    failed: int = 0
    why: str = ""
    rests: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing is to be said of it."""
        return self.until is not None and not self.rests and self.gap <= SHORT and not self.failed


def ears(ctx: ReportContext) -> Sequence[Ear]:
    """Everything that was listened to in the period, or was to be: what was not heard first."""
    found = [
        ear
        for one in ctx.store.programs.all_in_force(ctx.until)
        if (program := ctx.store.programs.get(one.fingerprint)) is not None and program.enabled
        for ear in _of(program, max(one.since, ctx.since), ctx)
    ]
    return sorted(found, key=lambda ear: (ear.whole, ear.until is not None, ear.listener, ear.part))


def _of(program: Any, since: datetime, ctx: ReportContext) -> Iterator[Ear]:
    said = ctx.store.evaluations.list(program.id, since=since - timedelta(hours=1), until=ctx.until)
    rests = {rest.trigger: rest.because for rest in ctx.store.rests.standing(program.id)}
    for trigger in program.triggers:
        if trigger.kind != "poll":
            continue
        source, options = trigger.options["source"], trigger.options.get("with", {})
        saved = source == SavedQuery.name
        listener = str(options.get("name")) if saved else program.id
        otherwise = source if saved else f"{options.get('connection')}: {source}"
        parts: dict[str, list[_Evaluation]] = defaultdict(list)
        for one in said:
            if one.trigger == trigger.id and one.kind in (ASKED, UNANSWERED) and one.last_at >= since:
                parts[next(iter(one.examples), "") or otherwise].append(one)
        for part, told in (parts or {otherwise: []}).items():
            if part != source or len(parts) < 2:  # that all parts of a query failed is told of each of them
                yield _ear(listener, part, told, rests.get(trigger.id, ""), since, ctx.until)


def _ear(listener: str, part: str, told: Sequence[_Evaluation], rests: str, since: datetime, until: datetime) -> Ear:
    asked = sorted((one.first_at, min(one.last_at, until)) for one in told if one.kind == ASKED)
    missed = sorted((one for one in told if one.kind == UNANSWERED), key=lambda one: one.last_at)
    edges = [(since, since), *asked, (until, until)]
    gaps = [begun - ended for (_, ended), (begun, _) in pairwise(edges)]
    why = missed[-1].reason.removeprefix(f"{part}: ") if missed else ""
    return Ear(
        listener=listener,
        part=part,
        until=asked[-1][1] if asked else None,
        gap=max(*gaps, timedelta()),
        failed=sum(one.count for one in missed),
        why=why,
        rests=rests,
    )


def shown(ear: Ear, words: Mapping[str, str]) -> str:
    """What is to be said of it, in words; empty where it heard everything."""
    if ear.rests:
        return words["rests"].format(because=ear.rests)
    if ear.until is None:
        return ear.why or words["never"]
    told = []
    if ear.failed:
        told.append(words["failed"].format(count=ear.failed, why=ear.why))
    if ear.gap > SHORT:
        told.append(words["gap"].format(hours=round(ear.gap.total_seconds() / 3600)))
    return "; ".join(told)
