"""An effect: one outward act, from the plan to the receipt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from antiphon.model.base import Noun
from antiphon.model.policy import Terms
from antiphon.model.ruling import Ruling, Way, person_key

Idempotency = Literal["native", "lookup", "none"]
"""How a network keeps one act from happening twice: its own key, a look-up afterwards, or not at all."""

_FORGOTTEN = "forgotten:"


class EffectState(StrEnum):
    """Where an effect stands; the arrows between the states are in docs and in the ledger."""

    PLANNED = "planned"
    HELD = "held"
    CLAIMED = "claimed"
    DONE = "done"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    PARKED = "parked"
    VETOED = "vetoed"


class Effect(Noun):
    """One outward act, exactly as it would be performed.

    `key` is its identity: two effects with one key are the same act and happen once. `payload` is the exact content,
    a JSON object that never holds a secret. `summary` is one line for a person. `undoes` is the key of the effect that
    this one reverses. The workspace's policy goes by the rest: `recipients` are the addresses it goes to, `cost` is
    its price where that is known before, `group` and `terms` come from the document. What is not `outward` is not held
    back by policy: it reaches nobody outside.
    """

    key: str
    action: str
    workflow: str
    run: str
    step: str
    summary: str
    payload: dict[str, Any] = {}
    connection: str = ""
    subject: str = ""
    event: str = ""
    idempotency: Idempotency = "none"
    reversible: bool = False
    undoes: str = ""
    outward: bool = True
    recipients: tuple[str, ...] = ()
    group: str = ""
    cost: float = 0.0
    terms: Terms = Terms()

    @property
    def persons(self) -> tuple[str, ...]:
        """Whom it reaches, each in one spelling: the subject of the run, and the addresses it goes to."""
        named = (person_key(name) for name in (self.subject, *self.recipients))
        return tuple(dict.fromkeys(name for name in named if name))


def undo_key(key: str) -> str:
    """The key of the effect that reverses another one: an act is undone once, however often that is asked."""
    return f"undo/{key}"


def forgotten_key(key: str) -> str:
    """What stands for the key of an effect whose person was forgotten: a SHA-256, by which the ledger knows it."""
    undo, own = ("undo/", key[5:]) if key.startswith("undo/") else ("", key)
    if own.startswith(_FORGOTTEN):
        return key
    return f"{undo}{_FORGOTTEN}{hashlib.sha256(own.encode('utf-8', 'replace')).hexdigest()}"


class Receipt(Noun):
    """The proof that an effect was done: what the network calls it and where it can be seen."""

    remote_id: str = ""
    url: str = ""
    at: datetime
    payload_hash: str = ""
    cost: float = 0.0
    rate: dict[str, str] = {}
    data: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Done:
    """The network did it, and said so."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Pending:
    """The network took it and is still working; ask again with `handle`."""

    handle: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The network said no and did nothing; `fix` tells a person what to change."""

    reason: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Not done: come back at `until` (UTC). `scope` names what is limited."""

    until: datetime
    scope: str = "account"


@dataclass(frozen=True, slots=True)
class AuthDead:
    """Not done: the credentials no longer work; every effect of this connection waits for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """Not done, for certain: the request never reached the network."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been done: the request left and no answer can be trusted."""

    reason: str


Outcome = Done | Pending | Rejected | RateLimited | AuthDead | Disconnected | Unknown
"""What became of one attempt to perform an effect."""


class LedgerEntry(Noun):
    """An effect and what became of it, as the ledger holds it; with what policy says of it, where it was just asked."""

    effect: Effect
    state: EffectState
    planned_at: datetime
    attempts: int = 0
    claimed_at: datetime | None = None
    claimed_by: str = ""
    settled_at: datetime | None = None
    receipt: Receipt | None = None
    reason: str = ""
    not_before: datetime | None = None
    rulings: tuple[Ruling, ...] = ()

    @property
    def skipped(self) -> bool:
        """Whether it was left out by a rule that lets the run go on without it."""
        verdicts = {ruling.verdict for ruling in self.rulings}
        return self.state is EffectState.VETOED and Way.SKIP in verdicts and Way.REFUSE not in verdicts

    @property
    def in_doubt(self) -> bool:
        """Whether somebody is at it, or nobody knows whether it happened: only the network or a person can tell."""
        return self.state in (EffectState.CLAIMED, EffectState.UNKNOWN, EffectState.PARKED)
