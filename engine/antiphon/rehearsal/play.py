"""Play: one test of a document, from its beginning to its end; what came of it is compared by `compare`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from pydantic import ValidationError

from antiphon.app import Antiphon
from antiphon.errors import InputError
from antiphon.model.activation import Activation
from antiphon.model.approval import ApprovalState
from antiphon.model.base import describe
from antiphon.model.effect import LedgerEntry
from antiphon.model.event import Event
from antiphon.model.person import Person
from antiphon.model.program import Program
from antiphon.model.rehearsal import HeardEvent, TestCase, Word
from antiphon.model.run import Run
from antiphon.rehearsal.fixtures import Fixtures
from antiphon.rehearsal.timeline import Happening, Timeline
from antiphon.rehearsal.workspace import RehearsedWorkspace

LONGEST = timedelta(days=366)
"""How long a test goes on that does not say when it ends."""

_MOST = 100_000


@dataclass(frozen=True)
class Played:
    """What came of a test: the runs of its workflow in order, and what became of every effect, in the order in which
    that was."""

    begin: datetime
    runs: tuple[Run, ...]
    entries: tuple[LedgerEntry, ...]


def play(real: Antiphon, program: Program, test: TestCase, fixtures: Fixtures, *, by_hand: bool) -> Played:
    """Play a test of a program. Nothing of it touches `real`, whose documents and plugins it uses.

    Raises:
        InputError: the test says something that cannot be, such as a word where nobody is asked.
    """
    begin = test.clock.astimezone(UTC)
    answers = [one.model_copy(update={"result": fixtures.put(one.result)}) for one in test.answers]
    workspace = RehearsedWorkspace(
        real, [program], begin, answers=answers, flags=test.flags, connections=test.connections
    )
    try:
        order = _Order()
        workspace.store.people.seen([_person(fixtures.put(one)) for one in test.people], begin)
        happenings = sorted(_happenings(workspace, program, test, fixtures, by_hand=by_hand), key=lambda one: one.at)
        timeline = Timeline(workspace, order.settled, ticks=test.ticks)
        timeline.play(happenings, begin + (test.until or LONGEST))
        return _played(workspace, program, begin, order)
    finally:
        workspace.close()


@dataclass
class _Order:
    """The keys of the effects in the order in which they were first asked for."""

    keys: dict[str, int] = field(default_factory=dict)

    def settled(self, activation: Activation) -> None:
        for entry in activation.entries:
            self.keys.setdefault(entry.effect.key, len(self.keys))


def _happenings(
    workspace: RehearsedWorkspace, program: Program, test: TestCase, fixtures: Fixtures, *, by_hand: bool
) -> Iterator[Happening]:
    begin = workspace.clock.now()
    if by_hand:
        started = partial(workspace.start, program.id, inputs=fixtures.put(test.inputs), cause="by-hand", by="author")
        yield Happening(begin, started)
    for number, heard in enumerate(test.events, 1):
        event = _event(heard, begin, number, fixtures)
        yield Happening(event.at, partial(workspace.store.events.ingest, [event]))
    for word in test.approvals:
        yield Happening(begin + word.at, partial(_said, workspace, word, fixtures))


def _event(heard: HeardEvent, begin: datetime, number: int, fixtures: Fixtures) -> Event:
    data = fixtures.put(heard.data)
    if not isinstance(data, dict):
        raise InputError(f"The data of event {number} is {type(data).__name__}, not a mapping.")
    data = {**data, **fixtures.put(heard.extra)}
    return Event(heard.id or f"test:{number}", heard.type, begin + heard.at, data, heard.source)


def _person(value: Any) -> Person:
    try:
        return Person.model_validate({"network": "", "handle": "", **value} if isinstance(value, dict) else value)
    except ValidationError as error:
        hint = "A person has an `id`, and may have handle, name, language, timezone and facts."
        raise InputError(f"One of `people` cannot be read: {describe(error)}.", hint=hint) from error


def _said(workspace: RehearsedWorkspace, word: Word, fixtures: Fixtures) -> None:
    deciding, when = workspace.deciding, f"{word.decide} by {word.by}"
    if word.decide == "veto":
        stoppable = deciding.stoppable()
        if not stoppable:
            raise InputError(f"There is no effect to stop at the moment of “{when}”.")
        deciding.veto(stoppable[0].effect.key, word.by, reason=word.comment)
        return
    asked = workspace.store.approvals.list(state=ApprovalState.PENDING)
    if not asked:
        raise InputError(f"Nobody is asked anything at the moment of “{when}”.")
    approval = asked[-1]  # the oldest
    if word.decide == "approve":
        deciding.approve(approval.id, word.by, comment=word.comment, edited=fixtures.put(word.edited))
    else:
        deciding.reject(approval.id, word.by, comment=word.comment)


def _played(workspace: RehearsedWorkspace, program: Program, begin: datetime, order: _Order) -> Played:
    listed = reversed(workspace.store.runs.list(workflow=program.id, limit=_MOST))
    runs = [workspace.store.runs.get(run.id) or run for run in listed]
    kept = workspace.store.ledger.list(limit=_MOST)
    last = len(order.keys)
    entries = sorted(
        kept, key=lambda one: (one.settled_at or one.planned_at, order.keys.get(one.effect.key, last), one.effect.key)
    )
    return Played(begin, tuple(runs), tuple(entries))
