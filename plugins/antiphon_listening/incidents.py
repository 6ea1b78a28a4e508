"""Incidents: something goes wrong in public, from when it is noticed until it is over. One at a time of each name.

An incident keeps which mentions tell of it and not what they say: a mention that is deleted is gone here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log10
from typing import Any, Literal, Protocol

from antiphon import Event, Record
from antiphon_listening.mentions import MET, author_of, followers

INCIDENT = "listening.incident"
"""The kind of record of an incident. Its key is its id: the name, a dash and a number."""

_NAMED = "listening.incident_name"
"""The kind of record that tells which incident of a name is open, and which act has opened which."""

OPENED = "incident.opened"
CLOSED = "incident.closed"

TOP = 5
"""How many sources of an incident are named."""

Level = Literal["low", "medium", "high"]


class _Records(Protocol):
    def get(self, kind: str, key: str) -> Record | None: ...
    def amend(self, kind: str, key: str, data: Any, now: datetime) -> Record: ...
    def list(self, kind: str, *, limit: int = 100) -> Sequence[Record]: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """What mentions come to together: how many, what share of them is negative, how many follow those who speak, and
    the mentions of the most followed of these, the negative ones first."""

    mentions: int
    negative_share: float
    reach: int
    sources: tuple[Event, ...]


def figures(events: Iterable[Event], query: str, until: datetime) -> Figures:
    """What the mentions that met a query come to; `events` are of the type `query.met`, any query's."""
    found = [one for one in events if one.type == MET and one.data.get("query") == query and one.at <= until]
    loudest: dict[str, Event] = {}
    for one in sorted(found, key=_loudness):
        loudest[str(author_of(one.data).get("id") or one.id)] = one
    sources = tuple(sorted(loudest.values(), key=_loudness, reverse=True)[:TOP])
    negative = sum(map(_is_negative, found))
    reach = sum(followers(one.data) or 0 for one in loudest.values())
    return Figures(len(found), round(negative / len(found), 3) if found else 0.0, reach, sources)


def severity(z: float, negative_share: float, reach: int) -> float:
    """z × negative share × log10(reach); a reach below ten, or one that is not told, counts as ten."""
    return round(z * negative_share * log10(max(reach, 10)), 2)


def level(severity: float) -> Level:
    """How grave that is: high from 10 on, low below 3. The bounds are ours."""
    return "high" if severity >= 10 else "low" if severity < 3 else "medium"


class Incidents:
    """The incidents of a workspace."""

    def __init__(self, records: _Records) -> None:
        self._records = records

    def open(self, name: str, act: str, facts: Mapping[str, Any], now: datetime) -> str:
        """Open an incident, unless one of the name is open; returns its id. The same act comes to the same incident,
        also when that has been closed since."""

        def taken(known: Mapping[str, Any]) -> Mapping[str, Any]:
            acts = dict(known.get("acts", {}))
            count = int(known.get("count", 0)) + (act not in acts and not known.get("open"))
            found = acts.setdefault(act, known.get("open") or f"{name}-{count}")
            latest = dict(list(acts.items())[-50:])
            still = known.get("open", "") if act in known.get("acts", {}) else found
            return {"count": count, "open": still, "acts": latest}

        incident = str(self._records.amend(_NAMED, name, taken, now).data["acts"][act])

        def begun(known: Mapping[str, Any]) -> Mapping[str, Any]:
            if not known:
                opened = {"at": now.isoformat(), "what": "opened", "by": act}
                return {**facts, "name": name, "state": "open", "opened_at": now.isoformat(), "history": [opened]}
            if any(one["by"] == act for one in known["history"]):
                return known
            again = {"at": now.isoformat(), "what": "seen again", "by": act}
            return {**known, "history": [*known["history"], again]}

        self._records.amend(INCIDENT, incident, begun, now)
        return incident

    def close(self, incident: str, by: str, because: str, plan: Sequence[Mapping[str, Any]], now: datetime) -> bool:
        """Close one; False when it is closed already. `plan` says what is held, and is to be let go deliberately."""
        ended = {"at": now.isoformat(), "what": f"closed: {because}" if because else "closed", "by": by}

        was_open = False

        def over(known: Mapping[str, Any]) -> Mapping[str, Any]:
            nonlocal was_open
            was_open = known["state"] == "open"
            if not was_open:
                return known
            last = {"state": "closed", "closed_at": now.isoformat(), "plan": list(plan)}
            return {**known, **last, "history": [*known["history"], ended]}

        record = self._records.amend(INCIDENT, incident, over, now)
        self._records.amend(
            _NAMED,
            record.data["name"],
            lambda known: {**known, "open": ""} if known.get("open") == incident else known,
            now,
        )
        return was_open

    def get(self, incident: str) -> Mapping[str, Any] | None:
        """One incident, as a document with its `id`."""
        record = self._records.get(INCIDENT, incident)
        return {"id": record.key, **record.data} if record else None

    def open_one(self, name: str) -> str:
        """The id of the one of a name that is open, or empty."""
        record = self._records.get(_NAMED, name)
        return str(record.data.get("open", "")) if record else ""

    def list(self, limit: int = 100) -> Sequence[Mapping[str, Any]]:
        """The newest first."""
        return [{"id": one.key, **one.data} for one in self._records.list(INCIDENT, limit=limit)]


def told(kind: str, incident: Mapping[str, Any], at: datetime, source: str) -> Event:
    """The event that tells that an incident was opened or closed."""
    kept = ("name", "title", "severity", "level", "opened_at", "closed_at")
    data = {"incident": incident["id"], **{name: incident[name] for name in kept if name in incident}}
    return Event(f"{kind}:{incident['id']}", kind, at, data, source)


def _is_negative(event: Event) -> bool:
    return event.data.get("sentiment") == "negative"


def _loudness(event: Event) -> tuple[bool, int, datetime, str]:
    return _is_negative(event), followers(event.data) or 0, event.at, event.id
