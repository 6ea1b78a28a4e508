"""Expressions in scalars: `${{ event.author.name | default('you') }}`.

A text that is exactly one expression keeps the value's type; among other words the value is written into the text. What
comes out is JSON (a time is a text of ISO 8601, a length of time one such as `3d`, and expressions read both back), and
it is never looked at again, even if it holds `${{`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from antiphon.language.grammar import OPEN, Source, sole_source, split
from antiphon.language.paths import Reference, label
from antiphon.language.reasons import Explained, explain
from antiphon.language.sandbox import Compiler, Evaluation, Frame
from antiphon.language.values import (
    ExpressionError,
    Later,
    Missing,
    MissingValue,
    Undecided,
    joined,
    plain,
    truth,
    written,
)
from antiphon.model.run import Verdict

_KEPT = 10_000
_PLAIN = frozenset((str, int, float, bool, type(None)))


def has_expression(text: str) -> bool:
    """Whether there is an expression anywhere in the text."""
    return OPEN in text


def is_expression(text: str) -> bool:
    """Whether the text is one expression and nothing else, spaces around it apart; raises as `Evaluator.check`."""
    return has_expression(text) and sole_source(split(text)) is not None


@dataclass(frozen=True, slots=True)
class _Expression:
    """One expression, ready to be evaluated."""

    source: Source
    name: str
    value: Evaluation
    reasons: Explained


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A text, ready to be evaluated: its parts, and the expression that is all of it, if one is."""

    parts: tuple[str | _Expression, ...]
    whole: _Expression | None
    references: tuple[Reference, ...]


class Evaluator:
    """Checks and evaluates texts with these filters. Texts are compiled once; safe to use from several threads."""

    def __init__(self, filters: Mapping[str, Callable[..., Any]]) -> None:
        self._filters = dict(filters)
        self._compiled: dict[str, _Compiled] = {}

    def check(self, text: str) -> tuple[Reference, ...]:
        """Every value that the text's expressions refer to, in reading order.

        Raises:
            ExpressionError: an expression cannot be read, or uses what is not there for it.
        """
        return self._compile(text).references

    def evaluate(self, text: str, scope: Mapping[str, Any], now: datetime) -> Any:
        """The text's value: of any type when it is exactly one expression, else a text. Times are written as texts.

        A value that depends on one that is `Later` is that `Later`; among other words it reads `‹known after …›`.

        Raises:
            MissingValue: a value that is needed is not there.
            ExpressionError: it cannot be calculated.
        """
        if OPEN not in text:
            return text
        compiled = self._compile(text)
        frame = Frame(scope, now)
        if (whole := compiled.whole) is not None:
            value = _valued(whole, frame)
            if isinstance(value, Missing):
                raise _at(value.error(), whole)
            return value if type(value) in _PLAIN else plain(value)
        return joined(part if isinstance(part, str) else _words(part, frame) for part in compiled.parts)

    def render(self, value: Any, scope: Mapping[str, Any], now: datetime) -> Any:
        """A tree of plain data in which every text is replaced by its value; keys stay. Raises as `evaluate`."""
        match value:
            case str():
                return self.evaluate(value, scope, now)
            case Mapping():
                return {key: self.render(item, scope, now) for key, item in value.items()}
            case list() | tuple():
                return [self.render(item, scope, now) for item in value]
            case _:
                return value

    def judge(self, text: str, scope: Mapping[str, Any], now: datetime) -> Verdict | None:
        """Whether the one expression that the text is counts as true, and why; None when that is known only later.

        Raises:
            ExpressionError: the text is not exactly one expression, or it cannot be calculated.
        """
        compiled = self._compile(text)
        if (whole := compiled.whole) is None:
            raise ExpressionError(
                "A condition is one expression and nothing else.", hint="Write it as ${{ … }}, all of it inside."
            )
        reasons: list[str] = []
        try:
            value = whole.reasons(Frame(scope, now), reasons)
            holds = truth(value)
        except Undecided:
            return None
        except MissingValue as missing:
            reasons.append(missing.sentence.rstrip("."))
            holds = False
        except ExpressionError as error:
            raise _at(error, whole) from None
        because = ", ".join(reasons) or ("true" if holds else "false")
        return Verdict(holds=holds, because=f"{_one_line(whole.source.text)}: {because}")

    def _compile(self, text: str) -> _Compiled:
        compiled = self._compiled.get(text)
        if compiled is None:
            compiled = self._compiled_anew(text)
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            self._compiled[text] = compiled
        return compiled

    def _compiled_anew(self, text: str) -> _Compiled:
        compiler = Compiler(self._filters)
        raw = split(text)
        parts: list[str | _Expression] = []
        references: list[Reference] = []
        for part in raw:
            if isinstance(part, str):
                parts.append(part)
                continue
            value = compiler.compile(part.tree)
            references += compiler.references
            parts.append(_Expression(part, label(part.tree), value, explain(part.tree, compiler)))
            compiler.references.clear()
        sole = sole_source(raw)
        whole = parts[raw.index(sole)] if sole is not None else None
        assert not isinstance(whole, str)
        return _Compiled(tuple(parts), whole, tuple(sorted(references, key=lambda reference: reference.offset)))


def _valued(expression: _Expression, frame: Frame) -> Any:
    try:
        return expression.value(frame)
    except Undecided as undecided:
        return undecided.later
    except ExpressionError as error:
        raise _at(error, expression) from None


def _words(expression: _Expression, frame: Frame) -> str:
    value = _valued(expression, frame)
    if isinstance(value, Later):
        return str(value)
    try:
        return written(value, expression.name)
    except ExpressionError as error:
        raise _at(error, expression) from None


def _at(error: ExpressionError, expression: _Expression) -> ExpressionError:
    error.offset = error.offset or expression.source.offset
    return error


def _one_line(source: str) -> str:
    flat = " ".join(source.split())
    return flat if len(flat) <= 200 else f"{flat[:199]}…"
