"""An undoing: what can be done about one effect after the fact."""

from __future__ import annotations

from enum import StrEnum

from antiphon.model.base import Noun
from antiphon.model.effect import Effect, LedgerEntry


class UndoWay(StrEnum):
    """How an effect is undone."""

    REVERSE = "reverse"
    CANCEL = "cancel"
    NONE = "none"


class Undoing(Noun):
    """One effect, whether and how it can be undone, and in words what will be done or why nothing can be.

    `inverse` is the effect that reverses it; `undone` is the ledger's entry of an earlier undo.
    """

    entry: LedgerEntry
    way: UndoWay
    told: str
    inverse: Effect | None = None
    undone: LedgerEntry | None = None
