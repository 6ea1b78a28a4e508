"""Every version of a workflow that a run has begun with, and the plans that can be applied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from antiphon.model.plan import Plan
from antiphon.model.program import Program


class Programs(Protocol):
    """Every version of a workflow that a run has begun with."""

    def keep(self, program: Program, source: str) -> None:
        """Keep a version with the text of its document."""

    def get(self, fingerprint: str) -> Program | None:
        """One version."""

    def source(self, fingerprint: str) -> str | None:
        """The text of the document as it was."""


class Plans(Protocol):
    """Plans that were shown to somebody, and can be applied."""

    def keep(self, plan: Plan) -> None:
        """Keep a plan; made once more, it is as old as the last time."""

    def begin(self, fingerprint: str, at: datetime, *, follow: bool) -> Plan:
        """Note that a plan is being applied; the first moment stays, and so does a `follow` once given."""

    def get(self, fingerprint: str) -> Plan | None:
        """One plan, by its fingerprint or an unambiguous beginning of it.

        Raises:
            InputError: the beginning fits several plans.
        """

    def list(self, *, workflow: str = "", limit: int = 50) -> Sequence[Plan]:
        """The newest first."""
