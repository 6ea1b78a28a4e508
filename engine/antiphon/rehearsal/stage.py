"""The stage: every component of the catalogue as it is in a rehearsal. Actions are answered by a script, sources are
not asked but listened for, and nobody outside hears of an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from antiphon.catalogue import Catalogue
from antiphon.components.action import Action, Computation
from antiphon.components.clock import Clock
from antiphon.components.context import PerformContext, ReadContext
from antiphon.components.interest import Interest
from antiphon.components.ports import Records
from antiphon.components.source import Source
from antiphon.components.trigger import Trigger
from antiphon.errors import GiveUp
from antiphon.model.effect import Effect, Outcome
from antiphon.model.run import Run
from antiphon.registry import Registry
from antiphon.rehearsal.offline import OutOfReach
from antiphon.rehearsal.script import Script

UNCHECKED = "content not checked"
"""Stands in the summary of an effect whose network would have to be asked what it takes."""


class StagedRegistry(Registry):
    """The plugins with a staged catalogue. Their reviews are asked; their observers hear nothing."""

    @classmethod
    def of(cls, registry: Registry, script: Script) -> StagedRegistry:
        """The same plugins, on stage."""
        return cls(registry.manager, staged(registry.catalogue, script))

    def announce(self, run: Run, records: Records, clock: Clock) -> None:
        """Nobody is told: a rehearsal is no news."""


def staged(catalogue: Catalogue, script: Script) -> Catalogue:
    """The same catalogue, in which nothing acts."""
    actions = {
        name: _acted(one, script) if issubclass(one, Action) else _computed(one, script)
        for name, one in catalogue.actions.items()
    }
    triggers = {name: _heard(one, catalogue.sources) if one.polls else one for name, one in catalogue.triggers.items()}
    return replace(catalogue, actions=MappingProxyType(actions), triggers=MappingProxyType(triggers))


def _acted(action: type[Action], script: Script) -> type[Action]:
    class Staged(action):  # type: ignore[misc, valid-type]
        def plan(self, options: Any, ctx: ReadContext) -> Effect:
            try:
                planned: Effect = super().plan(options, ctx)
            except OutOfReach:
                return _unchecked(action.name, options, ctx)
            return planned

        def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
            answer = script.take(effect.action, effect.payload)
            if answer is None and not effect.outward and UNCHECKED not in effect.summary:
                # A ticket or a brake is kept in the rehearsal's own store, where later steps and rules find it.
                try:
                    done: Outcome = super().perform(effect, ctx)
                except OutOfReach:
                    return script.outcome(effect, None)
                return done
            return script.outcome(effect, answer)

        def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
            return script.look(effect)

    return Staged


def _unchecked(action: str, options: Any, ctx: ReadContext) -> Effect:
    """An effect with what the document says, for a network that does not tell offline what it would make of it."""
    content = options.model_dump(mode="json", by_alias=True, exclude_none=True)
    connection, to = content.pop("connection", ""), content.get("to")
    return ctx.effect(
        action,
        f"{action} as {connection} ({UNCHECKED})" if connection else f"{action} ({UNCHECKED})",
        content,
        connection=connection,
        recipients=[to] if isinstance(to, str) else [],
    )


def _computed(computation: type[Computation], script: Script) -> type[Computation]:
    class Staged(computation):  # type: ignore[misc, valid-type]
        def compute(self, options: Any, ctx: ReadContext) -> Any:
            answer = script.take(computation.name, options.model_dump(mode="json", by_alias=True))
            if answer is not None and answer.answer == "done":
                return answer.result
            if answer is not None:
                raise GiveUp(answer.because or f"the test says that it is {answer.answer}")
            try:
                return super().compute(options, ctx)
            except OutOfReach as error:
                hint = f"Say under `answers:` what it gives: {{use: {computation.name}, result: …}}."
                raise GiveUp(
                    f"`{computation.name}` needs a network, which nobody asks in a rehearsal.", hint=hint
                ) from error

    return Staged


def _heard(trigger: type[Trigger], sources: Mapping[str, type[Source]]) -> type[Trigger]:
    class Staged(trigger):  # type: ignore[misc, valid-type]
        """A poll that is woken by what its source would give, as an event trigger is."""

        polls = False

        def interest(self, options: Any) -> Interest | None:
            asked = super().question(options)
            source = sources.get(asked.source) if asked else None
            return Interest(source.event, asked.match) if asked and source else None

        def question(self, options: Any) -> None:
            return None

    return Staged
