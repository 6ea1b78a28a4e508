"""Which triggers of a workflow an event wakes, and why, or why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from antiphon.model.run import Verdict
from antiphon.runtime.interests import interest_of, is_of

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.event import Event
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
        waited = interest_of(trigger, app.registry.catalogue)
        if waited is None:
            because = f"a {trigger.kind} trigger waits for no event"
            yield trigger.id, Verdict(holds=False, because=because)
            continue
        if not is_of(event, waited.type):
            yield trigger.id, Verdict(holds=False, because=f"it is {event.type}, and {waited.type} is waited for")
            continue
        yield trigger.id, waited.match.judge(event.data)


def concerns(app: Antiphon, program: Program, event: Event) -> bool:
    """Whether the event is at least of a type that a trigger waits for."""
    waited = [interest_of(trigger, app.registry.catalogue) for trigger in program.triggers]
    return any(one is not None and is_of(event, one.type) for one in waited)


def by_trigger(offered: Sequence[Offered]) -> dict[str, list[Event]]:
    """The events that wake something, by the trigger that they wake."""
    found: dict[str, list[Event]] = {}
    for one in offered:
        if one.trigger:
            found.setdefault(one.trigger, []).append(one.event)
    return found
