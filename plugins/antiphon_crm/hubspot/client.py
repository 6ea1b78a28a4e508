"""Contacts of HubSpot (developers.hubspot.com, CRM contacts v3, 2026-11): what can be asked and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx

from antiphon import Clock, Outcome, Receipt, Rejected, attempt, checked, json_of, outcome_of, payload_hash, rates
from antiphon_crm.contacts import Contact

CONTACTS = "/crm/v3/objects/contacts"
DEEPEST = 10_000
"""Contacts of one search that can be paged through (HubSpot, CRM search, 2026-11)."""

PAGE = 100
"""Contacts that are asked for at once; HubSpot gives up to 200."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One page of contacts that were changed, oldest first, and where the next one begins, if there is one."""

    contacts: Sequence[tuple[Contact, datetime]]
    after: str


class HubSpotReader:
    """What can be asked of one portal; it cannot write."""

    def __init__(self, client: httpx.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    @property
    def lately(self) -> datetime:
        """A day ago: where somebody begins who has never asked."""
        return self._clock.now() - timedelta(days=1)

    def look(self) -> None:
        """Ask for one contact, to see that the token may."""
        self._read(lambda: self._client.get(CONTACTS, params={"limit": "1"}))

    def contact(self, email: str, properties: Sequence[str]) -> Contact | None:
        """See `KeepsContacts`."""
        asked = {"idProperty": "email"}
        if properties:
            asked |= {"properties": ",".join(properties), "propertiesWithHistory": ",".join(properties)}
        answer = attempt(lambda: self._client.get(f"{CONTACTS}/{quote(email, safe='@')}", params=asked))
        if isinstance(answer, httpx.Response) and answer.status_code == 404:
            return None
        return _contact(json_of(checked(answer, self._clock)))

    def changed(self, since: datetime, properties: Sequence[str], after: str) -> Changed:
        """Contacts that were changed at or after a moment, from a place on, which is `DEEPEST` at most."""
        moment = str(int(since.timestamp() * 1000))
        by = {"propertyName": "lastmodifieddate"}
        asked = {
            "filterGroups": [{"filters": [{**by, "operator": "GTE", "value": moment}]}],
            "sorts": ["lastmodifieddate"],
            "properties": ["lastmodifieddate", *properties],
            "limit": PAGE,
            "after": after or "0",
        }
        found = self._read(lambda: self._client.post(f"{CONTACTS}/search", json=asked))
        following = ((found.get("paging") or {}).get("next") or {}).get("after", "")
        return Changed([(_contact(one), _time(one["updatedAt"])) for one in found["results"]], str(following))

    def _read(self, send: Any) -> Any:
        return json_of(checked(attempt(send), self._clock))


class HubSpotWriter(HubSpotReader):
    """The same, with the right to write."""

    def write(self, email: str, properties: Mapping[str, str]) -> Outcome:
        """See `WritesContacts`. One address is one contact, so what is sent twice is written once."""
        wanted = {"id": email, "idProperty": "email", "properties": {"email": email, **properties}}

        def done(answer: httpx.Response) -> Receipt:
            [written] = answer.json()["results"]
            return Receipt(
                remote_id=str(written["id"]),
                at=_time(written["updatedAt"]),
                payload_hash=payload_hash(wanted),
                rate=rates(answer),
                data={"contact": str(written["id"]), "new": bool(written["new"])},
            )

        answer = attempt(lambda: self._client.post(f"{CONTACTS}/batch/upsert", json={"inputs": [wanted]}))
        # 207 says that some of a batch went wrong; ours is one.
        if isinstance(answer, httpx.Response) and answer.status_code == 207 and (told := _wrong(answer)):
            return Rejected(f"HubSpot said no: {told}")
        return outcome_of(answer, done, self._clock)


def _contact(said: Mapping[str, Any]) -> Contact:
    values = {name: str(value) for name, value in said["properties"].items() if value is not None}
    past = said.get("propertiesWithHistory") or {}
    times = {name: _time(told[0]["timestamp"]) for name, told in past.items() if told}
    return Contact(str(said["id"]), values, times)


def _wrong(answer: httpx.Response) -> str:
    try:
        return "; ".join(str(one["message"]) for one in answer.json()["errors"])
    except (ValueError, KeyError, TypeError):
        return ""


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
