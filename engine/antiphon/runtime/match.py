"""Match: which triggers of which programs an event wakes, at a cost that hardly depends on how many programs there are.

Triggers are filed by event type. Below it they are filed by one field that must equal something, or else by pieces of
words of which one must stand in a text. An event is compared only with the triggers that its own values lead to, and
with the few that could not be filed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from antiphon.components.interest import Interest
from antiphon.components.pattern import MISSING, Pattern, fold, lookup
from antiphon.components.trigger import Trigger
from antiphon.model.event import Event
from antiphon.model.program import Program
from antiphon.model.run import Verdict


@dataclass(frozen=True, slots=True)
class Woken:
    """A trigger of a program that an event wakes, or an interest of one that watches: `place` counts them."""

    program: Program
    trigger: str
    place: int = 0


class Filed(NamedTuple):
    """A trigger as it is filed: `by` is the field by which the index finds it, empty when it cannot be filed."""

    pattern: Pattern
    woken: Woken
    by: str


@dataclass(slots=True)
class _Pieces:
    """Triggers by the first letters of words they look for: four letters, or three of a word that has no more."""

    by_letters: dict[str, list[Filed]] = field(default_factory=lambda: defaultdict(list))
    lengths: set[int] = field(default_factory=set)

    def put(self, pieces: Iterable[str], filed: Filed) -> None:
        for piece in pieces:
            self.by_letters[piece[:4]].append(filed)
            self.lengths.add(min(len(piece), 4))

    def candidates(self, value: Any) -> Iterator[Filed]:
        if not isinstance(value, str):
            # A list is compared item by item: leave that to the pattern itself.
            yield from (filed for some in self.by_letters.values() for filed in some)
            return
        text = fold(value)
        for length in self.lengths:
            found = self.by_letters.keys() & {text[i : i + length] for i in range(len(text) - length + 1)}
            for letters in found:
                yield from self.by_letters[letters]


@dataclass(slots=True)
class _Drawer:
    """The triggers that wait for one type of event."""

    by_value: dict[str, dict[Any, list[Filed]]] = field(default_factory=lambda: defaultdict(dict))
    by_text: dict[str, _Pieces] = field(default_factory=lambda: defaultdict(_Pieces))
    rest: list[Filed] = field(default_factory=list)
    everything: list[Filed] = field(default_factory=list)

    def put(self, pattern: Pattern, woken: Woken) -> None:
        if (key := pattern.key()) is not None:
            name, values = key
            filed = Filed(pattern, woken, name)
            for value in values:
                self.by_value[name].setdefault(value, []).append(filed)
        elif (needles := pattern.needles()) is not None and all(len(piece) >= 3 for piece in needles[1]):
            filed = Filed(pattern, woken, needles[0])
            self.by_text[needles[0]].put(needles[1], filed)
        else:
            filed = Filed(pattern, woken, "")
            self.rest.append(filed)
        self.everything.append(filed)

    def candidates(self, data: Mapping[str, Any]) -> Iterator[Filed]:
        """Each trigger that may be meant; one that several pieces lead to comes several times."""
        for name, by_value in self.by_value.items():
            value = lookup(data, name)
            if value is not MISSING and isinstance(value, str | int | float):
                yield from by_value.get(fold(value) if isinstance(value, str) else value, ())
        for name, pieces in self.by_text.items():
            if (value := lookup(data, name)) is not MISSING:
                yield from pieces.candidates(value)
        yield from self.rest


def waking(kind: Trigger, options: Any) -> Sequence[Interest]:
    """What wakes a trigger by itself."""
    interest = kind.interest(options)
    return (interest,) if interest else ()


def watching(kind: Trigger, options: Any) -> Sequence[Interest]:
    """What a trigger takes in that no single event wakes."""
    watch = kind.watch(options)
    return watch.interests if watch else ()


class Matcher:
    """The triggers of some programs that wait for events, filed for quick look-up by the `interests` of each."""

    def __init__(
        self,
        programs: Iterable[Program],
        kinds: Mapping[str, type[Trigger]],
        interests: Callable[[Trigger, Any], Sequence[Interest]] = waking,
    ) -> None:
        self._exact: dict[str, _Drawer] = defaultdict(_Drawer)
        self._families: dict[str, _Drawer] = defaultdict(_Drawer)
        for program in programs:
            for trigger in program.triggers:
                kind = kinds[trigger.kind]
                for place, interest in enumerate(interests(kind(), kind.Options.model_validate(trigger.options))):
                    woken = Woken(program, trigger.id, place)
                    if interest.type.endswith("*"):
                        self._families[interest.type[:-1]].put(interest.match, woken)
                    else:
                        self._exact[interest.type].put(interest.match, woken)

    @property
    def size(self) -> int:
        """How many triggers there are."""
        return sum(len(drawer.everything) for some in (self._exact, self._families) for drawer in some.values())

    def match(self, event: Event, refused: MutableMapping[int, tuple[Filed, str]] | None = None) -> list[Woken]:
        """The triggers that this event wakes, each once.

        `refused` is given those that it was compared with in vain, with the first field that was not as asked; keyed
        by the identity of what would have been woken.
        """
        found: dict[int, Woken] = {}
        for drawer in self._drawers(event.type):
            for filed in drawer.candidates(event.data):
                pattern, woken, _ = filed
                if id(woken) in found:
                    continue
                path = pattern.refuses(event.data)
                if path is None:
                    found[id(woken)] = woken
                elif refused is not None:
                    refused[id(woken)] = (filed, path)
        return list(found.values())

    def waiting(self, event_type: str) -> Iterator[Filed]:
        """Every trigger that waits for this type of event."""
        for drawer in self._drawers(event_type):
            yield from drawer.everything

    def explain(self, event: Event, program: str) -> Iterator[tuple[str, Verdict]]:
        """For one program: each trigger that waits for this type of event, and whether and why this one wakes it."""
        for drawer in self._drawers(event.type):
            for pattern, woken, _ in drawer.everything:
                if woken.program.id == program:
                    yield woken.trigger, pattern.judge(event.data)

    def _drawers(self, event_type: str) -> Iterator[_Drawer]:
        if exact := self._exact.get(event_type):
            yield exact
        for beginning, drawer in self._families.items():
            if event_type.startswith(beginning):
                yield drawer
