"""The conditions that look at a value, and the one that remembers."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, model_validator

from antiphon.components.component import Options
from antiphon.components.condition import Condition
from antiphon.components.context import ReadContext
from antiphon.components.pattern import Comparable, Operators, short
from antiphon.model.duration import Duration, format_duration
from antiphon.model.run import Verdict


class TextOptions(Options, Operators):
    """A text, and what it must be."""

    of: Any = Field(description="The text, or a list of texts; usually an expression.")

    @cached_property
    def wanted(self) -> Operators:
        """The operators alone."""
        return _operators(self, "text")

    @model_validator(mode="after")
    def _asks_something(self) -> TextOptions:
        _ = self.wanted
        return self


class Text(Condition):
    """Holds when a text is as described, without regard to case and accents.

        text: {of: "${{ event.text }}", contains_any: [remboursement, refund]}

    Every operator that is given must hold; they are those of `match`.
    """

    name = "text"
    Options = TextOptions

    def judge(self, options: TextOptions, ctx: ReadContext) -> Verdict:
        """The first operator that does not hold, with the text."""
        reason = options.wanted.check(options.of)
        told = reason or f"fits: {options.wanted.in_words()}"
        return Verdict(holds=not reason, because=f"{short(options.of)} {told}")


class NumberOptions(Options):
    """A number, and what it must be."""

    of: Any = Field(description="The number; usually an expression.")
    equals: float | None = Field(None, description="Equal.")
    above: float | None = Field(None, description="Greater than.")
    below: float | None = Field(None, description="Less than.")
    at_least: float | None = Field(None, description="Greater than or equal.")
    at_most: float | None = Field(None, description="Less than or equal.")
    between: tuple[Comparable, Comparable] | None = Field(None, description="From the first to the second, inclusive.")

    @cached_property
    def wanted(self) -> Operators:
        """The operators alone."""
        return _operators(self, "number")

    @model_validator(mode="after")
    def _asks_something(self) -> NumberOptions:
        _ = self.wanted
        return self


class Number(Condition):
    """Holds when a number is as described.

        number: {of: "${{ event.author.followers }}", at_least: 1000}

    A text that reads as a number, such as "1200", counts as one.
    """

    name = "number"
    Options = NumberOptions

    def judge(self, options: NumberOptions, ctx: ReadContext) -> Verdict:
        """The first operator that does not hold, with the number."""
        number = _number(options.of)
        if number is None:
            return Verdict(holds=False, because=f"{short(options.of)} is not a number")
        reason = options.wanted.check(number)
        told = reason or f"fits: {options.wanted.in_words()}"
        return Verdict(holds=not reason, because=f"{number} {told}")


class DedupeOptions(Options):
    """What counts as the same, for how long, and for whom."""

    key: Any = Field(description="What is the same when it comes again; usually an expression.")
    within: Duration = Field(description="For how long it counts as known.")
    scope: Literal["workflow", "workspace"] = Field("workflow", description="Who shares the memory.")


class Dedupe(Condition):
    """Holds the first time that a key comes up within a while.

        dedupe: {key: "${{ event.author.handle }}", within: 7d}

    Only a live run is remembered: a plan looks and leaves no trace. A run that is resumed is its own first.
    """

    name = "dedupe"
    Options = DedupeOptions

    def judge(self, options: DedupeOptions, ctx: ReadContext) -> Verdict:
        """Whether nobody else has brought the key; notes it in a live run."""
        if options.key in (None, "", [], {}):
            return Verdict(holds=False, because="the dedupe key is empty, so that nothing can be told apart")
        here, now = ctx.here, ctx.clock.now()
        scope = "workspace" if options.scope == "workspace" else f"workflow:{here.workflow}"
        key = _mark(options.key)
        if here.live:
            first = ctx.marks.first(scope, key, here.run, now, now + options.within)
        else:
            first = not ctx.marks.known(scope, key, here.run, now)
        saying = "is new" if first else "was seen already"
        because = f"{short(options.key)} {saying} in this {options.scope} within {format_duration(options.within)}"
        return Verdict(holds=first, because=because)


def _operators(options: Options, kind: str) -> Operators:
    given = {name: getattr(options, name) for name in options.model_fields_set if name != "of"}
    given = {name: value for name, value in given.items() if value is not None or name == "equals"}
    if not given:
        raise ValueError(f"say what the {kind} must be, such as `{'contains' if kind == 'text' else 'above'}`")
    return Operators.model_validate(given)


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        try:
            value = int(value) if value.strip().lstrip("+-").isdigit() else float(value)
        except ValueError:
            return None
    return value if value == value and abs(value) != float("inf") else None


def _mark(key: Any) -> str:
    """A key as the memory keeps it: readable when it is short, hashed when it is long."""
    text = key if isinstance(key, str) else json.dumps(key, sort_keys=True, ensure_ascii=False, default=str)
    return text if len(text) <= 200 else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
