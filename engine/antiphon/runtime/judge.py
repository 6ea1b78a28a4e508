"""Judge: conditions as they are written, answered with reasons."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from antiphon.catalogue import Catalogue
from antiphon.components.context import ReadContext
from antiphon.errors import AntiphonError, GiveUp
from antiphon.language import Evaluator, ExpressionError
from antiphon.model.base import describe
from antiphon.model.run import Verdict
from antiphon.runtime.later import holds_later


class Judge:
    """Answers conditions in one run's scope. A condition that only a later result can decide gives None."""

    def __init__(self, catalogue: Catalogue, evaluator: Evaluator) -> None:
        self._catalogue = catalogue
        self._evaluator = evaluator

    def judge(self, conditions: Any, ctx: ReadContext) -> Verdict | None:
        """One verdict on all of it. A list stops at the first that does not hold."""
        match conditions:
            case bool():
                return Verdict(holds=conditions, because=f"it says {str(conditions).lower()}")
            case str():
                return self._evaluator.judge(conditions, ctx.scope, ctx.clock.now())
            case list() | tuple():
                return self._all(conditions, ctx)
            case dict():
                return self._named(*next(iter(conditions.items())), ctx)
        raise GiveUp(f"{conditions!r} is not a condition.")

    def verdicts(self, conditions: Any, ctx: ReadContext) -> list[Verdict | None]:
        """The verdict on each item of a list up to the first that does not hold."""
        found: list[Verdict | None] = []
        for condition in conditions if isinstance(conditions, list | tuple) else [conditions]:
            found.append(verdict := self.judge(condition, ctx))
            if verdict is not None and not verdict.holds:
                break
        return found

    def _all(self, conditions: Any, ctx: ReadContext) -> Verdict | None:
        verdicts = self.verdicts(list(conditions), ctx)
        refusing = next((verdict for verdict in verdicts if verdict is not None and not verdict.holds), None)
        if refusing is not None or None in verdicts:
            return refusing
        told = [verdict.because for verdict in verdicts if verdict is not None]
        return Verdict(holds=True, because="; ".join(told) or "nothing is asked")

    def _any(self, conditions: Any, ctx: ReadContext) -> Verdict | None:
        told, undecided = [], False
        for condition in conditions if isinstance(conditions, list | tuple) else [conditions]:
            verdict = self.judge(condition, ctx)
            if verdict is None:
                undecided = True
            elif verdict.holds:
                return verdict
            else:
                told.append(verdict.because)
        return None if undecided else Verdict(holds=False, because="none of: " + "; ".join(told))

    def _named(self, name: str, options: Any, ctx: ReadContext) -> Verdict | None:
        if name == "all":
            return self._all(options if isinstance(options, list) else [options], ctx)
        if name == "any":
            return self._any(options, ctx)
        if name == "not":
            verdict = self.judge(options, ctx)
            return None if verdict is None else Verdict(holds=not verdict.holds, because=f"not: {verdict.because}")
        component = self._catalogue.conditions.get(name)
        if component is None:
            raise GiveUp(f"No plugin offers the condition `{name}` any more.", hint="Install it again.")
        written = options if isinstance(options, dict) or not component.shorthand else {component.shorthand: options}
        try:
            rendered = self._evaluator.render(written, ctx.scope, ctx.clock.now())
        except ExpressionError as error:
            return Verdict(holds=False, because=error.sentence)
        if holds_later(rendered):
            return None
        try:
            answer: object = component().judge(component.Options.model_validate(rendered), ctx)
        except ValidationError as error:
            raise GiveUp(f"The condition `{name}` cannot be asked: {describe(error)}.") from error
        except AntiphonError:
            raise
        except Exception as error:
            raise GiveUp(f"The condition `{name}` failed in its own code: {type(error).__name__}: {error}") from error
        if not isinstance(answer, Verdict):
            raise GiveUp(f"The condition `{name}` answered {type(answer).__name__} instead of a Verdict.")
        return answer
