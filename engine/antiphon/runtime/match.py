"""Match: which triggers of which programs an event wakes, at a cost that hardly depends on how many programs there are.

Triggers are filed by event type, and below it by one field that must equal something. An event is then compared only
with the triggers filed under its own values, and with those that could not be filed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from antiphon.components.pattern import MISSING, Pattern, fold, lookup
from antiphon.components.trigger import Trigger
from antiphon.model.event import Event
from antiphon.model.program import Program
from antiphon.model.run import Verdict


@dataclass(frozen=True, slots=True)
class Woken:
    """A trigger of a program that an event wakes."""

    program: Program
    trigger: str


@dataclass(slots=True)
class _Drawer:
    """The triggers that wait for one type of event."""

    by_field: dict[str, dict[Any, list[tuple[Pattern, Woken]]]] = field(default_factory=lambda: defaultdict(dict))
    rest: list[tuple[Pattern, Woken]] = field(default_factory=list)

    def put(self, pattern: Pattern, woken: Woken) -> None:
        if (key := pattern.key()) is None:
            self.rest.append((pattern, woken))
            return
        name, values = key
        for value in values:
            self.by_field[name].setdefault(value, []).append((pattern, woken))

    def candidates(self, data: Mapping[str, Any]) -> Iterator[tuple[Pattern, Woken]]:
        for name, by_value in self.by_field.items():
            value = lookup(data, name)
            if value is not MISSING and isinstance(value, str | int | float):
                yield from by_value.get(fold(value) if isinstance(value, str) else value, ())
        yield from self.rest


class Matcher:
    """The triggers of some programs that wait for events, filed for quick look-up."""

    def __init__(self, programs: Iterable[Program], kinds: Mapping[str, type[Trigger]]) -> None:
        self._exact: dict[str, _Drawer] = defaultdict(_Drawer)
        self._families: dict[str, _Drawer] = defaultdict(_Drawer)
        for program in programs:
            for trigger in program.triggers:
                kind = kinds[trigger.kind]
                interest = kind().interest(kind.Options.model_validate(trigger.options))
                if interest is None or kind.polls:
                    continue
                woken = Woken(program, trigger.id)
                if interest.type.endswith("*"):
                    self._families[interest.type[:-1]].put(interest.match, woken)
                else:
                    self._exact[interest.type].put(interest.match, woken)

    def match(self, event: Event) -> list[Woken]:
        """The triggers that this event wakes."""
        drawers = [drawer for beginning, drawer in self._families.items() if event.type.startswith(beginning)]
        if exact := self._exact.get(event.type):
            drawers.append(exact)
        return [
            woken for drawer in drawers for pattern, woken in drawer.candidates(event.data) if pattern.holds(event.data)
        ]

    def explain(self, event: Event, program: str) -> Iterator[tuple[str, Verdict]]:
        """For one program: each of its filed triggers of this type, and whether and why this event wakes it."""
        for beginning, drawer in [*self._families.items(), *self._exact.items()]:
            if not (event.type == beginning or event.type.startswith(beginning)):
                continue
            filed = {id(p): (p, w) for by in drawer.by_field.values() for some in by.values() for p, w in some}
            for pattern, woken in [*filed.values(), *drawer.rest]:
                if woken.program.id == program:
                    yield woken.trigger, pattern.judge(event.data)
