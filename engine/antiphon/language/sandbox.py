"""Syntax trees → closures: what is not on the list is refused before it can run.

Only the kinds of nodes below exist. There is no way from a value to a Python object's attributes or methods: `a.b` and
`a['b']` find data and nothing else, and what can be called is `now()`, `duration()`, `date()` and the filters that were
handed in. Nothing loops, and everything that grows is measured, so an evaluation ends soon whatever it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from jinja2 import nodes

from antiphon.language import operators
from antiphon.language.calls import FUNCTIONS, TESTS, USAGE, check_arguments, guarded
from antiphon.language.grammar import walk
from antiphon.language.paths import Reference, fixed_path, label, public, root
from antiphon.language.values import (
    MAX_NUMBER,
    ExpressionError,
    Later,
    Missing,
    item,
    joined,
    present,
    truth,
    written,
)
from antiphon.suggest import did_you_mean

MAX_NODES = 500
"""The most parts that an expression may have."""

MAX_CALLS = 30
"""The most filters and functions in one expression."""

_MAX_DEPTH = 100
_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Frame:
    """What one evaluation sees: the names in scope, and the run's time."""

    scope: Mapping[str, Any]
    now: datetime


Evaluation: TypeAlias = Callable[[Frame], Any]


@dataclass(slots=True)
class Compiler:
    """Turns one tree into a closure and gathers the references on the way."""

    filters: Mapping[str, Callable[..., Any]]
    references: list[Reference] = field(default_factory=list)
    depth: int = 0

    def compile(self, tree: nodes.Expr) -> Evaluation:
        """The evaluation of a tree.

        Raises:
            ExpressionError: it is too large, or has a part that is not allowed.
        """
        calls = 0
        for count, node in enumerate(walk(tree), 1):
            calls += isinstance(node, nodes.Call | nodes.Filter)
            if count > MAX_NODES or calls > MAX_CALLS:
                raise ExpressionError(
                    "This expression has too many parts.", hint="Split it with `set`.", offset=tree.lineno
                )
        return self._compile(tree)

    def _compile(self, node: nodes.Node) -> Evaluation:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ExpressionError(
                "This expression is nested too deep.", hint="Split it with `set`.", offset=node.lineno
            )
        try:
            return self._closure(node)
        except ExpressionError as error:
            error.offset = error.offset or node.lineno
            raise
        finally:
            self.depth -= 1

    def _closure(self, node: nodes.Node) -> Evaluation:
        match node:
            case nodes.Const():
                return self._constant(node.value)
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                return self._lookup(node)
            case nodes.Compare():
                return self._comparison(node)
            case nodes.And() | nodes.Or():
                return self._either(node)
            case nodes.Not():
                inner = self._compile(node.node)
                return lambda frame: not truth(inner(frame))
            case nodes.Neg():
                inner = self._compile(node.node)
                return lambda frame: operators.negative(inner(frame))
            case nodes.BinExpr() if (name := type(node).__name__.lower()) in operators.BINARY:
                left, right, calculate = self._compile(node.left), self._compile(node.right), operators.BINARY[name]
                return lambda frame: calculate(left(frame), right(frame))
            case nodes.CondExpr():
                return self._conditional(node)
            case nodes.Concat():
                return self._concatenation(node)
            case nodes.List() | nodes.Tuple():
                items = [self._compile(part) for part in node.items]
                return lambda frame: [present(part(frame)) for part in items]
            case nodes.Dict():
                pairs = [(self._compile(pair.key), self._compile(pair.value)) for pair in node.items]
                return lambda frame: {written(present(key(frame))): present(value(frame)) for key, value in pairs}
            case nodes.Filter():
                return self._filter(node)
            case nodes.Test():
                return self._test(node)
            case nodes.Call():
                return self._call(node)
        what = {"Pow": "`**`", "Pos": "A `+` before a value"}.get(type(node).__name__, "This kind of expression")
        raise ExpressionError(f"{what} is not allowed.", offset=node.lineno)

    def _constant(self, value: Any) -> Evaluation:
        if isinstance(value, str) and any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value):
            raise ExpressionError("This text holds an escape for a character that is no text.")
        if isinstance(value, int) and value > MAX_NUMBER:
            raise ExpressionError("This number is too large.")
        return lambda frame: value

    def _lookup(self, node: nodes.Name | nodes.Getattr | nodes.Getitem) -> Evaluation:
        if (names := fixed_path(node)) is not None:
            self.references.append(Reference(names, root(node).lineno))
            return _chain(names)
        assert not isinstance(node, nodes.Name)
        inner, absent = self._compile(node.node), Missing(label(node))
        if isinstance(node, nodes.Getattr):
            name = public(node.attr)
            return lambda frame: item(inner(frame), name, absent)
        if isinstance(node.arg, nodes.Slice):
            return self._slice(inner, node.arg)
        key = self._compile(node.arg)
        return lambda frame: item(inner(frame), present(key(frame)), absent)

    def _slice(self, inner: Evaluation, node: nodes.Slice) -> Evaluation:
        bounds = [self._compile(part) if part is not None else None for part in (node.start, node.stop, node.step)]

        def cut(frame: Frame) -> Any:
            value = present(inner(frame))
            edges = [present(bound(frame)) if bound is not None else None for bound in bounds]
            if not isinstance(value, str | list) or not all(edge is None or type(edge) is int for edge in edges):
                raise ExpressionError("Only a text or a list can be cut, and only by whole numbers.")
            if edges[2] == 0:
                raise ExpressionError("The step of a cut cannot be zero.")
            return value[slice(*edges)]

        return cut

    def _comparison(self, node: nodes.Compare) -> Evaluation:
        first = self._compile(node.expr)
        rest = [(operators.COMPARISONS[operand.op][1], self._compile(operand.expr)) for operand in node.ops]
        if len(rest) == 1:
            holds, second = rest[0]
            return lambda frame: holds(first(frame), second(frame))

        def compare(frame: Frame) -> bool:
            left = first(frame)
            for holds, right_side in rest:
                right = right_side(frame)
                if not holds(left, right):
                    return False
                left = right
            return True

        return compare

    def _either(self, node: nodes.And | nodes.Or) -> Evaluation:
        left, right = self._compile(node.left), self._compile(node.right)
        stops_at = isinstance(node, nodes.Or)

        def either(frame: Frame) -> Any:
            first = left(frame)
            return first if truth(first) is stops_at else right(frame)

        return either

    def _conditional(self, node: nodes.CondExpr) -> Evaluation:
        test, yes = self._compile(node.test), self._compile(node.expr1)
        absent = Missing("the value after `else`")
        no = self._compile(node.expr2) if node.expr2 is not None else lambda frame: absent
        return lambda frame: yes(frame) if truth(test(frame)) else no(frame)

    def _concatenation(self, node: nodes.Concat) -> Evaluation:
        parts = [(self._compile(part), label(part)) for part in node.nodes]
        return lambda frame: joined(written(present(part(frame)), name) for part, name in parts)

    def _arguments(self, node: nodes.Call | nodes.Filter) -> tuple[list[Evaluation], dict[str, Evaluation]]:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise ExpressionError("`*` and `**` cannot be used in a call.", offset=node.lineno)
        named = {public(str(keyword.key)): self._compile(keyword.value) for keyword in node.kwargs}
        return [self._compile(argument) for argument in node.args], named

    def _filter(self, node: nodes.Filter) -> Evaluation:
        if node.node is None:
            raise ExpressionError("A filter needs a value before its `|`.", offset=node.lineno)
        inner = self._compile(node.node)
        positional, named = self._arguments(node)
        if node.name == "default":
            return _default(inner, positional, named)
        if (apply := self.filters.get(node.name)) is None:
            known = (*self.filters, "default")
            raise ExpressionError(
                f"There is no filter `{node.name}`.", hint=did_you_mean(node.name, known), offset=node.lineno
            )
        check_arguments(node.name, apply, positional, named)

        def filtered(frame: Frame) -> Any:
            value = inner(frame)
            if isinstance(value, Missing):
                return value
            present(value)
            arguments = [present(argument(frame)) for argument in positional]
            options = {name: present(argument(frame)) for name, argument in named.items()}
            return guarded(f"| {node.name}", lambda: apply(value, *arguments, **options))

        return filtered

    def _test(self, node: nodes.Test) -> Evaluation:
        inner = self._compile(node.node)
        if node.name == "in" and len(node.args or ()) == 1:
            holds, within = operators.COMPARISONS["in"][1], self._compile(node.args[0])
            return lambda frame: holds(inner(frame), within(frame))
        if (test := TESTS.get(node.name)) is None or node.args or node.kwargs:
            raise ExpressionError(f"There is no test `is {node.name}`.", hint=did_you_mean(node.name, (*TESTS, "in")))

        def tested(frame: Frame) -> bool:
            value = inner(frame)
            return test(present(value) if isinstance(value, Later) else value)

        return tested

    def _call(self, node: nodes.Call) -> Evaluation:
        if isinstance(node.node, nodes.Getattr):
            name = node.node.attr
            hint = f"Write `… | {name}`." if name in self.filters else "Use a filter: `value | name`."
            raise ExpressionError(f"`.{name}()` cannot be called: values have no methods.", hint=hint)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        positional, named = self._arguments(node)
        if name == "now" and not positional and not named:
            return lambda frame: frame.now
        if name in FUNCTIONS and len(positional) == 1 and not named:
            function, argument = FUNCTIONS[name], positional[0]
            if isinstance(fixed := node.args[0], nodes.Const):  # read now: a mistake is found before anything runs
                return self._constant(guarded(f"{name}()", lambda: function(fixed.value)))

            def called(frame: Frame) -> Any:
                given = present(argument(frame))
                return guarded(f"{name}()", lambda: function(given))

            return called
        if name in USAGE:
            raise ExpressionError(f"`{name}` is called as {USAGE[name]}.")
        hint = f"Write `… | {name}`." if name in self.filters else did_you_mean(name, USAGE)
        raise ExpressionError(f"There is no function `{name or '…'}()`.", hint=hint)


def _chain(names: tuple[str, ...]) -> Evaluation:
    absent = Missing(".".join(names))

    def chain(frame: Frame) -> Any:
        value: Any = frame.scope
        for name in names:
            if type(value) is dict:  # nearly always, and several times quicker than asking what it is
                value = value.get(name, _ABSENT)
                if value is _ABSENT:
                    return absent
            else:
                value = item(value, name, absent)
        return value

    return chain


def _default(inner: Evaluation, positional: list[Evaluation], named: dict[str, Evaluation]) -> Evaluation:
    if len(positional) != 1 or named:
        raise ExpressionError("`default` takes one value: `x | default('y')`.")
    fallback = positional[0]

    def default(frame: Frame) -> Any:
        value = inner(frame)
        return fallback(frame) if value in (None, "") or isinstance(value, Missing) else value

    return default
