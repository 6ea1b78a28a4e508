"""The server in its thread: it listens on 127.0.0.1, serves one application, and stops at once."""

from __future__ import annotations

import asyncio
import socket
from threading import Event, Thread

import uvicorn
from starlette.types import ASGIApp

from antiphon.testing.sandbox.connection import CuttableConnection

ADDRESS = "127.0.0.1"
TICK = 0.01
"""Seconds between two looks at whether the last requests are answered."""

SECONDS_TO_BEGIN = 10

LAST_LOOKS = 50
"""How many such looks, before what is unanswered is cut off."""


class Server:
    """Serves `app` on `port` (0: any free one, which `port` then tells) from `start` to `stop`."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.port = port
        self._app = app
        self._serving: _Serving | None = None
        self._thread: Thread | None = None

    def start(self) -> None:
        """Listen and serve; raises OSError if the port is taken, RuntimeError if it is running."""
        if self._serving is not None:
            raise RuntimeError("This sandbox is running already: stop() it before another start().")
        listener = _listen(self.port)
        self.port = listener.getsockname()[1]
        # Without the header Date: it would be the machine's time, and the network's time is the clock's.
        config = uvicorn.Config(
            self._app,
            http=CuttableConnection,
            ws="none",
            lifespan="off",
            log_level="error",
            date_header=False,
            proxy_headers=False,
        )
        self._serving = _Serving(config)
        self._thread = Thread(target=self._serving.run, args=([listener],), name="sandbox", daemon=True)
        self._thread.start()
        if not self._serving.begun.wait(timeout=SECONDS_TO_BEGIN):
            raise RuntimeError("The sandbox's server did not start; see the error that it wrote to standard error.")

    def stop(self) -> None:
        """Answer what is under way, close every connection and stop listening."""
        if self._serving is not None and self._thread is not None:
            self._serving.end()
            self._thread.join()
            self._serving = self._thread = None


class _Serving(uvicorn.Server):
    """Uvicorn, which looks ten times a second whether it should end, made to hear of it at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.begun = Event()

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._asked_to_end.set)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked_to_end = asyncio.Event()
        self.begun.set()
        await self._asked_to_end.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(LAST_LOOKS):
            if self.server_state.tasks:
                await asyncio.sleep(TICK)
        # What is left waits for a client that does not finish its request.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        while self.server_state.tasks:
            await asyncio.sleep(TICK)


def _listen(port: int) -> socket.socket:
    # The protocol is named for the sake of asyncio, which turns Nagle's algorithm off only where it reads TCP; with
    # it, a small answer waits 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
