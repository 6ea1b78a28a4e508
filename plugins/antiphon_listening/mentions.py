"""Mentions: whatever was heard, wherever, in one form and once.

A mention is known by what its network calls it. The same thing on another server, in a feed, or under an address with
the marks of a campaign has the same canonical address, and is the same mention.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from antiphon import Event
from antiphon_listening.corrections import text_of
from antiphon_listening.understanding import understand

HEARD = "mention.heard"
"""The type of a mention, as it is stored once."""

MET = "query.met"
"""The type of the event that tells that a mention is as a query asks: one for each query that it meets."""

KNOWN = timedelta(days=400)
"""How long an address is remembered: as long as events are kept, unless the workspace says otherwise."""

_ADDRESSES = "listening.address"
_CAMPAIGN = ("utm_", "mc_")
_CLICKS = frozenset({"fbclid", "gclid", "dclid", "msclkid", "igshid", "yclid", "twclid", "ttclid", "si", "ref_src"})


class _Marks(Protocol):
    def owner(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> str: ...


def canonical(url: Any) -> str:
    """An address without what does not tell where it leads: scheme, `www.`, fragment, marks of campaigns and clicks,
    the order of the query, the slash at the end. Empty for what is no web address."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    asked = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.startswith(_CAMPAIGN) and name not in _CLICKS
    )
    at = f"{host}:{port}" if port and port not in (80, 443) else host
    return f"{at}{parts.path.rstrip('/')}{f'?{urlencode(asked)}' if asked else ''}"


def mention_of(event: Event, connection: str, marks: _Marks, now: datetime) -> Event:
    """What was heard, as a mention: with all that it had, what it says, and where it was heard.

    Its id is that of the mention that had its network's id or its canonical address first.
    """
    data = event.data
    called = ":".join(str(data.get(name) or "") for name in ("network", "server", "id")) if data.get("id") else event.id
    name = f"mention:{called}"
    if address := canonical(data.get("url")):
        name = marks.owner(_ADDRESSES, _short(address), name, now, now + KNOWN)
    said = understand(text_of(data), _language(data))
    labels = {kind: getattr(said, kind).label for kind in ("sentiment", "emotion", "intent")}
    whole = {
        **data,
        **labels,
        "language": said.language.label,
        "connection": connection,
        "heard_as": event.type,
    }
    return Event(name, HEARD, event.at, whole, event.source)


def met(mention: Event, query: str) -> Event:
    """That a mention is as a query asks, with what can be counted of it and no copy of what it says."""
    data, author = mention.data, author_of(mention.data)
    kept = {
        name: data[name] for name in ("url", "network", "connection", "language", "country", *_LABELS) if name in data
    }
    told = {
        **kept,
        "query": query,
        "mention": mention.id,
        "author": {"id": author.get("id"), "handle": author.get("handle")},
    }
    if (reach := followers(data)) is not None:
        told["author"]["followers"] = reach
    return Event(f"met:{query}:{mention.id}", MET, mention.at, told, mention.source)


def author_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is told of the author; empty where nothing is."""
    author = data.get("author")
    return author if isinstance(author, Mapping) else {}


def followers(data: Mapping[str, Any]) -> int | None:
    """How many follow the author, where that is told."""
    count = author_of(data).get("followers")
    return count if isinstance(count, int) and not isinstance(count, bool) else None


_LABELS = ("sentiment", "emotion", "intent")


def _language(data: Mapping[str, Any]) -> str:
    told = data.get("language")
    return told if isinstance(told, str) else ""


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
