"""Every version of a workflow that a run has begun with, and the plans that can be applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from antiphon.model.listing import Listing
from antiphon.model.plan import Plan
from antiphon.model.program import Program


@dataclass(frozen=True, slots=True)
class InForce:
    """Which version of a workflow answered calls from a moment on; without a fingerprint none did any more."""

    workflow: str
    since: datetime
    fingerprint: str


class Programs(Protocol):
    """Every version of a workflow that was known, and which one was in force when."""

    def keep(self, program: Program, listing: Listing) -> None:
        """Keep a version with the text of its document; one that is kept already stays as it is."""

    def get(self, fingerprint: str) -> Program | None:
        """One version."""

    def source(self, fingerprint: str) -> str | None:
        """The text of the document as it was."""

    def listing(self, fingerprint: str) -> Listing | None:
        """The document as it was, and where its parts stand; None of a version that was kept without."""

    def put_in_force(self, current: Mapping[str, str], at: datetime) -> None:
        """Note that calls are answered from now on by these versions: fingerprints by workflow. What is as before is
        not noted again, and a workflow that is not among them is in force no more."""

    def in_force(self, workflow: str, at: datetime) -> InForce | None:
        """What was in force at a moment; None when nothing of the workflow had answered calls by then."""

    def all_in_force(self, at: datetime) -> Sequence[InForce]:
        """What was in force of every workflow at a moment, by their names."""

    def history(self, workflow: str) -> Sequence[InForce]:
        """Every change of what was in force, the newest first."""


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
