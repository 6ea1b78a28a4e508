"""A real server that says what the test tells it to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest


@dataclass
class Heard:
    """One request as it arrived: its first line, and its headers by lower-case name."""

    line: str
    headers: dict[str, str]


@dataclass
class TinyServer:
    """Answers on 127.0.0.1 what `paths` says: bytes, or a function that is handed the socket."""

    port: int
    paths: dict[str, bytes | Callable[[socket.socket], None]] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def answer(self, path: str, body: bytes = b"", status: str = "200 OK", **headers: str) -> None:
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        length = f"Content-Length: {len(body)}\r\nConnection: close\r\n"
        self.paths[path] = f"HTTP/1.1 {status}\r\n{head}{length}\r\n".encode() + body

    def redirect(self, path: str, to: str, status: str = "302 Found") -> None:
        self.answer(path, status=status, Location=to)

    def serve(self, client: socket.socket) -> None:
        with client:
            client.settimeout(1)
            received = b""
            try:
                while b"\r\n\r\n" not in received and (part := client.recv(65536)):
                    received += part
            except OSError:
                return
            if b"\r\n\r\n" not in received:
                return
            line, *rest = received.split(b"\r\n\r\n")[0].decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (text.partition(": ") for text in rest)}
            self.heard.append(Heard(line, headers))
            answer = self.paths.get(line.split()[1], b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            try:
                client.sendall(answer) if isinstance(answer, bytes) else answer(client)
            except OSError:
                return


@pytest.fixture
def tiny_server() -> Iterator[Callable[[], TinyServer]]:
    """Starts servers, and stops them when the test is over."""
    listeners: list[socket.socket] = []

    def start() -> TinyServer:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        server = TinyServer(listener.getsockname()[1])

        def loop() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=server.serve, args=(client,), daemon=True).start()

        threading.Thread(target=loop, daemon=True).start()
        return server

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
