"""The one click on “unsubscribe” (RFC 8058): a doorway that takes it, for the message that its address names.

A mail program posts to the address; a person or a scanner that only opens it changes nothing (RFC 8058, 3.2 and 8).
"""

from __future__ import annotations

import re

from antiphon import Doorway, Event, Redirect, Visit

PATH = "unsubscribe"

_KEY = re.compile(r"([^/]{1,80})/([0-9a-f]{32}\.antiphon@[^/@\s<>]{1,120})")
_TOLD = "You will hear no more from us in this way."
_HOW = "The button of your mail program unsubscribes you, and so does an answer to the message that says so."


def opened(visit: Visit) -> Redirect | str | None:
    """Announce `contact.opted_out` once for a message of ours to one address; None for any other."""
    if (asked := _KEY.fullmatch(visit.key)) is None:
        return None
    connection, message = asked.groups()
    found = [visit.store.ledger.get(key) for key in visit.store.ledger.made(connection, f"<{message}>")]
    entry = next((one for one in found if one and len(one.effect.recipients) == 1), None)
    if entry is None:
        return None
    if visit.method != "POST":
        return _HOW
    [address] = entry.effect.recipients
    data = {
        "network": "email",
        "account": connection,
        "author": {"id": f"email:{address.lower()}", "handle": address, "network": "email"},
        "address": address,
        "channel": "email",
        "way": "one-click",
        "in_reply_to": f"<{message}>",
        "effect": entry.effect.key,
    }
    event = Event(f"email:one-click:{message}", "contact.opted_out", visit.clock.now(), data, "email.one_click")
    visit.store.events.ingest([event])
    return _TOLD


DOORWAY = Doorway(PATH, opened, posted=True)
