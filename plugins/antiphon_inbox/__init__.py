"""Inbox: customer care. What a person must answer becomes a ticket, and a reply is drafted for that person to send."""

from __future__ import annotations

from antiphon import Action, Computation, PersonalRecords, Record, hookimpl
from antiphon_inbox.actions import Draft, Ticket
from antiphon_inbox.computations import Compose
from antiphon_inbox.withdrawing import Withdraw


@hookimpl
def register_actions() -> list[type[Action | Computation]]:
    """Tickets, drafts, and the words for them."""
    return [Ticket, Draft, Withdraw, Compose]


@hookimpl
def register_personal() -> list[PersonalRecords]:
    """Tickets and drafts are about whom the run was about, and whom they name."""
    return [PersonalRecords(kind.name, _about) for kind in (Ticket, Draft)]


def _about(record: Record) -> list[str]:
    return [str(record.data.get(name, "")) for name in ("subject", "person", "to")]
