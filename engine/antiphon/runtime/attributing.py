"""Attributing: which act of ours an event is about, such as the post that is answered or the message that came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from antiphon.components.ports import Ledger
from antiphon.model.event import Event

_MOST = 20
"""How many messages of a thread are looked up; its newest come first."""


def attributed(events: Iterable[Event], connection: str, ledger: Ledger) -> list[Event]:
    """The events that a connection has brought, those about an act of ours with its key as `event.effect`.

    An event tells what it is about by the network's ids: `in_reply_to`, and `references` for the whole thread, oldest
    first. The newest of them that is in a receipt of this connection is it.
    """
    return [_attributed(event, connection, ledger) for event in events]


def _attributed(event: Event, connection: str, ledger: Ledger) -> Event:
    thread = event.data.get("references")
    older = [str(one) for one in thread] if isinstance(thread, list | tuple) else []
    named = [str(event.data.get("in_reply_to") or ""), *reversed(older)]
    for remote_id in list(dict.fromkeys(filter(None, named)))[:_MOST]:
        if keys := ledger.made(connection, remote_id):
            return replace(event, data={**event.data, "effect": keys[0]})
    return event
