"""Interests: what each trigger of a program waits for, whichever way it hears of it."""

from __future__ import annotations

from antiphon.catalogue import Catalogue
from antiphon.components.interest import Interest
from antiphon.model.event import Event
from antiphon.model.program import Trigger


def interest_of(trigger: Trigger, catalogue: Catalogue) -> Interest | None:
    """The type of event and the pattern that a trigger waits for; a poll waits for what its source gives. None when
    it waits for no event."""
    kind = catalogue.triggers[trigger.kind]
    options = kind.Options.model_validate(trigger.options)
    if question := kind().question(options):
        return Interest(catalogue.sources[question.source].event, question.match)
    return kind().interest(options)


def is_of(event: Event, type: str) -> bool:
    """Whether an event is of a type, or of the family that a type such as `mention.*` names."""
    return event.type == type or (type.endswith("*") and event.type.startswith(type[:-1]))
