"""Applying: exactly what a plan has shown is performed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from antiphon.components.clock import Clock
from antiphon.components.ports import Overtaken, Store
from antiphon.errors import Vetoed
from antiphon.model.activation import Activation
from antiphon.model.effect import Effect, EffectState, LedgerEntry
from antiphon.model.plan import Call, Plan, PlannedEffect
from antiphon.model.program import Program
from antiphon.model.run import Run
from antiphon.runtime.effects import Performer
from antiphon.runtime.planning import Planner

PLAN = "plan"
"""Where the scope of a run has the fingerprint of the plan that it applies. Expressions do not see it."""

OLDEST = timedelta(days=1)
"""How old a plan may be when it is applied, unless somebody says otherwise."""

_SETTLED = (EffectState.DONE, EffectState.REJECTED, EffectState.VETOED)


@dataclass(frozen=True)
class Applier:
    """Applies plans. `make` makes the live run of a call, `keep` opens it, and `walk` takes runs and works through
    them."""

    store: Store
    clock: Clock
    planner: Planner
    make: Callable[[Program, Call], Run]
    keep: Callable[[Program, Run], object]
    walk: Callable[[str, Sequence[Run]], Activation]

    def apply(self, plan: Plan, *, oldest: timedelta = OLDEST, follow: bool = False) -> Activation:
        """Perform a plan. Applied again, it goes on where it was interrupted, and performs nothing twice.

        `follow` performs also what the plan could not show, as soon as it is known; it stays so for this plan.

        Raises:
            Vetoed: with everything that has changed since the plan was made; nothing was done.
        """
        program = self.planner.programs(plan.workflow)
        begun = any(self._ours(plan, run) for run in plan.runs)
        if not begun and (changes := self.planner.changes(plan, oldest)):
            raise Vetoed(changes)
        self.store.plans.begin(plan.fingerprint, self.clock.now(), follow=follow)
        if not begun and program is not None:
            for call in plan.calls:
                self.keep(program, self._marked(plan, self.make(program, call)))
        left = [run for run in self._runs(plan) if not run.state.ended]
        for entry in (entry for run in left for entry in self.store.ledger.list(run=run.id, state=EffectState.HELD)):
            if entry.not_before is None:
                with suppress(Overtaken):  # another one who applies it has let it go
                    self.store.ledger.release(entry.effect.key, because="its plan was applied again", seen=entry)
        done = self.walk(plan.workflow, left)
        return done.model_copy(update={"runs": tuple(self._runs(plan))})

    def _runs(self, plan: Plan) -> list[Run]:
        return [known for run in plan.runs if (known := self._ours(plan, run))]

    def _ours(self, plan: Plan, run: Run) -> Run | None:
        known = self.store.runs.get(run.id)
        return known if known is not None and known.scope.get(PLAN) == plan.fingerprint else None

    def _marked(self, plan: Plan, run: Run) -> Run:
        return run.model_copy(update={"scope": {**run.scope, PLAN: plan.fingerprint}})


@dataclass(frozen=True)
class AsShown:
    """Lets through what a plan has shown. `plans` has the plan of each run that applies one, by the run's id."""

    performer: Performer
    store: Store
    clock: Clock
    plans: Mapping[str, _Shown | None]

    @classmethod
    def around(cls, performer: Performer, runs: Sequence[Run], store: Store, clock: Clock) -> Performer:
        """A performer for some runs: the same one when none of them applies a plan."""
        applied = {run.id: run.scope[PLAN] for run in runs if PLAN in run.scope}
        if not applied:
            return performer
        known = {fingerprint: store.plans.get(fingerprint) for fingerprint in set(applied.values())}
        shown = {fingerprint: _Shown.by(plan) if plan else None for fingerprint, plan in known.items()}
        return cls(performer, store, clock, {run: shown[fingerprint] for run, fingerprint in applied.items()})

    def carry_out(self, effect: Effect) -> LedgerEntry:
        """What the ledger says afterwards. What was not shown is held, and the ledger does not hear of it."""
        if effect.run in self.plans and (because := self._unlike(self.plans[effect.run], effect)):
            return LedgerEntry(effect=effect, state=EffectState.HELD, planned_at=self.clock.now(), reason=because)
        return self.performer.carry_out(effect)

    def _unlike(self, shown: _Shown | None, effect: Effect) -> str:
        """Why an effect is not what the plan has shown; empty when it is, or when it is settled anyway."""
        known = self.store.ledger.get(effect.key)
        if known and known.state in _SETTLED:
            return ""
        if shown is None:
            return "the plan that it belongs to is gone"
        # What the ledger has under this key is what would be performed.
        return shown.unlike(known.effect if known else effect)


@dataclass(frozen=True)
class _Shown:
    """What a plan has shown, by the effects' keys."""

    plan: Plan
    effects: Mapping[str, PlannedEffect]

    @classmethod
    def by(cls, plan: Plan) -> _Shown:
        return cls(plan, {one.effect.key: one for one in plan.effects})

    def unlike(self, effect: Effect) -> str:
        plan, shown = self.plan, self.effects.get(effect.key)
        if shown is None:
            because = f"plan {plan.id} did not show it"
        elif shown.known_after:
            because = f"plan {plan.id} could not show its content before {', '.join(shown.known_after)} was done"
        else:
            return "" if shown.effect == effect else f"its content is not the one that plan {plan.id} has shown"
        return "" if plan.follow else f"{because}; `antiphon apply {plan.id} --follow` performs it"
