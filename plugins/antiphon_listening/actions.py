"""Actions that open and close an incident. Both reach nobody outside: a brake does not hide what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, Field

import antiphon
from antiphon import Action, Done, Effect, EffectState, Event, GiveUp, Outcome, PerformContext, ReadContext, Receipt
from antiphon_listening.incidents import CLOSED, OPENED, Figures, Incidents, figures, level, severity, told
from antiphon_listening.mentions import MET, author_of, followers

MOST_HELD = 500
"""How much of what is held a resume plan names."""

_BACK = timedelta(hours=24)
_NAME = r"^([a-z0-9][a-z0-9_-]*)?$"


class OpenOptions(antiphon.Options):
    """What has happened."""

    query: str = Field(pattern=_NAME, min_length=1, description="The saved query whose mentions tell of it.")
    name: str = Field(
        "",
        pattern=_NAME,
        max_length=60,
        description="One incident of a name is open at a time; that of the query when left out.",
    )
    title: str = Field("", description="What people call it, such as ${{ trigger.summary }}.")
    since: AwareDatetime | None = Field(None, description="When it began; a day ago when left out.")
    z: float = Field(1.0, description="How far above the usual it is, such as ${{ trigger.z }}.")


class OpenIncident(Action):
    """Opens an incident, unless one of its name is open, with how grave it is and who speaks loudest.

        - id: incident
          use: incident.open
          with: {query: torrea, title: "${{ trigger.summary }}", since: "${{ trigger.since }}", z: "${{ trigger.z }}"}

    The result has `incident`, `new`, `severity` (z × negative share × log10 of the reach), `level` (low, medium, high),
    `mentions`, `negative_share`, `reach`, and `sources`: a line for each of the five loudest. It is told as the event
    `incident.opened`.
    """

    name = "incident.open"
    outward = False
    Options = OpenOptions

    def plan(self, options: OpenOptions, ctx: ReadContext) -> Effect:
        """The incident as it would be opened."""
        since = options.since or ctx.clock.now() - _BACK
        title = " ".join(options.title.split())[:200] or options.query
        payload = {"name": options.name or options.query, "query": options.query, "title": title, "z": options.z}
        return ctx.effect(self.name, f"Open the incident {title}", {**payload, "since": since.isoformat()})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Open it, and tell of it; the same effect opens one incident only."""
        asked, now, book = effect.payload, ctx.clock.now(), Incidents(ctx.records)
        found = figures(ctx.events.of(MET, datetime.fromisoformat(asked["since"])), asked["query"], now)
        grave = severity(asked["z"], found.negative_share, found.reach)
        facts = {
            **{name: asked[name] for name in ("title", "query", "since", "z")},
            "severity": grave,
            "level": level(grave),
            "mentions": found.mentions,
            "negative_share": found.negative_share,
            "reach": found.reach,
            "sources": [one.data.get("mention", one.id) for one in found.sources],
        }
        incident = _known(book, book.open(asked["name"], effect.key, facts, now))
        ctx.events.ingest([told(OPENED, incident, datetime.fromisoformat(incident["opened_at"]), _source(effect))])
        return Done(_opened(effect, incident, now, _lines(found)))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """None: to open it once more comes to the same incident."""
        return None


class CloseOptions(antiphon.Options):
    """Which one, and why."""

    name: str = Field(min_length=1, description="The name of the incident, or its id.")
    because: str = Field("", description="Why it is over.")


class CloseIncident(Action):
    """Closes an incident, with a plan of what is held and waits to be let go.

        - id: over
          use: incident.close
          with: {name: torrea, because: "${{ trigger.summary }}"}

    No brake is lifted: that is a person's word. The result has `incident`, empty when none was open, `held`, how much
    brakes hold, and `plan`, a line for each. It is told as the event `incident.closed`.
    """

    name = "incident.close"
    outward = False
    Options = CloseOptions

    def plan(self, options: CloseOptions, ctx: ReadContext) -> Effect:
        """What is held now is the plan."""
        held = resume_plan(ctx.ledger)
        payload = {"name": options.name, "because": options.because, "plan": held}
        return ctx.effect(self.name, f"Close the incident {options.name}; {len(held)} effects are held", payload)

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Close it, and tell of it."""
        asked, now, book = effect.payload, ctx.clock.now(), Incidents(ctx.records)
        incident = asked["name"] if book.get(asked["name"]) else book.open_one(asked["name"])
        data: dict[str, Any] = {"incident": incident, "held": len(asked["plan"]), "plan": plan_lines(asked["plan"])}
        if incident:
            book.close(incident, effect.key, asked["because"], asked["plan"], now)
            closed = _known(book, incident)
            ctx.events.ingest([told(CLOSED, closed, datetime.fromisoformat(closed["closed_at"]), _source(effect))])
        return Done(Receipt(at=now, remote_id=incident, data=data))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """None: to close it once more changes nothing."""
        return None


def resume_plan(ledger: Any) -> list[dict[str, Any]]:
    """What brakes hold, the oldest first: what would be sent when they are lifted."""
    held = ledger.list(state=EffectState.HELD, limit=MOST_HELD)
    return [
        {
            "effect": entry.effect.key,
            "summary": entry.effect.summary,
            "connection": entry.effect.connection,
            "workflow": entry.effect.workflow,
            "planned_at": entry.planned_at.isoformat(),
        }
        for entry in reversed(held)
        if "brake" in entry.reason
    ]


def plan_lines(plan: list[dict[str, Any]]) -> str:
    """A resume plan for a person: a line for each effect."""
    return "\n".join(f"{one['planned_at'][:16]} {one['summary']}" for one in plan)


def _known(book: Incidents, incident: str) -> Mapping[str, Any]:
    found = book.get(incident)
    if found is None:
        raise GiveUp(f"There is no incident {incident}.")
    return found


def _opened(effect: Effect, incident: Mapping[str, Any], now: datetime, sources: str) -> Receipt:
    facts = ("severity", "level", "mentions", "negative_share", "reach")
    new = incident["history"][0]["by"] == effect.key
    data = {"incident": incident["id"], "new": new, "sources": sources, **{name: incident[name] for name in facts}}
    return Receipt(at=now, remote_id=incident["id"], data=data)


def _lines(found: Figures) -> str:
    return "\n".join(f"{n}. {_line(one)}" for n, one in enumerate(found.sources, 1))


def _line(event: Event) -> str:
    reach = followers(event.data)
    known = f" ({reach:,} followers)" if reach is not None else ""
    return f"{author_of(event.data).get('handle') or 'somebody'}{known}: {event.data.get('url') or event.id}"


def _source(effect: Effect) -> str:
    """As an `emit` step has it: the workflow that has brought it about is not woken by it."""
    return f"workflow:{effect.workflow}"
