"""Hearing: a source is asked page by page, and its place moves with what it gives, once that is answered.

A crash in between repeats work and never loses it. A wide source asks several connections: each part has a place of its
own, and one that cannot be asked is told of and keeps none of the others from being heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from antiphon.catalogue import Catalogue
from antiphon.components.clock import Clock
from antiphon.components.context import Readers
from antiphon.components.pattern import lookup
from antiphon.components.ports import Cursors, Harvest, Store
from antiphon.components.source import Askable, Page, Part, Sifted, WideSource
from antiphon.components.trigger import Question
from antiphon.errors import AntiphonError, RetryLater, StoreError
from antiphon.model.evaluation import EvaluationKind
from antiphon.model.event import Event
from antiphon.model.person import Person
from antiphon.runtime.attributing import attributed
from antiphon.runtime.evaluations import Rolling

MAX_PAGES = 200
"""How many pages one poll may turn; what is left comes with the next."""

MORE = "more waits there than one poll takes; it goes on with the next"

Answer = Callable[[Sequence[Event]], int]
"""Opens the runs that answer events; says how many are new."""


@dataclass(frozen=True)
class Hearing:
    """Asks sources, and keeps what they give. `accounts` are those that a wide source may ask."""

    store: Store
    catalogue: Catalogue
    clock: Clock
    connections: Readers
    accounts: Callable[[], Sequence[Askable]]
    conceal: Callable[[Any], Any]

    def ask(self, question: Question, cursor: str, rolling: Rolling, answer: Answer) -> int:
        """Ask for what is new since the cursor of that name, and answer it; returns how many runs are new."""
        source, options = self.catalogue.sources[question.source], dict(question.options)
        if issubclass(source, WideSource):
            return self._ask_all(source(), source.Options.model_validate(options), question, cursor, rolling, answer)
        connection = options.pop("connection")
        fetch, place = self._fetch(connection, question.source, options), _Place(self.store.cursors, cursor)
        return self._turn(_Asked(connection, fetch, place), question, rolling, answer)

    def _ask_all(
        self, source: WideSource, options: Any, question: Question, cursor: str, rolling: Rolling, answer: Answer
    ) -> int:
        opened, heard, failed = 0, 0, list[Exception]()
        for part in source.parts(options, self.accounts()):
            if part.why_not:
                rolling.add(EvaluationKind.UNANSWERED, reason=f"{part.name}: {part.why_not}", example=part.name)
                continue
            try:
                opened += self._ask_part(source, options, part, question, cursor, rolling, answer)
            except StoreError:
                raise
            except Exception as error:  # another network must not be missed for this one
                failed.append(error)
                told = f"{part.name}: {self.conceal(_told(error))}"
                rolling.add(EvaluationKind.UNANSWERED, reason=told, example=part.name)
            else:
                heard += 1
        if failed and not heard:
            raise next((one for one in failed if not isinstance(one, RetryLater)), failed[0])
        return opened

    def _ask_part(
        self,
        source: WideSource,
        options: Any,
        part: Part,
        question: Question,
        cursor: str,
        rolling: Rolling,
        answer: Answer,
    ) -> int:
        def sift(events: Sequence[Event], people: Sequence[Person]) -> tuple[Sifted, Sequence[Person]]:
            sifted = source.sift(options, part, events, self.store.marks, self.clock.now())
            for reason, ids in sifted.left_out.items():
                for one in ids:
                    rolling.add(EvaluationKind.MISSED, reason=reason, example=one)
            met = {lookup(one.data, "author.id") for one in sifted.events}
            return sifted, [one for one in people if one.id in met]

        place = _Place(self.store.cursors, cursor, part.name)
        fetch = self._fetch(part.connection, part.source, dict(part.options))
        return self._turn(_Asked(part.connection, fetch, place, sift), question, rolling, answer)

    def _fetch(self, connection: str, source: str, options: dict[str, Any]) -> Callable[[str | None], Page]:
        kind = self.catalogue.sources[source]
        client, bound = self.connections.reader(connection, object), kind.Options.model_validate(options)
        return lambda cursor: kind().fetch(bound, client, cursor)

    def _turn(self, asked: _Asked, question: Question, rolling: Rolling, answer: Answer) -> int:
        opened, cursor = 0, asked.place.get()
        learning = cursor is None and question.seeds
        for turn in range(MAX_PAGES):
            page = asked.fetch(cursor)
            now, last = self.clock.now(), not page.more or turn == MAX_PAGES - 1
            events = attributed(page.events, asked.connection, self.store.ledger)
            part = asked.place.part
            rolling.add(EvaluationKind.ASKED, count=0 if turn else 1, reason=part, example=part)
            if last and page.more:
                rolling.add(EvaluationKind.UNANSWERED, reason=f"{part}: {MORE}" if part else MORE, example=part)
            rolling.add(EvaluationKind.LEARNT if learning else EvaluationKind.HEARD, count=len(events))
            sifted, people = asked.sift(events, page.people)
            fitting = [] if learning else rolling.fitting(question.match, sifted.events)
            # Who learns what is there keeps no place before the last page: half of it would be answered as news.
            moved = asked.place.at(page.cursor) if (last if learning else page.cursor != cursor) else None
            heard = Harvest(now, (*sifted.events, *sifted.beside), people, learning, rolling.taken(), moved)
            if fitting:
                self.store.harvests.bring_in(replace(heard, place=None))
                opened += answer(fitting)
                heard = Harvest(now, place=moved)
            self.store.harvests.bring_in(heard)
            if last:
                break
            cursor = page.cursor
        return opened


@dataclass(frozen=True)
class _Place:
    """Where a source stands: a cursor, of which each part of a wide source has its own."""

    cursors: Cursors
    name: str
    part: str = ""

    @property
    def _cursor(self) -> str:
        return f"{self.name}/{self.part}" if self.part else self.name

    def get(self) -> str | None:
        return self.cursors.get(self._cursor)

    def at(self, position: str) -> tuple[str, str]:
        return self._cursor, position


def _all(events: Sequence[Event], people: Sequence[Person]) -> tuple[Sifted, Sequence[Person]]:
    return Sifted(events), people


@dataclass(frozen=True)
class _Asked:
    """A source of a connection: how it gives a page, where it stands, and what is kept of a page."""

    connection: str
    fetch: Callable[[str | None], Page]
    place: _Place
    sift: Callable[[Sequence[Event], Sequence[Person]], tuple[Sifted, Sequence[Person]]] = _all


def _told(error: Exception) -> str:
    return error.sentence if isinstance(error, AntiphonError) else f"{type(error).__name__}: {error}"
