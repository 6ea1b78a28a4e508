"""Contacts by HubSpot's CRM API (developers.hubspot.com, api-reference crm-contacts-v3, 2026-11)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox.bearer import bearer
from antiphon.testing.sandbox.hubspot.contacts import Contact, Wrong
from antiphon.testing.sandbox.world import World

MOST_AT_ONCE = 100
"""Contacts in one batch."""

PAGE = 200
"""Contacts on one page of a search."""

Json = dict[str, Any]


def router(world: World) -> APIRouter:
    """The API of contacts, for whoever has a token."""
    routes = APIRouter(prefix="/crm/v3/objects/contacts")
    portal = Portal(world)

    def answered(request: Request, do: Callable[[], Json], status: int = 200) -> JSONResponse:
        try:
            if world.token(bearer(request.scope) or "") is None:
                raise Wrong(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
            with world.lock:
                return JSONResponse(do(), status)
        except Wrong as wrong:
            said = {"status": "error", "message": str(wrong), "category": wrong.category}
            return JSONResponse({**said, "correlationId": str(uuid.uuid4())}, wrong.status)

    @routes.get("")
    def page(request: Request) -> JSONResponse:
        return answered(request, lambda: {"results": [portal.shown(one) for one in portal.contacts[:10]]})

    @routes.post("/batch/upsert")
    def upsert(request: Request, said: dict[str, Any]) -> JSONResponse:
        return answered(request, lambda: portal.upsert(said))

    @routes.post("/search")
    def search(request: Request, said: dict[str, Any]) -> JSONResponse:
        return answered(request, lambda: portal.search(said))

    @routes.get("/{name}")
    def get(request: Request, name: str) -> JSONResponse:
        asked = request.query_params
        return answered(request, lambda: portal.shown(portal.named(name, asked.get("idProperty", "")), asked))

    @routes.patch("/{name}")
    def change(request: Request, name: str, said: dict[str, Any]) -> JSONResponse:
        return answered(request, lambda: portal.change(name, request.query_params.get("idProperty", ""), said))

    return routes


class Portal:
    """The contacts of one customer of HubSpot."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = count(501)
        self.contacts: list[Contact] = []

    def find(self, name: str, by: str) -> Contact | None:
        """The contact whose unique property `by`, or else whose id, this is."""
        if by not in ("", "email", "hs_object_id"):
            raise Wrong(400, "VALIDATION_ERROR", f'Property "{by}" is not unique')
        if by == "email":
            return next((one for one in self.contacts if one.values.get("email") == name.lower()), None)
        return next((one for one in self.contacts if one.id == name), None)

    def named(self, name: str, by: str) -> Contact:
        """The same; a refusal when there is none."""
        if (found := self.find(name, by)) is None:
            raise Wrong(404, "OBJECT_NOT_FOUND", "resource not found")
        return found

    def upsert(self, said: Json) -> Json:
        """Write all inputs or none; who is not there is made."""
        inputs = said.get("inputs", [])
        if len(inputs) > MOST_AT_ONCE:
            raise Wrong(400, "VALIDATION_ERROR", f"The maximum batch size is {MOST_AT_ONCE}")
        begun, written = self._world.clock.now(), []
        for one in inputs:
            by = one.get("idProperty", "")
            contact = self.find(one["id"], by)
            new = contact is None
            if contact is None:
                contact = Contact(str(next(self._numbers)), begun, begun)
            contact.write({**({"email": one["id"]} if by == "email" else {}), **one["properties"]}, begun)
            if new:
                self.contacts.append(contact)
            written.append({**self.shown(contact), "new": new})
        return {"status": "COMPLETE", "results": written, "startedAt": _moment(begun), "completedAt": _moment(begun)}

    def change(self, name: str, by: str, said: Json) -> Json:
        """Set some properties of a contact."""
        contact = self.named(name, by)
        contact.write(said["properties"], self._world.clock.now())
        return self.shown(contact)

    def search(self, said: Json) -> Json:
        """The contacts that were changed at or after a moment, the one changed longest ago first."""
        since = max((int(one["value"]) for group in said["filterGroups"] for one in group["filters"]), default=0)
        found = sorted(
            (one for one in self.contacts if int(one.updated_at.timestamp() * 1000) >= since),
            key=lambda one: (one.updated_at, int(one.id)),
        )
        begin, length = int(said.get("after") or 0), min(int(said.get("limit") or 10), PAGE)
        page = [self.shown(one, {"properties": ",".join(said.get("properties", ()))}) for one in found[begin:][:length]]
        more = {"paging": {"next": {"after": str(begin + length)}}} if len(found) > begin + length else {}
        return {"total": len(found), "results": page, **more}

    def shown(self, contact: Contact, asked: Mapping[str, str] | None = None) -> Json:
        """A contact with the properties that are asked for, and the history of some."""
        own = {
            "createdate": _moment(contact.created_at),
            "lastmodifieddate": _moment(contact.updated_at),
            "hs_object_id": contact.id,
        }
        names = _listed((asked or {}).get("properties")) or ["email", "firstname", "lastname"]
        values: Json = {**contact.values, **own}
        past = {
            name: [
                {"value": value, "timestamp": _moment(at), "sourceType": "INTEGRATION"}
                for value, at in contact.history.get(name, ())
            ]
            for name in _listed((asked or {}).get("propertiesWithHistory"))
        }
        return {
            "id": contact.id,
            "properties": {name: values[name] for name in (*names, *past, *own) if name in values},
            **({"propertiesWithHistory": past} if past else {}),
            "createdAt": _moment(contact.created_at),
            "updatedAt": _moment(contact.updated_at),
            "archived": False,
        }


def _listed(text: str | None) -> list[str]:
    return [name for name in (text or "").split(",") if name]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
