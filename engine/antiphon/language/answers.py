"""Answers put into the body of a recipe, on the parsed tree: values never become YAML again.

An expression that refers to `inputs` only is evaluated; any other is kept for the run, which sees the answers as
`inputs.…`. A text answer may itself hold expressions for the run (“Thank you, ${{ event.author.name }}!”); then it can
only be copied, not calculated with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from jinja2 import nodes

from antiphon.errors import DocumentError, Place, Problem
from antiphon.language.expressions import Evaluator, has_expression
from antiphon.language.grammar import OPEN, Source, sole_source, split, walk
from antiphon.language.paths import fixed_path
from antiphon.language.reader import MAX_NODES
from antiphon.language.values import ExpressionError, joined, written
from antiphon.model.document import Node
from antiphon.suggest import did_you_mean

_TIMELESS = datetime(1970, 1, 1, tzinfo=UTC)
"""Expressions that ask for the time are left to the run, so nothing sees this."""


@dataclass(slots=True)
class Answers:
    """What the questions of one recipe were answered with.

    `values` are what expressions see; `given` are the nodes of those answers that stand in the user's document; `slots`
    are the steps that fill the recipe's slots.
    """

    values: Mapping[str, Any]
    given: Mapping[str, Node]
    slots: Mapping[str, Node]
    evaluator: Evaluator
    problems: list[Problem] = field(default_factory=list)
    size: int = 0

    def put(self, node: Node, handed: Mapping[str, Node] | None = None) -> Node:
        """A copy of the tree with the answers in it. `handed` are the values that a slot's steps read as `slot.…`."""
        self._grow(1, node.place)
        match node.value:
            case dict() as mapping:
                put = {key: self.put(value, handed) for key, value in mapping.items()}
                places = {
                    key: put[key].place if key in put and put[key].place.file != mapping[key].place.file else place
                    for key, place in node.keys.items()
                }
                return Node(put, node.place, places)
            case list() as items:
                return Node([new for item in items for new in self._items(item, handed)], node.place)
            case str() as text if has_expression(text):
                return self._scalar(text, node, handed)
        return node

    def answer(self, name: str, place: Place) -> Node:
        """An answer as a tree: where the user gave it, or at `place` when it is a default."""
        value, given = self.values[name], self.given.get(name)
        if given is None:
            return Node.of(value, place)
        return given if given.plain() == value else Node.of(value, given.place)

    def _grow(self, size: int, place: Place) -> None:
        self.size += size
        if self.size > MAX_NODES:
            raise DocumentError([Problem(place, f"The unfolded recipe has more than {MAX_NODES:,} values.")])

    def _items(self, item: Node, handed: Mapping[str, Node] | None) -> list[Node]:
        """A list's item, or the steps that take the place of a slot."""
        if not isinstance(item.value, dict) or "slot" not in item.value:
            return [self.put(item, handed)]
        if handed is not None:
            self._note(item.place, "The steps that fill a slot cannot have a slot themselves.")
            return []
        name = item.value["slot"].value
        if not isinstance(name, str) or name not in self.slots:
            hint = did_you_mean(str(name), self.slots) or "A slot is an input of `type: steps`."
            self._note(item.value["slot"].place, f"There is no slot `{name}`.", hint)
            return []
        for key in item.value:
            if key not in ("slot", "with"):
                self._note(item.keys[key], f"`{key}` is not a key of a slot.", "A slot has `slot` and `with`.")
        inner = item.value.get("with", Node({}, item.place))
        inner = self.put(inner)
        steps = self.slots[name].value
        assert isinstance(steps, list)
        values = inner.value if isinstance(inner.value, dict) else {}
        return [new for step in steps for new in self._items(step, values)]

    def _scalar(self, text: str, node: Node, handed: Mapping[str, Node] | None) -> Node:
        try:
            if handed is not None:
                text = self._hand(text, handed)
            parts = split(text)
            if (sole := sole_source(parts)) is not None:
                return self._whole(sole, Node(text, node.place))
            words = [part if isinstance(part, str) else self._words(part) for part in parts]
            result = joined(words)
            kept = sum(word.count(OPEN) for word, part in zip(words, parts, strict=True) if isinstance(part, Source))
            if result.count(OPEN) != kept:
                raise ExpressionError("The answers make an expression here that neither the recipe nor they have.")
            return Node(result, node.place)
        except ExpressionError as error:
            at = node.place
            inline = "\n" not in text and handed is None
            at = Place(at.file, at.line, at.column + error.offset) if inline else at
            self._note(at, error.sentence, error.hint)
            return Node(None, node.place)

    def _whole(self, source: Source, node: Node) -> Node:
        names = self._inputs_of(source)
        if not names:
            return node
        path = fixed_path(source.tree)
        if path is not None and len(path) == 2:
            put = self.answer(path[1], node.place)
        else:
            place = next((self.given[name].place for name in names if name in self.given), node.place)
            put = Node.of(self._value(source), place)
        self._grow(_size(put), node.place)
        return put

    def _words(self, source: Source) -> str:
        if not self._inputs_of(source):
            return f"{OPEN} {source.text} }}}}"
        return written(self._value(source), source.text)

    def _value(self, source: Source) -> Any:
        value = self.evaluator.evaluate(f"{OPEN} {source.text} }}}}", {"inputs": self.values}, _TIMELESS)
        if fixed_path(source.tree) is None and _holds_expression(value):
            raise ExpressionError("An answer that holds an expression can only be copied, not calculated with.")
        return value

    def _inputs_of(self, source: Source) -> list[str]:
        """The inputs that an expression refers to, if it can be evaluated now: it refers to nothing else."""
        references = self.evaluator.check(f"{OPEN} {source.text} }}}}")
        inputs = []
        for reference in references:
            if reference.path[0] != "inputs" or len(reference.path) == 1:
                continue
            name, offset = reference.path[1], source.offset + reference.offset - len(OPEN) - 1
            if name in self.slots:
                raise ExpressionError(f"`{name}` is a slot.", hint=f"Use it as a step: - slot: {name}", offset=offset)
            if name not in self.values:
                hint = did_you_mean(name, self.values)
                raise ExpressionError(f"There is no input `{name}`.", hint=hint, offset=offset)
            inputs.append(name)
        timely = any(isinstance(node, nodes.Call) and _called(node) == "now" for node in walk(source.tree))
        if len(inputs) == len(references) and not timely:
            return inputs
        if held := next((name for name in inputs if _holds_expression(self.values[name])), None):
            raise ExpressionError(
                f"The answer `{held}` holds an expression; it can only be copied, not calculated with."
            )
        return []

    def _hand(self, text: str, handed: Mapping[str, Node]) -> str:
        """The text of a slot's step with the recipe's own expressions in the place of `slot.…`."""
        for reference in reversed(self.evaluator.check(text)):
            if reference.path[0] != "slot":
                continue
            name = reference.path[1] if len(reference.path) > 1 else ""
            if name not in handed:
                hint = did_you_mean(name, handed)
                raise ExpressionError(f"This slot is not handed `{name}`.", hint=hint, offset=reference.offset)
            rest = text[reference.offset :]
            word = re.escape(name)
            chain = re.match(rf"slot\s*(?:\.\s*{word}\b|\[\s*(['\"]){word}\1\s*\])", rest)
            if chain is None:
                raise ExpressionError(f"Write `slot.{name}`.", offset=reference.offset)
            text = text[: reference.offset] + f"({_as_source(handed[name])})" + rest[chain.end() :]
        return text

    def _note(self, place: Place, sentence: str, hint: str = "") -> None:
        self.problems.append(Problem(place, sentence, hint))


def _called(node: nodes.Call) -> str:
    return node.node.name if isinstance(node.node, nodes.Name) else ""


def _size(node: Node) -> int:
    return sum(1 for _ in node.scalars())


def _holds_expression(value: Any) -> bool:
    match value:
        case str():
            return has_expression(value)
        case dict():
            return any(_holds_expression(item) for item in value.values())
        case list() | tuple():
            return any(_holds_expression(item) for item in value)
    return False


def _as_source(node: Node) -> str:
    """What a slot is handed as a part of an expression."""
    value = node.plain()
    if isinstance(value, str) and has_expression(value):
        parts = split(value)
        if (sole := sole_source(parts)) is None:
            raise ExpressionError("A slot is handed one expression or a plain value.")
        return sole.text
    if value is None or isinstance(value, bool):
        return "none" if value is None else str(value).lower()
    return json.dumps(value)
