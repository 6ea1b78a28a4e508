"""Make: what a `use` step comes to before anything outward happens."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_jsonable_python

from antiphon.components.action import Action, Computation
from antiphon.components.context import ReadContext
from antiphon.components.secret_marks import without_seals
from antiphon.language import Later
from antiphon.model.effect import Effect
from antiphon.model.policy import Terms
from antiphon.model.program import Program
from antiphon.model.workflow import Use
from antiphon.runtime.later import holds_later, shown


def make(component: type[Action | Computation], values: Any, ctx: ReadContext) -> Any:
    """An action's effect, or a computation's result as JSON; `Later` for a computation whose values are not known yet.

    Raises whatever the component raises, and ValidationError when it cannot use the values.
    """
    if issubclass(component, Action):
        effect: object = component().plan(component.Options.model_validate(shown(values)), ctx)
        if not isinstance(effect, Effect):
            raise TypeError(f"plan gave {type(effect).__name__} instead of an Effect")
        return effect.model_copy(update={"payload": to_jsonable_python(effect.payload), "outward": component.outward})
    if holds_later(values):
        return Later(ctx.here.step)
    return without_seals(to_jsonable_python(component().compute(component.Options.model_validate(values), ctx)))


def with_terms(effect: Effect, step: Use, program: Program) -> Effect:
    """The effect with what the document adds to the workspace's policy."""
    hours = step.hours
    if hours is not None and hours.tz == "workflow":
        hours = hours.model_copy(update={"tz": program.timezone})
    terms = Terms(hours=hours, cap=step.cap, veto=step.veto, limits=program.limits, priority=program.priority)
    return effect.model_copy(update={"group": step.cap.group if step.cap else "", "terms": terms})
