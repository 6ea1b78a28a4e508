"""A connection of any kind, contexts to plan and to perform in, and a server that answers what a test says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from antiphon import GiveUp
from antiphon.components.capabilities import Ability
from antiphon.components.connector import Connector
from antiphon.components.context import Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.components.media import Upload
from antiphon.components.ports import Store
from antiphon.model.draft import Attachment, Medium
from antiphon.model.effect import Effect, Idempotency
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox.server import ADDRESS, Server

T = TypeVar("T")


class NoReports:
    """For actions that have no business with reports."""

    def write(self, *sections: Any, **options: Any) -> Sequence[str]:
        raise AssertionError("an action on a network wrote a report")


class Shelf:
    """The files of a workspace: an image of 3 bytes, whatever it is called; but none that is called missing."""

    def look(self, attachment: Attachment) -> Medium:
        if "missing" in attachment.file:
            raise GiveUp(f"There is no file {attachment.file}.")
        known = {"kind": attachment.kind or "image", "type": "image/png", "size": 3} if attachment.file else {}
        return Medium.model_validate({**attachment.model_dump(), **known})

    def load(self, medium: Medium) -> Upload:
        return Upload(medium, b"png" if medium.file else b"")


@dataclass
class Workbench:
    """One connection, `brand`, of any connector, and a store."""

    connector: Connector
    clock: VirtualClock
    store: Store
    http: Http
    here: Here = field(default_factory=lambda: Here("thanks", "run-1", "answer", ZoneInfo("Europe/Paris"), event="e-1"))
    made: set[str] = field(default_factory=set)

    def reader(self, name: str, of: type[T]) -> T:
        client = self.connector.reader()
        assert isinstance(client, of)
        return client

    def writer(self, name: str, of: type[T]) -> T:
        client = self.connector.writer()
        assert isinstance(client, of)
        return client

    def idempotency(self, name: str, verb: str) -> Idempotency:
        return self.connector.idempotency[verb]

    def can(self, name: str, ability: Ability) -> bool:
        return ability in self.connector.abilities()

    @property
    def reading(self) -> ReadContext:
        store = self.store
        return ReadContext(
            self.here,
            self.clock,
            self,
            store.events,
            store.runs,
            store.ledger,
            store.people,
            store.records,
            store.marks,
            files=Shelf(),
        )

    @property
    def performing(self) -> PerformContext:
        return PerformContext(
            here=replace(self.here, live=True),
            clock=self.clock,
            connections=self,
            http=self.http,
            events=self.store.events,
            records=self.store.records,
            people=self.store.people,
            reports=NoReports(),
            brakes=self.store.brakes,
            claimed_at=self.clock.now(),
            made=self.made.__contains__,
            reveal=lambda value: value,
            files=Shelf(),
        )

    def plan(self, action: Any, **options: Any) -> Effect:
        """What an action would do with these options."""
        effect = action().plan(action.Options(connection="brand", **options), self.reading)
        assert isinstance(effect, Effect)
        return effect

    def perform(self, action: Any, effect: Effect) -> Any:
        """What becomes of an effect."""
        return action().perform(effect, self.performing)

    def reconcile(self, action: Any, effect: Effect) -> Any:
        """What can be found out about an effect afterwards."""
        return action().reconcile(effect, self.performing)


@dataclass(frozen=True)
class Heard:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Listener:
    """Answers every request in the same way, until told otherwise, and keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answer(200, {})
        self._server = Server(self, 0)
        self._server.start()

    def answer(self, status: int, body: Any, **headers: str) -> None:
        """Say this from now on: bytes as they are, anything else as JSON."""
        self._body = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {} if "content_type" in headers else {"content-type": "application/json"}
        self._status = status
        self._headers = {**kind, **{name.replace("_", "-"): value for name, value in headers.items()}}

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self._server.port}"

    @property
    def port(self) -> int:
        return self._server.port

    def stop(self) -> None:
        self._server.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        headers = dict(request.headers)
        self.heard.append(Heard(request.method, request.url.path, headers, await request.body()))
        await Response(self._body, self._status, headers=self._headers)(scope, receive, send)
