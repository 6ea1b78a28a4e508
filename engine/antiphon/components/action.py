"""Actions: what a workflow does. Saying what would be done and doing it are two methods."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from antiphon.components.component import Component
from antiphon.components.context import PerformContext, ReadContext
from antiphon.model.effect import Effect, Outcome, Receipt, Unknown


class Action(Component):
    """Something done to the world outside, or to what people rely on.

    `plan` is pure and repeatable: the same options in the same run give the same effect. `perform` does exactly what
    the effect says, once, and tells what became of it; it never retries. What is `outward` reaches somebody outside,
    and keeps to the workspace's hours, caps, budgets and brakes; a ticket or a report does not.
    """

    outward: ClassVar[bool] = True

    @abstractmethod
    def plan(self, options: Any, ctx: ReadContext) -> Effect:
        """What would be done, with its exact content. Raises GiveUp or Skip."""

    @abstractmethod
    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Do it. The returned receipt's `data`, `remote_id` and `url` become the step's result."""

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """After an outcome in doubt: Done when the network has it, None when it surely has not, Unknown when it cannot
        tell. Raises RetryLater or AccessLost when the network cannot be asked now."""
        return Unknown(f"{self.name} has no way to look whether it was done.")

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """The effect that reverses one that was done, made by `ctx.effect` for the action that performs it.

        None when there is no way back; raises GiveUp with the reason when there was one and it is closed, such as when
        it is too late. Its key and what it undoes are filled in by the engine.
        """
        return None


class Computation(Component):
    """Something that changes nothing: it computes, or it reads. It runs in plans too."""

    @abstractmethod
    def compute(self, options: Any, ctx: ReadContext) -> Any:
        """The step's result: JSON. Raises GiveUp, Skip or RetryLater."""
