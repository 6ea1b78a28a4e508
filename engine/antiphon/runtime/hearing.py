"""Hearing: a source is asked page by page, and what it gives is kept before its place moves on.

A crash in between repeats work and never loses it. A wide source asks several connections: each part has a place of its
own, and one that cannot be asked is told of and keeps none of the others from being heard.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon.catalogue import Catalogue
from antiphon.components.clock import Clock
from antiphon.components.context import Readers
from antiphon.components.pattern import lookup
from antiphon.components.ports import Cursors, Store
from antiphon.components.source import Askable, Page, Part, WideSource
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
        fetch = self._fetch(connection, question.source, options)

        def keep(events: Sequence[Event], people: Sequence[Person], learning: bool) -> int:
            self.store.people.seen(people, self.clock.now())
            # What was there before is kept in one go as offered: no crash makes it look like news.
            self.store.events.ingest(events, routed=learning)
            return 0 if learning else answer(events)

        opened = self._turn(fetch, connection, _Place(self.store.cursors, cursor), question.seeds, rolling, keep)
        rolling.add(EvaluationKind.ASKED)
        return opened

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
                rolling.add(EvaluationKind.ASKED, reason=part.name, example=part.name)
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
        def keep(events: Sequence[Event], people: Sequence[Person], learning: bool) -> int:
            sifted = source.sift(options, part, events, self.store.marks, self.clock.now())
            met = {lookup(one.data, "author.id") for one in sifted.events}
            self.store.people.seen([one for one in people if one.id in met], self.clock.now())
            self.store.events.ingest([*sifted.events, *sifted.beside], routed=learning)
            for reason, ids in sifted.left_out.items():
                for one in ids:
                    rolling.add(EvaluationKind.MISSED, reason=reason, example=one)
            return 0 if learning else answer(sifted.events)

        place = _Place(self.store.cursors, cursor, part.name)
        fetch = self._fetch(part.connection, part.source, dict(part.options))
        return self._turn(fetch, part.connection, place, question.seeds, rolling, keep)

    def _fetch(self, connection: str, source: str, options: dict[str, Any]) -> Callable[[str | None], Page]:
        kind = self.catalogue.sources[source]
        client, bound = self.connections.reader(connection, object), kind.Options.model_validate(options)
        return lambda cursor: kind().fetch(bound, client, cursor)

    def _turn(
        self,
        fetch: Callable[[str | None], Page],
        connection: str,
        place: _Place,
        seeds: bool,
        rolling: Rolling,
        keep: Callable[[Sequence[Event], Sequence[Person], bool], int],
    ) -> int:
        opened, cursor = 0, place.get()
        learning = cursor is None and seeds
        for _ in range(MAX_PAGES):
            page = fetch(cursor)
            events = attributed(page.events, connection, self.store.ledger)
            rolling.add(EvaluationKind.LEARNT if learning else EvaluationKind.HEARD, count=len(events))
            opened += keep(events, page.people, learning)
            moved, cursor = page.cursor != cursor, page.cursor
            # Who learns what is there keeps no place before the last page: half of it would be answered as news.
            if moved and not learning:
                place.set(cursor)
            if not page.more:
                break
        else:
            told = f"{place.part}: {MORE}" if place.part else MORE
            rolling.add(EvaluationKind.UNANSWERED, reason=told, example=place.part)
        if learning and cursor is not None:
            place.set(cursor)
        return opened


@dataclass(frozen=True)
class _Place:
    """Where a source stands: the text of a cursor, or what a cursor holds for one part of a wide source."""

    cursors: Cursors
    name: str
    part: str = ""

    def get(self) -> str | None:
        kept = self.cursors.get(self.name)
        return _parts(kept).get(self.part) if self.part else kept

    def set(self, cursor: str) -> None:
        if self.part:
            cursor = json.dumps({**_parts(self.cursors.get(self.name)), self.part: cursor}, ensure_ascii=False)
        self.cursors.set(self.name, cursor)


def _parts(kept: str | None) -> dict[str, str]:
    return dict(json.loads(kept)) if kept else {}


def _told(error: Exception) -> str:
    return error.sentence if isinstance(error, AntiphonError) else f"{type(error).__name__}: {error}"
