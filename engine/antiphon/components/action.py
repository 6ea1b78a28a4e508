"""Actions: what a workflow does. Saying what would be done and doing it are two methods."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from antiphon.components.component import Component
from antiphon.components.context import PerformContext, ReadContext
from antiphon.model.effect import Effect, Outcome, Unknown


class Action(Component):
    """Something done to the world outside, or to what people rely on.

    `plan` is pure and repeatable: the same options in the same run give the same effect. `perform` does exactly what
    the effect says, once, and tells what became of it; it never retries.
    """

    @abstractmethod
    def plan(self, options: Any, ctx: ReadContext) -> Effect:
        """What would be done, with its exact content. Raises GiveUp or Skip."""

    @abstractmethod
    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Do it. The returned receipt's `data`, `remote_id` and `url` become the step's result."""

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """After an unknown outcome: Done when the network has it, None when it surely has not, Unknown otherwise."""
        return Unknown(f"{self.name} has no way to look whether it was done.")


class Computation(Component):
    """Something that changes nothing: it computes, or it reads. It runs in plans too."""

    @abstractmethod
    def compute(self, options: Any, ctx: ReadContext) -> Any:
        """The step's result: JSON. Raises GiveUp, Skip or RetryLater."""
