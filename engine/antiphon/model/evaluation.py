"""An evaluation: what a trigger came to when it opened no run, rolled up by the hour.

What opens a run is not here: the run itself is the record of it, with the verdict of each condition.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from antiphon.model.base import Noun

LONGEST_REASON = 200
"""How many characters of a reason are kept: it is part of a key."""


class EvaluationKind(StrEnum):
    """What it came to."""

    MISSED = "missed"
    """An event was not as the trigger asks. The reason is a field that was not, with what was asked of it."""

    OWN = "own"
    """An event that the workflow has caused itself; it never answers those."""

    PASSED_OVER = "passed over"
    """A tick of a schedule that was not answered any more. The reason is the schedule's; the example is the tick."""

    LEARNT = "learnt"
    """An item that was there before the source was asked for the first time."""

    HEARD = "heard"
    """An item that a source gave, whether it mattered or not."""

    ASKED = "asked"
    """The source of a poll was asked, and answered. The example is the part of it, where it has several."""

    UNANSWERED = "unanswered"
    """The source was asked and could not be, with its words, or not for all; the example as for `asked`."""


class Near(Noun):
    """The event that came nearest: its id, what was wrong with it, with both values, and its distance.

    The distance is summed over the fields of the pattern: a field that is as asked counts 0, one that is not counts 1,
    and a number that is off counts by how much, in parts of the greater of the two numbers (at least 0.01).
    """

    event: str
    because: str
    distance: float


class Evaluation(Noun):
    """How often a trigger came to the same thing within one hour (UTC, its beginning), and when."""

    workflow: str
    trigger: str
    hour: datetime
    kind: EvaluationKind
    reason: str = ""
    count: int = 1
    first_at: datetime
    last_at: datetime
    examples: tuple[str, ...] = ()
    near: Near | None = None


def hour_of(at: datetime) -> datetime:
    """The beginning of the hour that a moment lies in."""
    return at.replace(minute=0, second=0, microsecond=0)


def once(
    workflow: str,
    trigger: str,
    kind: EvaluationKind,
    at: datetime,
    *,
    reason: str = "",
    count: int = 1,
    example: str = "",
) -> Evaluation:
    """An evaluation of this very moment, to be added to those of its hour."""
    return Evaluation(
        workflow=workflow,
        trigger=trigger,
        hour=hour_of(at),
        kind=kind,
        reason=reason[:LONGEST_REASON],
        count=count,
        first_at=at,
        last_at=at,
        examples=(example,) if example else (),
    )
