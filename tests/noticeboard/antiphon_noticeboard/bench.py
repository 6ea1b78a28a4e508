"""The board itself, as far as it matters, and the bench that holds the connector to the contract on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from antiphon import Clock, utf8
from antiphon.testing.contracts import ServedBench
from antiphon_noticeboard import Noticeboard

LONGEST = 1000


class Board:
    """Notices by number, and calls to the holder of the key."""

    def __init__(self, clock: Clock) -> None:
        self.key = "the-key-to-the-glass-door"
        self.notices: dict[str, dict[str, Any]] = {}
        self.calls: list[dict[str, Any]] = []
        self._clock = clock
        self._last = 0
        one = Route("/notices/{number}", self.notice, methods=["GET", "PUT", "DELETE"])
        several = Route("/notices", self.hang, methods=["GET", "POST"])
        self.application = Starlette(routes=[Route("/holder", self.holder), Route("/calls", self.called), one, several])

    def call(self, by: str, text: str) -> None:
        """Let somebody call the holder of the key."""
        number = len(self.calls) + 1
        at = self._clock.now().isoformat()
        self.calls.append({"number": number, "notice": f"c{number}", "by": by, "text": text, "at": at})

    async def holder(self, request: Request) -> Response:
        """Whose key it is."""
        return self._shut(request) or JSONResponse({"name": "the bakery"})

    async def called(self, request: Request) -> Response:
        """Calls after a number, or the last ones."""
        if shut := self._shut(request):
            return shut
        count, after = int(request.query_params["count"]), request.query_params.get("after")
        calls = self.calls[-count:] if after is None else self.calls[int(after) :][:count]
        return JSONResponse({"calls": calls})

    async def hang(self, request: Request) -> Response:
        """Hang a notice up, or find the one with a slip."""
        if shut := self._shut(request):
            return shut
        asked = dict(request.query_params) if request.method == "GET" else await request.json()
        known = [notice for notice in self.notices.values() if notice["slip"] == asked["slip"]]
        if request.method == "GET":
            return JSONResponse({"notices": known})
        if known:
            return JSONResponse(known[0])
        if not 0 < utf8(asked["text"]) <= LONGEST:
            return JSONResponse({"error": f"A notice has 1 to {LONGEST} bytes."}, 422)
        self._last += 1
        number, at = str(self._last), self._clock.now().isoformat()
        told = {"number": number, "url": f"https://board.example/{number}", "at": at, "read": 0, "answers": 0}
        self.notices[number] = {**asked, **told}
        return JSONResponse(self.notices[number], 201)

    async def notice(self, request: Request) -> Response:
        """Show a notice, write it over, or take it down."""
        if shut := self._shut(request):
            return shut
        found = self.notices.get(request.path_params["number"])
        if found is None:
            return JSONResponse({"error": "No such notice hangs here."}, 404)
        if request.method == "PUT":
            found["text"] = (await request.json())["text"]
        if request.method == "DELETE":
            del self.notices[found["number"]]
        return JSONResponse(found)

    def _shut(self, request: Request) -> Response | None:
        if request.headers.get("x-board-key") == self.key:
            return None
        return JSONResponse({"error": "The key does not fit."}, 401)


class NoticeboardBench(ServedBench):
    """The connector against the board."""

    connector = Noticeboard
    publishing = "POST /notices"
    longest = LONGEST
    sources = (("post.mentions", {}),)
    page = 20

    def application(self) -> ASGIApp:
        self.board = Board(self.clock)
        return self.board.application

    def options(self) -> Mapping[str, Any]:
        return {"board": self.served.url, "key": "the-key-to-the-glass-door"}

    def published(self) -> Sequence[str]:
        return [notice["text"] for notice in self.board.notices.values()]

    def hear(self, text: str) -> None:
        self.board.call("ana", text)

    def revoke(self) -> None:
        self.board.key = "another key"

    def count(self, text: str) -> int:
        return utf8(text)
