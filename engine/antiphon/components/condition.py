"""Conditions: whether a run goes on, and why."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from antiphon.components.component import Component
from antiphon.components.context import ReadContext
from antiphon.model.run import Verdict


class Condition(Component):
    """A question with a reasoned answer.

    A condition whose options may be written as one value instead of a mapping (`weekday: [mon, tue]`) names in
    `shorthand` the option that takes it.
    """

    shorthand: str = ""

    @abstractmethod
    def judge(self, options: Any, ctx: ReadContext) -> Verdict:
        """The answer; `because` shows the value found and the value asked for."""
