"""Which triggers of a workflow an event wakes, and why, or why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from antiphon.model.run import Verdict
from antiphon.runtime.interests import interest_of, is_of

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.event import Event
    from antiphon.model.plan import Call
    from antiphon.model.program import Program


@dataclass(frozen=True, slots=True)
class Offered:
    """An event that was offered to a workflow, and the answer of each of its triggers."""

    event: Event
    answers: tuple[tuple[str, Verdict], ...]

    @property
    def trigger(self) -> str:
        """The trigger that it wakes, or an empty text."""
        return next((trigger for trigger, verdict in self.answers if verdict.holds), "")

    @property
    def because(self) -> str:
        """Every trigger's reason on one line."""
        return "; ".join(verdict.because for _, verdict in self.answers)


def offer(app: Antiphon, program: Program, events: Iterable[Event]) -> list[Offered]:
    """Offer events to one workflow."""
    return [Offered(event, tuple(verdicts(app, program, event))) for event in events]


def verdicts(app: Antiphon, program: Program, event: Event) -> Iterator[tuple[str, Verdict]]:
    """For each trigger, whether the event wakes it."""
    for trigger in program.triggers:
        if (watched := app.watching.explain(program, trigger, event)) is not None:
            yield trigger.id, watched.model_copy(update={"holds": False})
            continue
        waited = interest_of(trigger, app.registry.catalogue)
        if waited is None:
            because = f"a {trigger.kind} trigger waits for no event"
            yield trigger.id, Verdict(holds=False, because=because)
            continue
        if not is_of(event, waited.type):
            yield trigger.id, Verdict(holds=False, because=f"it is {event.type}, and {waited.type} is waited for")
            continue
        yield trigger.id, waited.match.judge(event.data)


def rehearse(
    app: Antiphon, program: Program, events: Sequence[Event], inputs: Mapping[str, Any]
) -> tuple[list[Offered], list[Call]]:
    """Offer events to one workflow as if nothing else had happened; and all that it would have to answer then."""
    from antiphon.model.plan import Call

    offered, foreseen = offer(app, program, events), app.foresee(program.id, events)
    calls = [Call.of(one.event, trigger=one.trigger, inputs=inputs) for one in offered if one.trigger]
    together = [
        Offered(one.event, tuple((dict(one.answers) | foreseen.answers.get(one.event.id, {})).items()))
        for one in offered
    ]
    return together, [*calls, *foreseen.calls]


def concerns(app: Antiphon, program: Program, event: Event) -> bool:
    """Whether the event is at least of a type that a trigger waits for."""
    waited = [interest_of(trigger, app.registry.catalogue) for trigger in program.triggers]
    watched = app.watching.watchers.see(event, app.clock.now())
    return any(one.watcher.program.id == program.id for one in watched) or any(
        one is not None and is_of(event, one.type) for one in waited
    )


def by_trigger(offered: Sequence[Offered]) -> dict[str, list[Event]]:
    """The events that wake something, by the trigger that they wake."""
    found: dict[str, list[Event]] = {}
    for one in offered:
        if one.trigger:
            found.setdefault(one.trigger, []).append(one.event)
    return found
