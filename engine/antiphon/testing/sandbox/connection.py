"""A server connection that can be cut from inside: what a crash or a broken line looks like to a client."""

from __future__ import annotations

import asyncio
import socket
import struct

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

CUT = "antiphon.cut"


class CuttableConnection(H11Protocol):
    """Uvicorn's HTTP protocol, which tells the application (`scope["extensions"]`) how to reset the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # noqa: D102
        super().connection_made(transport)
        served = self.app

        def cut() -> None:
            if transport.is_closing():
                return
            # A linger time of zero makes the close a reset (RST) instead of an orderly end (FIN).
            lines = transport.get_extra_info("socket")
            lines.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[CUT] = cut
            await served(scope, receive, send)

        self.app = serve
