"""Why an expression holds or does not: the same evaluation, noting both values of every comparison it makes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, TypeAlias

from jinja2 import nodes

from antiphon.language import operators
from antiphon.language.paths import label
from antiphon.language.sandbox import Compiler, Frame
from antiphon.language.values import Later, Missing, shown, truth

Explained: TypeAlias = Callable[[Frame, list[str]], Any]
"""An evaluation that adds its reasons to a list."""


def explain(tree: nodes.Expr, compiler: Compiler) -> Explained:
    """The evaluation of a tree that `compiler` has accepted, with its reasons."""
    match tree:
        case nodes.And() | nodes.Or():
            return _either(explain(tree.left, compiler), explain(tree.right, compiler), isinstance(tree, nodes.Or))
        case nodes.Not():
            inner = explain(tree.node, compiler)
            return lambda frame, reasons: not truth(inner(frame, reasons))
        case nodes.Compare():
            return _comparison(tree, compiler)
    plain = compiler.compile(tree)

    def judge(frame: Frame, reasons: list[str]) -> Any:
        value = plain(frame)
        if isinstance(value, Missing):
            reasons.append(f"{value.path} is not there")
        elif not isinstance(value, bool | Later):
            reasons.append(f"{label(tree)} is {shown(value)}")
        return value

    return judge


def _either(left: Explained, right: Explained, stops_at: bool) -> Explained:
    def either(frame: Frame, reasons: list[str]) -> Any:
        first = left(frame, reasons)
        return first if truth(first) is stops_at else right(frame, reasons)

    return either


def _comparison(tree: nodes.Compare, compiler: Compiler) -> Explained:
    sides = [compiler.compile(side) for side in (tree.expr, *(operand.expr for operand in tree.ops))]
    signs, holds = zip(*(operators.COMPARISONS[operand.op] for operand in tree.ops), strict=True)

    def compare(frame: Frame, reasons: list[str]) -> bool:
        values = [side(frame) for side in sides]
        outcome = all(hold(*pair) for hold, pair in zip(holds, itertools.pairwise(values), strict=True))
        missing = [value for value in values if isinstance(value, Missing)]
        reasons.extend(f"{value.path} is not there" for value in missing)
        if not missing:
            seen = "".join(f" {sign} {shown(value)}" for sign, value in zip(signs, values[1:], strict=True))
            reasons.append(f"{shown(values[0])}{seen} is {str(outcome).lower()}")
        return outcome

    return compare
