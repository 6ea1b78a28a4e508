"""The Prefect server of a workspace: the operator's own, one that already runs, or a child of this process."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from antiphon.components.clock import Clock, SystemClock
from antiphon.errors import SetupError
from antiphon.orchestrator.environment import prefect_environment, theirs

PATIENCE = timedelta(minutes=3)
"""How long a server may take to answer; the first start of a workspace takes 6 to 24 s on two cores."""

GRACE = timedelta(seconds=10)
"""How long a server may take to stop before it is killed."""

LOOK = 0.2
"""Seconds between two looks at whether it answers."""

Progress = Callable[[str], None]
"""Takes one line for a person about what is being done."""


class Stopped(Exception):
    """The caller wants no server any more."""


@dataclass(frozen=True)
class Server:
    """A Prefect server that answers. `pid` is None when it is not ours to stop."""

    api_url: str
    pid: int | None = None

    @property
    def page(self) -> str:
        """The address of Prefect's own page."""
        return self.api_url.removesuffix("/api")

    def check(self) -> None:
        """Raise SetupError if it was ours and has ended."""
        if self.pid is not None and not _alive(self.pid):
            raise SetupError("The Prefect server ended.", hint="Start again; what was under way is continued.")


@dataclass(frozen=True)
class _Note:
    """What the last process that started a server wrote down beside it."""

    pid: int
    port: int
    owner: int


class ServerHouse:
    """Where a workspace keeps its Prefect server: `folder` holds its database, its log and the note of who runs it."""

    def __init__(self, folder: Path, port: int, clock: Clock | None = None) -> None:
        self.home = folder / "prefect"
        self.log = folder / "prefect.log"
        self.port = port
        self._note = self.home / "server.json"
        self._clock = clock or SystemClock()

    def running(self) -> Server | None:
        """The server that this workspace already has, if its process lives and it says that this is its home.

        It is ours to stop when the process that started it is gone.
        """
        note = self._read()
        if note is None or not _alive(note.pid) or _home_of(_api_url(note.port)) != str(self.home):
            return None
        if note.owner != os.getpid() and _alive(note.owner):
            return Server(_api_url(note.port))
        self._write(_Note(note.pid, note.port, os.getpid()))
        return Server(_api_url(note.port), note.pid)

    def begin(self) -> Server:
        """Start a server and return at once: it does not answer yet."""
        self.home.mkdir(parents=True, exist_ok=True)
        note = self._read()
        port = _free_port(note.port if note else self.port, self.port)
        api_url = _api_url(port)
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        with self.log.open("ab") as log:
            # A session of its own, so that Ctrl-C in the terminal reaches us alone and we stop things in order.
            child = subprocess.Popen(  # noqa: S603  our own words and a number
                command,
                env={**theirs(os.environ), **prefect_environment(self.home, api_url, os.environ)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._write(_Note(child.pid, port, os.getpid()))
        return Server(api_url, child.pid)

    def wait(self, server: Server, on_progress: Progress, stop: threading.Event | None = None) -> None:
        """Return once the server answers.

        Raises:
            SetupError: it ended, or did not answer in time; the log's end is in the sentence.
            Stopped: `stop` was set before.
        """
        began = self._clock.now()
        told = -1
        while not _answers(server.api_url):
            if stop is not None and stop.is_set():
                raise Stopped
            passed = self._clock.now() - began
            if server.pid is None:
                raise SetupError(
                    f"No Prefect server answers at {server.api_url}.", hint="Start it, or look at its log."
                )
            if not _alive(server.pid):
                raise SetupError(f"The Prefect server ended while it started: {self._last_words()}", hint=self._hint())
            if passed > PATIENCE:
                self.stop(server)
                raise SetupError(f"The Prefect server did not answer within {PATIENCE}.", hint=self._hint())
            if passed.seconds > told:
                told = passed.seconds
                on_progress(f"Prefect server is starting ({told} s)")
            self._clock.sleep(LOOK)
        on_progress(f"Prefect server answers at {server.page}")

    def stop(self, server: Server) -> None:
        """End a server that is ours: first asked, then killed. One that is not ours is left alone."""
        if server.pid is None:
            return
        for which in (signal.SIGTERM, signal.SIGKILL):
            until = self._clock.now() + GRACE
            _send(server.pid, which)
            while _alive(server.pid) and self._clock.now() < until:
                self._clock.sleep(LOOK / 4)
            if not _alive(server.pid):
                return

    def _last_words(self) -> str:
        lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else "it left no word."

    def _hint(self) -> str:
        return f"See {self.log}."

    def _read(self) -> _Note | None:
        try:
            return _Note(**json.loads(self._note.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def _write(self, note: _Note) -> None:
        self._note.write_text(json.dumps(note.__dict__))


def _api_url(port: int) -> str:
    return f"http://127.0.0.1:{port}/api"


def _answers(api_url: str) -> bool:
    try:
        return httpx.get(f"{api_url}/health", timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _home_of(api_url: str) -> str:
    try:
        settings = httpx.get(f"{api_url}/admin/settings", timeout=5, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return ""
    return str(settings.get("home", "")) if isinstance(settings, dict) else ""


def _free_port(*wished: int) -> int:
    for port in (*wished, 0):
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            found: int = listener.getsockname()[1]
            return found
    raise SetupError("No port of 127.0.0.1 is free for the Prefect server.", hint="Stop something that listens.")


def _send(pid: int, which: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, which)


def _alive(pid: int) -> bool:
    # A child that has ended stays until somebody asks for it; a process that is not our child cannot be asked.
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
