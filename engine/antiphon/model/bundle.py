"""A bundle: one run with everything that it came by, in one file that can be handed on and replayed offline."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from antiphon.model.approval import Approval
from antiphon.model.base import Noun
from antiphon.model.effect import LedgerEntry
from antiphon.model.listing import Listing
from antiphon.model.program import Program
from antiphon.model.run import Run


class Setting(Noun):
    """What expressions knew about the workspace."""

    name: str = ""
    timezone: str = "UTC"
    language: str = "en"
    flags: dict[str, bool] = {}


class Heard(Noun):
    """An event as it was heard."""

    id: str
    type: str
    at: datetime
    data: dict[str, Any] = {}
    source: str = ""


class Did(Noun):
    """An effect of the run: what became of it, each change of its state, and what policy said each time."""

    entry: LedgerEntry
    history: list[dict[str, Any]] = []
    rulings: list[dict[str, Any]] = []


class Bundle(Noun):
    """One run, redacted: the versions that took part, what was heard, what was done, and when.

    `programs` and `listings` are by their fingerprints; the run's own version is `run.program`, the others are those of
    workflows that it called. `lock` is the text of antiphon.lock, where there was one. All times are UTC.
    """

    bundle: Literal[1] = Field(1, description="The version of this form.")
    made_at: datetime
    antiphon: str
    plugins: dict[str, str] = {}
    lock: str = ""
    anonymous: bool = False
    workspace: Setting = Setting()
    programs: dict[str, Program]
    listings: dict[str, Listing] = {}
    run: Run
    events: tuple[Heard, ...] = ()
    effects: tuple[Did, ...] = ()
    approvals: tuple[Approval, ...] = ()
