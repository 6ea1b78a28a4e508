"""Sections: the parts that a report is built of."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from antiphon.components.component import Component
from antiphon.components.ports import Store
from antiphon.model.report import Block


@dataclass(frozen=True)
class ReportContext:
    """The period (`since` to before `until`, UTC), the reader's language and time zone, and what is kept."""

    since: datetime
    until: datetime
    language: Literal["en", "fr"]
    timezone: ZoneInfo
    store: Store


class Section(Component):
    """One part of a report. It reads and never writes."""

    @abstractmethod
    def build(self, options: Any, ctx: ReportContext) -> Block | Sequence[Block]:
        """What this part says about the period, in one block or several."""
