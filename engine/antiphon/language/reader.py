"""Text → Node: YAML 1.2 core schema in which every node keeps its line and column.

The parser is libyaml's, through PyYAML, since it is ten times quicker than any written in Python; where libyaml is
missing, PyYAML's own takes its place. Only its events are used: what a scalar means is decided here, so that `on`,
`yes`, `12:30` and `2026-01-31` stay the texts that they look like.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import yaml
from yaml import events

from antiphon.errors import DocumentError, Place, Problem
from antiphon.language.scalars import resolve
from antiphon.language.syntax import explain
from antiphon.model.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 1_048_576
"""The longest document that is read, in bytes of UTF-8."""

MAX_NODES = 100_000
"""The most nodes a document may have, aliases counted as often as they are used."""

MAX_CHARACTERS = 4 * MAX_BYTES
"""The most text a document may hold, aliases counted as often as they are used."""

MAX_DEPTH = 50
"""How deep mappings and lists may be nested."""

MAX_PROBLEMS = 100
"""After this many problems nothing more is looked for."""

_UNPRINTABLE = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_file(path: Path, root: Path | None = None) -> Node:
    """Read a file. Places name it as seen from `root`, or as given.

    Raises:
        DocumentError: it is not there, too long, not UTF-8, or not a document.
    """
    file = str(path)
    if root is not None:
        with contextlib.suppress(ValueError):
            file = path.resolve().relative_to(root.resolve()).as_posix()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_long(file)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refusal(Place(file), f"This file cannot be read: {reason.lower()}.") from error
    return read_bytes(data, file)


def read_bytes(data: bytes, file: str) -> Node:
    """Read a document from bytes of UTF-8, with or without a byte order mark; raises as `read` does."""
    if len(data) > MAX_BYTES:
        raise _too_long(file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        raise _refusal(
            _place_at(before, len(before), file), "This is not UTF-8 text.", "Save the file as UTF-8."
        ) from error
    return read(text, file)


def read(text: str, file: str) -> Node:
    """Read a document; its root is a mapping.

    Raises:
        DocumentError: everything that is wrong with it as YAML, as far as can be seen.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", errors="replace")) > MAX_BYTES:
        raise _too_long(file)
    text = text.removeprefix("\ufeff")
    if strange := list(_UNPRINTABLE.finditer(text)):
        raise DocumentError(
            [
                Problem(
                    _place_at(text, match.start(), file),
                    f"The invisible character U+{ord(match[0]):04X} is not allowed.",
                    'Delete it, or write it as an escape in double quotes, such as "\\u2028".',
                )
                for match in strange[:20]
            ]
        )
    return _Reading(text, file).document()


def _too_long(file: str) -> DocumentError:
    return _refusal(
        Place(file),
        "This document is longer than 1 MiB.",
        "Split it, or keep long texts and lists in files of their own.",
    )


def _refusal(place: Place, sentence: str, hint: str = "") -> DocumentError:
    return DocumentError([Problem(place, sentence, hint)])


def _place_at(text: str, offset: int, file: str) -> Place:
    before = text[:offset]
    return Place(file, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A node that aliases may stand for, and what each use of it weighs."""

    node: Node
    nodes: int
    characters: int
    height: int


class _Stop(Exception):
    """Reading on makes no sense; the problem is noted."""


@dataclass(slots=True)
class _Reading:
    """One pass over the events of one text."""

    text: str
    file: str
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, _Anchored | None] = field(default_factory=dict)
    nodes: int = 0
    characters: int = 0
    height: int = 0

    def document(self) -> Node:
        root = None
        try:
            stream = self._events()
            for event in stream:
                if isinstance(event, events.DocumentStartEvent):
                    if root is not None:
                        self._stop(self._place(event), "A second document begins here.", "Keep one document in a file.")
                    root = self._node(next(stream), stream, 1)
        except yaml.MarkedYAMLError as error:
            problem = explain(error, self.text, self.file)
            if problem.place.line not in {known.place.line for known in self.problems}:
                self.problems.append(problem)
        except yaml.YAMLError:
            self._note(Place(self.file), "This is not YAML.")
        except _Stop:
            pass
        else:
            if root is None or root.value is None:
                self._note(Place(self.file), "This document is empty.", "A document begins with `antiphon: 1`.")
            elif not isinstance(root.value, dict):
                self._note(root.place, "A document must be a mapping of keys and values.", "Begin with `antiphon: 1`.")
        if self.problems or root is None:
            raise DocumentError(self.problems)
        return root

    def _events(self) -> Iterator[Any]:
        parser = _PARSER(self.text)
        try:
            while (event := parser.get_event()) is not None:
                yield event
        finally:
            parser.dispose()

    def _node(self, event: Any, stream: Iterator[Any], depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, events.AliasEvent):
            return self._alias(str(event.anchor), place, depth)
        if event.tag is not None:
            self._note(place, f"The tag `{event.tag}` is not known.", "Documents have no tags; put a text in quotes.")
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        nodes, characters, outer = self.nodes, self.characters, self.height
        self.height = 0
        if isinstance(event, events.ScalarEvent):
            node = self._scalar(event, place)
        else:
            if depth > MAX_DEPTH:
                self._stop(place, f"This is nested deeper than {MAX_DEPTH} levels.", "Split the document.")
            node = (
                self._mapping(place, stream, depth)
                if isinstance(event, events.MappingStartEvent)
                else self._list(place, stream, depth)
            )
        self._weigh(1, 0, place)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(node, self.nodes - nodes, self.characters - characters, self.height)
        self.height = max(outer, self.height + 1)
        return node

    def _scalar(self, event: Any, place: Place) -> Node:
        self._weigh(0, len(event.value), place)
        if event.style == '"' and _UNSTORABLE.search(event.value):
            self._note(place, "This text holds an escape for a character that is no text.", "Take the escape out.")
        if event.style:  # quoted or block: a text whatever it looks like
            return Node(event.value, place)
        try:
            return Node(resolve(event.value), place)
        except ValueError as error:
            self._note(place, str(error), "If it is not meant to be calculated with, put it in quotes.")
            return Node(event.value, place)

    def _list(self, place: Place, stream: Iterator[Any], depth: int) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(stream), events.SequenceEndEvent):
            items.append(self._node(event, stream, depth + 1))
        return Node(items, place)

    def _mapping(self, place: Place, stream: Iterator[Any], depth: int) -> Node:
        mapping: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(stream), events.MappingEndEvent):
            key = self._node(event, stream, depth + 1)
            value = self._node(next(stream), stream, depth + 1)
            plain = isinstance(event, events.ScalarEvent) and not event.style
            if not isinstance(key.value, str):
                self._note(*self._not_a_key(key))
            elif key.value == "<<" and plain:
                self._note(
                    key.place, "Merge keys (`<<`) are not known.", "Write the keys out, or use an alias as a value."
                )
            elif (first := keys.get(key.value)) is not None:
                self._note(
                    key.place,
                    f"The key `{key.value}` is here twice; the first is at line {first.line}, column {first.column}.",
                    "Keep one of them.",
                )
            else:
                mapping[key.value] = value
                keys[key.value] = key.place
        return Node(mapping, place, keys)

    def _not_a_key(self, key: Node) -> tuple[Place, str, str]:
        if isinstance(key.value, dict | list):
            if self._line(key.place.line)[: key.place.column].rstrip().endswith(("{{", "{")):
                place = Place(self.file, key.place.line, max(1, key.place.column - 1))
                return (
                    place,
                    "A value that begins with `{{` must be in quotes.",
                    'Write "{{ … }}" with double quotes around it.',
                )
            return key.place, "A key must be a text, not a mapping or a list.", "If this is a text, put it in quotes."
        word = "an empty value" if key.value is None else f"`{str(key.value).lower()}`"
        return key.place, f"A key must be a text, not {word}.", "Put it in quotes."

    def _alias(self, name: str, place: Place, depth: int) -> Node:
        anchored = self.anchors.get(name)
        if anchored is None:
            wrong = "refers to the very thing it stands in" if name in self.anchors else "refers to nothing above"
            self._stop(place, f"The alias `*{name}` {wrong}.", "If this is a text, put it in quotes.")
        if depth + anchored.height - 1 > MAX_DEPTH:
            self._stop(place, f"This is nested deeper than {MAX_DEPTH} levels.", "Write it out flatter.")
        self._weigh(anchored.nodes, anchored.characters, place)
        self.height = max(self.height, anchored.height)
        return anchored.node

    def _weigh(self, nodes: int, characters: int, place: Place) -> None:
        self.nodes += nodes
        self.characters += characters
        if self.nodes > MAX_NODES or self.characters > MAX_CHARACTERS:
            self._stop(
                place, f"This document has more than {MAX_NODES:,} values or 4 MiB of text, aliases counted in full."
            )

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _line(self, number: int) -> str:
        return self.text.split("\n", number)[number - 1] if number <= self.text.count("\n") + 1 else ""

    def _note(self, place: Place, sentence: str, hint: str = "") -> None:
        self.problems.append(Problem(place, sentence, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop

    def _stop(self, place: Place, sentence: str, hint: str = "") -> NoReturn:
        self._note(place, sentence, hint)
        raise _Stop
