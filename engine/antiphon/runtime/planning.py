"""Planning: a rehearsal of some calls written down to the letter, and whether such a plan still stands."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from antiphon.components.clock import Clock
from antiphon.components.ports import Store
from antiphon.model.activation import Activation
from antiphon.model.duration import format_duration
from antiphon.model.effect import Effect, EffectState, LedgerEntry
from antiphon.model.plan import Call, Plan, PlannedEffect
from antiphon.model.program import Program
from antiphon.model.ruling import Ruling, Way
from antiphon.model.run import Run, StepRecord, StepState
from antiphon.runtime.differences import differences

_KNOWN_AFTER = re.compile(r"‹known after ([^›]+)›")
_RECEIPTS = 200


@dataclass(frozen=True)
class Planner:
    """Makes plans. It has readers only: what it is handed can rehearse, review and look things up.

    `programs` finds an enabled workflow, `account` the fingerprint of a connection (empty for one that is not there),
    and `rule` gives what policy says of an effect now.
    """

    store: Store
    clock: Clock
    programs: Callable[[str], Program | None]
    account: Callable[[str], str]
    rehearse: Callable[[Program, Sequence[Call]], Activation]
    rule: Callable[[Effect], Sequence[Ruling]]

    def draft(self, program: Program, calls: Sequence[Call]) -> Plan:
        """What a workflow would do, for each call. A call by hand is an act of its own, however often it is planned."""
        caused = [call if call.cause else call.model_copy(update={"cause": uuid.uuid4().hex[:16]}) for call in calls]
        named = list({(call.trigger, call.cause): call for call in caused}.values())
        rehearsed = self.rehearse(program, named)
        waits = {run.id: _Waits(run) for run in rehearsed.runs}
        records = {step.effect: (run.id, step) for run in rehearsed.runs for step in run.steps if step.effect}
        now = self.clock.now()

        def planned(entry: LedgerEntry) -> PlannedEffect:
            run, step = records.get(entry.effect.key, ("", None))
            after = waits[run].before(step) if step else timedelta()
            is_new = entry.state is EffectState.PLANNED
            rulings = (*entry.rulings, *(self.rule(entry.effect) if is_new else ()))
            moments = [entry.not_before, *(ruling.until for ruling in rulings if ruling.verdict is Way.HOLD)]
            return PlannedEffect(
                entry=entry,
                at=max([now + after, *(moment for moment in moments if moment)]),
                known_after=_known_after(entry.effect) if is_new else (),
                rulings=rulings,
            )

        accounts = sorted({entry.effect.connection for entry in rehearsed.entries} - {""})
        return Plan(
            workflow=program.id,
            programs={one.id: one.fingerprint for one in self._involved(program)},
            connections={name: self.account(name) for name in accounts},
            quotas=self._quotas(accounts),
            calls=tuple(named),
            runs=rehearsed.runs,
            effects=tuple(planned(entry) for entry in rehearsed.entries),
            planned_at=now,
        )

    def changes(self, plan: Plan, oldest: timedelta) -> list[str]:
        """Why a plan does not stand any more: every difference, one sentence each."""
        now = self.clock.now()
        found = []
        if now - plan.planned_at > oldest:
            found.append(f"It was made on {plan.planned_at:%F %T} UTC, more than {format_duration(oldest)} ago.")
        program = self.programs(plan.workflow)
        if program is None:
            return [*found, f"The workflow {plan.workflow} is gone, or has mistakes that `antiphon check` tells."]
        found += [f"{run.cause} was answered already, by run {run.id}." for run in plan.runs if self._answered(run)]
        fresh = self.draft(program, plan.calls)
        # An account that is gone takes part in nothing, so it is asked for by its name.
        accounts = {name: self.account(name) for name in plan.connections}
        return [*found, *differences(plan, fresh.model_copy(update={"connections": accounts}))]

    def _quotas(self, accounts: Sequence[str]) -> dict[str, dict[str, str]]:
        """What the newest receipt of each account says of its limits."""
        done = self.store.ledger.list(state=EffectState.DONE, limit=_RECEIPTS) if accounts else ()
        newest = sorted(done, key=lambda entry: entry.settled_at or entry.planned_at)
        told = {entry.effect.connection: entry.receipt.rate for entry in newest if entry.receipt and entry.receipt.rate}
        return {name: told[name] for name in accounts if name in told}

    def _answered(self, run: Run) -> bool:
        return self.store.runs.get(run.id) is not None

    def _involved(self, program: Program) -> Sequence[Program]:
        """The workflow and those that it calls, and so on."""
        found = {program.id: program}
        left = [program]
        while left:
            for name in _called(left.pop().model_dump(mode="json", by_alias=True)["steps"]):
                if name not in found and (callee := self.programs(name)):
                    found[name] = callee
                    left.append(callee)
        return list(found.values())


class _Waits:
    """The waits of one run, and how much of them lies before a step."""

    def __init__(self, run: Run) -> None:
        self._steps = list(run.steps)
        self._branching = [step.path + "/" for step in run.steps if step.kind == "parallel"]

    def before(self, effect: StepRecord) -> timedelta:
        total = timedelta()
        for step in self._steps:
            if step is effect or step.path == effect.path:
                break
            if step.kind == "wait" and step.state is StepState.DONE and not self._aside(step.path, effect.path):
                total += max(datetime.fromisoformat(step.result["until"]) - step.at, timedelta())
        return total

    def _aside(self, one: str, other: str) -> bool:
        """Whether two steps stand in different branches of a `parallel`."""
        for path in self._branching:
            if one.startswith(path) and other.startswith(path):
                ours, theirs = (step.removeprefix(path).split("/")[0] for step in (one, other))
                if ours != theirs:
                    return True
        return False


def _known_after(effect: Effect) -> tuple[str, ...]:
    """The steps that still have a say in an effect's content, as the marks in it tell."""
    text = json.dumps([effect.payload, effect.key, effect.subject], ensure_ascii=False)
    return tuple(dict.fromkeys(_KNOWN_AFTER.findall(text)))


def _called(value: Any) -> Iterator[str]:
    """The names below every `call:` of some steps."""
    match value:
        case dict():
            if isinstance(value.get("call"), str):
                yield value["call"]
            for item in value.values():
                yield from _called(item)
        case list():
            for item in value:
                yield from _called(item)
