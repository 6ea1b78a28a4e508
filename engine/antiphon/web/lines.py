"""Lines: runs, effects, events and what is to come, each as one line of a list that leads to more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from antiphon.model.approval import Approval, ApprovalState
from antiphon.model.effect import LedgerEntry
from antiphon.model.event import Event
from antiphon.model.run import Run

LONGEST = 240
"""Characters of a line; the page behind it has all of them."""

_SAID = ("text", "title", "summary", "because", "state")
"""Where the words of an event are, the best first."""


@dataclass(frozen=True, slots=True)
class Line:
    """When, in which state, what, and in which words; `link` leads to more."""

    at: datetime | None
    state: str
    title: str
    text: str
    link: str


def of_run(run: Run, *, at: datetime | None = None) -> Line:
    """A run by when it began, or by another moment."""
    return Line(at or run.created_at, str(run.state), run.workflow, short(run.because), f"/runs/{run.id}")


def of_effect(entry: LedgerEntry, *, at: datetime | None = None, link: str = "") -> Line:
    """An effect by when it was planned, or by another moment; it leads to its run."""
    told = f"{entry.effect.summary} — {entry.reason}" if entry.reason else entry.effect.summary
    to = link or f"/runs/{entry.effect.run}"
    return Line(at or entry.planned_at, str(entry.state), entry.effect.action, short(told), to)


def of_approval(approval: Approval) -> Line:
    """What people are asked, by when they were."""
    told = f"{approval.group} {len(approval.approvers)}/{approval.quorum}: {gist(approval.current)}"
    state = "asked" if approval.state is ApprovalState.PENDING else str(approval.state)
    return Line(approval.asked_at, state, approval.workflow, short(told), f"/approvals/{approval.id}")


def of_event(event: Event) -> Line:
    """What was heard, by when it happened: who has said what, or what came of a workflow."""
    said = next((str(event.data[key]) for key in _SAID if event.data.get(key)), "")
    told = " · ".join(filter(None, (author_of(event.data), str(event.data.get("workflow") or ""), said)))
    return Line(event.at, "", event.type, short(told), f"/events/{quote(event.id, safe='')}")


def author_of(data: Mapping[str, Any]) -> str:
    """Who has said something, as far as an event tells it."""
    author = data.get("author")
    named = author.get("name") or author.get("handle") if isinstance(author, Mapping) else author
    return str(named or "")


def gist(content: Any) -> str:
    """Some words of a content, for a list."""
    match content:
        case str():
            return content
        case Mapping():
            return " · ".join(gist(value) for value in content.values() if isinstance(value, str) and value)
    return str(content)


def short(text: str) -> str:
    """A text on one line that is not too long."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
