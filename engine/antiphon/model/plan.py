"""A plan: what a workflow would do, to the letter, for a person to read and to have performed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from antiphon.model.activation import Activation
from antiphon.model.base import Noun
from antiphon.model.effect import Effect, EffectState, LedgerEntry
from antiphon.model.event import Event
from antiphon.model.ruling import Ruling, Way
from antiphon.model.run import Run

SHOWN_DIGITS = 12
"""How many digits of a plan's fingerprint a person is shown."""


class Call(Noun):
    """What a workflow answers: an event, or a person with inputs. `cause` tells one call by hand from the next.

    `told` is what the trigger tells beside: of several events that mean something together.
    """

    trigger: str = ""
    cause: str = ""
    inputs: dict[str, Any] = {}
    event: Event | None = None
    told: dict[str, Any] = {}

    @classmethod
    def of(
        cls, event: Event | None, *, trigger: str = "", cause: str = "", inputs: Mapping[str, Any] | None = None
    ) -> Call:
        """A call by an event, or by hand for None. An event is its own cause, unless another one is given."""
        return cls(trigger=trigger, cause=cause or (event.id if event else ""), inputs=dict(inputs or {}), event=event)


class PlannedEffect(Noun):
    """One effect of a plan: its exact content, where it stands, and what is said of it.

    `at` is the earliest moment at which it would be performed. `known_after` names the steps that still have a say in
    its content. `rulings` are the answers of policy as they were when the plan was made.
    """

    entry: LedgerEntry
    at: datetime
    known_after: tuple[str, ...] = ()
    rulings: tuple[Ruling, ...] = ()

    @property
    def effect(self) -> Effect:
        """The effect itself."""
        return self.entry.effect

    @property
    def objections(self) -> tuple[Ruling, ...]:
        """What would keep it from being done now; empty when nothing would."""
        return tuple(ruling for ruling in self.rulings if ruling.verdict is not Way.PASS)


class Plan(Noun):
    """The runs that a workflow would make of some calls, and every effect they would ask for, in order.

    `programs` and `connections` have the fingerprint of each workflow and account that takes part. `quotas` has what
    the network last said of each account's limits. `applied_at` is when it was first applied; `follow` says that what
    it could not show is to be performed as well.
    """

    workflow: str
    programs: dict[str, str]
    connections: dict[str, str] = {}
    quotas: dict[str, dict[str, str]] = {}
    calls: tuple[Call, ...]
    runs: tuple[Run, ...]
    effects: tuple[PlannedEffect, ...]
    planned_at: datetime
    applied_at: datetime | None = None
    follow: bool = False

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all that is to stand when the plan is applied; when it was made has no part in it."""
        stands = {
            "programs": self.programs,
            "connections": self.connections,
            "calls": [call.model_dump(mode="json", exclude=None if call.told else {"told"}) for call in self.calls],
            "runs": [[run.id, run.state] for run in self.runs],
            "effects": [
                {
                    "effect": one.effect.model_dump(mode="json"),
                    "state": one.entry.state,
                    "objections": sorted([ruling.rule, ruling.verdict] for ruling in one.objections),
                }
                for one in self.effects
            ],
        }
        text = json.dumps(stands, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def id(self) -> str:
        """The beginning of the fingerprint: what a person writes."""
        return self.fingerprint[:SHOWN_DIGITS]

    @property
    def outstanding(self) -> tuple[PlannedEffect, ...]:
        """The effects that are still to be performed."""
        return tuple(one for one in self.effects if one.entry.state is EffectState.PLANNED)

    @property
    def activation(self) -> Activation:
        """The same as what one waking of the workflow would come to."""
        return Activation(
            workflow=self.workflow, live=False, runs=self.runs, entries=tuple(one.entry for one in self.effects)
        )
