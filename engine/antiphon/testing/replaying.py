"""Replaying: a network that answers what a tape has recorded.

with Served(Replay(Path("tape.jsonl"))) as network:
    ...  # the client is answered as the real network answered then
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict, deque
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send


class Replay:
    """An application (ASGI). Each method and path is answered with what was recorded for it, in order; the last answer
    is given for ever."""

    def __init__(self, path: Path) -> None:
        self._recorded: dict[tuple[str, str], deque[dict[str, Any]]] = defaultdict(deque)
        for line in path.read_text(encoding="utf-8").splitlines():
            exchange = json.loads(line)
            self._recorded[exchange["method"], exchange["path"]].append(exchange)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        asked = Request(scope, receive)
        await asked.body()
        await self._answer(asked.method, asked.url.path)(scope, receive, send)

    def _answer(self, method: str, path: str) -> Response:
        recorded = self._recorded.get((method, path))
        if not recorded:
            return JSONResponse({"error": f"The tape has no {method} {path}."}, 404)
        exchange = recorded.popleft() if len(recorded) > 1 else recorded[0]
        told = exchange["answered"]
        body = base64.b64decode(told["base64"]) if "base64" in told else told["text"].encode()
        headers = {name: value for name, value in told["headers"].items() if name != "content-length"}
        return Response(body, exchange["status"], headers=headers)
