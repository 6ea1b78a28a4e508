from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.orchestrator.conftest import VILLAGE, settle
from tests.orchestrator.patience import until

from antiphon.app import Antiphon
from antiphon.errors import SetupError
from antiphon.model.event import Event
from antiphon.orchestrator.server import Server, ServerHouse

pytestmark = pytest.mark.prefect

CRIER = """
id: crier
name: The crier
triggers:
  - id: word
    event: {type: word.heard}
actions:
  - use: village.cry
    with: {text: "${{ event.text }}"}
"""

HUSH = """
id: hush
name: Tells of silence
triggers:
  - id: silence
    missing: {event: bell.heard, for: 1s}
actions:
  - use: village.cry
    with: {text: hush}
"""


class Up:
    """`up` in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "up.txt"
        with self.out.open("w") as out:
            outside = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
            self.process = subprocess.Popen(
                [sys.executable, VILLAGE / "up.py", folder], stdout=out, stderr=out, env=outside
            )

    def says(self, words: str) -> bool:
        """Whether it has said this; it fails when the process has ended without."""
        said = words in self.out.read_text()
        assert said or self.process.poll() is None, self.out.read_text()
        return said


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_up(tmp_path: Path) -> None:
    """`up` answers events, and silence once; killed, it leaves a server that the next adopts; asked, it stops all and
    promptly."""
    folder = settle(tmp_path, "", CRIER, HUSH)
    app = Antiphon.open(folder)
    house = ServerHouse(app.settings.data, app.settings.prefect.port)

    def hear(word: str) -> None:
        app.store.events.ingest([Event(f"word:{word}", "word.heard", app.clock.now(), {"text": word})])
        until(lambda: word in (folder / "cries.txt").read_text())

    first = Up(folder)
    try:
        until(lambda: first.says("Workflows and their runs:"), 90)
        until(lambda: (folder / "cries.txt").exists() and "hush" in (folder / "cries.txt").read_text(), 30)
        hear("one")
        beside = house.running()
        assert beside == Server(f"http://127.0.0.1:{app.settings.prefect.port}/api")  # not ours to stop
    finally:
        first.process.kill()
        first.process.wait()

    second = Up(folder)
    try:
        until(lambda: second.says("Workflows and their runs:"), 90)
        assert not second.says("is starting")
        hear("two")
        _forget(f"{beside.api_url}/deployments", "crier", "events")
        hear("three")
        assert second.says("A deployment was removed on Prefect's page; 1 are registered again")
    finally:
        second.process.send_signal(signal.SIGTERM)
        code = second.process.wait(timeout=30)

    assert (0, "hush\none\ntwo\nthree\n") == (code, (folder / "cries.txt").read_text())
    assert "Traceback" not in second.out.read_text()
    assert house.running() is None
    until(lambda: not alive(_server_of(folder)), 5)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{beside.api_url}/health")
    app.close()


def test_stopped_early(tmp_path: Path) -> None:
    """Asked to stop while the server is still starting, `up` does not wait for it, and leaves none behind."""
    folder = settle(tmp_path, "", CRIER)
    early = Up(folder)
    until(lambda: early.says("is starting"), 30)
    early.process.send_signal(signal.SIGINT)

    assert 0 == early.process.wait(timeout=10)
    assert "answers at" not in early.out.read_text()
    assert not alive(_server_of(folder))


def _forget(address: str, flow: str, deployment: str) -> None:
    """Remove a deployment, as a person may on Prefect's page."""
    found = httpx.get(f"{address}/name/{flow}/{deployment}").json()["id"]
    # The server says 503 while its own database is busy, as Prefect's client knows, which asks again.
    until(lambda: httpx.delete(f"{address}/{found}").status_code in (204, 404))


def test_ended() -> None:
    """A server of ours that ends by itself is missed; one that is not ours is not looked after."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with pytest.raises(SetupError, match="The Prefect server ended"):
        Server("http://127.0.0.1:9/api", gone.pid).check()
    Server("http://127.0.0.1:9/api").check()


def _server_of(folder: Path) -> int:
    pid: int = json.loads((folder / ".antiphon" / "prefect" / "server.json").read_text())["pid"]
    return pid


def test_broken_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that ends while it starts is told with its last words and the place of its log."""
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////nowhere/at/all.db")
    house = ServerHouse(tmp_path, 0)
    server = house.begin()
    with pytest.raises(SetupError, match=r"ended while it started: .+") as caught:
        house.wait(server, lambda line: None)

    assert f"See {house.log}." == caught.value.hint


def test_nobody_there(tmp_path: Path) -> None:
    """An operator's server that does not answer is said to be missing, at once."""
    house = ServerHouse(tmp_path, 0)
    with pytest.raises(SetupError, match="No Prefect server answers at http"):
        house.wait(Server("http://127.0.0.1:9/api"), lambda line: None)
