"""Causes: what led to a run, so that no workflow answers what it has itself brought about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from antiphon.model.event import Event
from antiphon.model.run import Run

CAUSED = "workflow:"
"""The beginning of the `source` of an event that a workflow caused; the chain of workflows follows."""


def scope_of(event: Event) -> dict[str, Any]:
    """The scope of a run that answers an event.

    `event` has the event's data, and what the event itself has where the data has no such key. `trigger.chain` has the
    workflows that led to it, the first one first.
    """
    own = {"id": event.id, "type": event.type, "at": event.at.isoformat(), "source": event.source}
    return {"event": {**own, **event.data}, "trigger": {"chain": list(chain_of(event))}}


def chain_of(event: Event) -> tuple[str, ...]:
    """The workflows that caused an event, one through another. None of them answers it: that would have no end."""
    made_by = event.source.removeprefix(CAUSED)
    return tuple(made_by.split(">")) if made_by != event.source else ()


def source_after(run: Run) -> str:
    """The `source` of an event that a run causes."""
    return CAUSED + ">".join([*run.scope.get("trigger", {}).get("chain", ()), run.workflow])


def end_of(run: Run, at: datetime) -> Event:
    """The event that tells of the end of a run."""
    data = {"workflow": run.workflow, "state": str(run.state), "run": run.id, "because": run.because}
    return Event(f"run:{run.id}:{run.state}", "run.finished", at, data, source_after(run))
