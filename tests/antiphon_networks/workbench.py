"""A connection of any kind, contexts to plan and to perform in, and a server that answers what a test says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from tests.antiphon_networks.desk import AnyDesk

from antiphon import GiveUp
from antiphon.components.connector import Connector
from antiphon.components.media import Files, Upload
from antiphon.model.draft import Attachment, Medium
from antiphon.testing.sandbox.server import ADDRESS, Server


class Shelf:
    """The files of a workspace: an image of 3 bytes, whatever it is called; but none that is called missing."""

    def look(self, attachment: Attachment) -> Medium:
        if "missing" in attachment.file:
            raise GiveUp(f"There is no file {attachment.file}.")
        known = {"kind": attachment.kind or "image", "type": "image/png", "size": 3}
        return Medium.model_validate({**attachment.model_dump(), **known})

    def load(self, medium: Medium) -> Upload:
        return Upload(medium, b"png")

    def save(self, name: str, content: bytes) -> None:
        raise GiveUp("The shelf is full.")


@dataclass(kw_only=True)
class Workbench(AnyDesk):
    """A desk for a connector of any kind."""

    connector: Connector
    files: Files = field(default_factory=Shelf)


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
