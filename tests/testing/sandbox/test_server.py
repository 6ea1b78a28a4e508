from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Event
from time import monotonic

import httpx
import pytest

from antiphon.components.clock import SystemClock
from antiphon.testing import sandbox
from antiphon.testing.sandbox import Account, Fault, FaultKind, Sandbox


def wait_for_a_request(network: Sandbox) -> None:
    while not network.requests:
        Event().wait(0.01)


def test_loopback_only(network: Sandbox) -> None:
    """The server listens on 127.0.0.1, on a port of its own."""
    with Sandbox() as other:
        assert network.url != other.url
        assert {True} == {url.startswith("http://127.0.0.1:") for url in (network.url, other.url)}


def test_stop(network: Sandbox) -> None:
    """After stop, which takes less than a second even while a fault waits, nobody answers."""
    network.faults.add(Fault("GET /", FaultKind.SLOW, seconds=30))
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(httpx.get, f"{network.url}/api/v2/instance", trust_env=False)
        wait_for_a_request(network)
        began = monotonic()
        network.stop()
        assert monotonic() - began < 1
        assert waiting.result().status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(network.url, trust_env=False)


def test_stop_with_half_a_request(network: Sandbox) -> None:
    """A client that never finishes its request does not hold the server up."""
    host, port = network.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(b"POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        client.sendall(b"Content-Length: 100\r\n\r\n{")
        wait_for_a_request(network)
        began = monotonic()
        network.stop()
        assert monotonic() - began < 1


def test_start_again(network: Sandbox, brand: Account) -> None:
    """A stopped network comes back on the same port with all that happened."""
    network.post("torrea", "hello")
    url = network.url
    network.stop()
    network.start()
    assert url == network.url
    assert len(httpx.get(f"{url}/api/v1/timelines/public", trust_env=False).json()) == 1


def test_start_twice(network: Sandbox) -> None:
    """A running sandbox says that it runs."""
    with pytest.raises(RuntimeError, match="stop"):
        network.start()


def test_port_taken(network: Sandbox) -> None:
    """A port that is taken is an OSError at start."""
    with pytest.raises(OSError, match="in use"):
        Sandbox(port=int(network.url.rpartition(":")[2])).start()


def test_requests(client: httpx.Client, network: Sandbox, visitor: httpx.Client) -> None:
    """The server remembers each request with its account, key and answer, in order."""
    client.post("/api/v1/statuses", data={"status": "x"}, headers={"Idempotency-Key": "k"})
    visitor.get("/api/v1/timelines/public?limit=1")
    assert [
        (request.method, request.path, request.query, request.key, request.account, request.status)
        for request in network.requests
    ] == [
        ("POST", "/api/v1/statuses", "", "k", "torrea", 200),
        ("GET", "/api/v1/timelines/public", "limit=1", None, None, 200),
    ]
    assert {request.at for request in network.requests} == {network.clock.now()}


class UnhurriedClock(SystemClock):
    """A clock that takes its time to tell the time, so that threads get in each other's way."""

    def now(self) -> datetime:
        Event().wait(0.001)
        return super().now()


def test_same_key_at_once() -> None:
    """Of many requests with one key at the same moment, one makes the status and all answer with it."""
    with Sandbox(clock=UnhurriedClock()) as network, ThreadPoolExecutor(8) as pool:
        headers = {"Authorization": f"Bearer {network.account('torrea').token}", "Idempotency-Key": "k"}
        with httpx.Client(base_url=network.url, headers=headers, trust_env=False) as client:

            def post(_: int) -> str:
                return str(client.post("/api/v1/statuses", data={"status": "x"}).json()["id"])

            identifiers = set(pool.map(post, range(24)))
        assert identifiers == {status.id for status in network.statuses()}
        assert len(identifiers) == 1


def test_dates_need_a_zone(network: Sandbox) -> None:
    """A post is dated by a moment, in any time zone, and shown in UTC; a date without a zone is refused."""
    paris = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=1)))
    assert network.post("ana", "x", at=paris).created_at.isoformat() == "2026-03-02T08:00:00+00:00"
    with pytest.raises(ValueError, match="no time zone"):
        network.post("ana", "x", at=datetime(2026, 3, 2, 9))


def test_stands_alone() -> None:
    """Of the engine, the sandbox imports the clock and nothing else."""
    files = list(Path(sandbox.__file__).parent.rglob("*.py"))
    imports = {
        name
        for file in files
        for name in re.findall(r"^\s*(?:from|import) (antiphon[\w.]*)", file.read_text(), re.MULTILINE)
        if not name.startswith("antiphon.testing.sandbox")
    }
    assert (len(files) > 20, imports) == (True, {"antiphon.components.clock"})


def test_feeding_while_reading(client: httpx.Client, network: Sandbox) -> None:
    """Posts are fed in while a client reads, without an error, a gap or a repetition."""
    with ThreadPoolExecutor(2) as pool:
        feeding = pool.submit(lambda: [network.post("ana", f"@torrea {number}") for number in range(2000)])
        seen: list[str] = []
        while not feeding.done() or len(seen) < 2000:
            params = {"limit": "80", "min_id": seen[-1]} if seen else {"limit": "80", "min_id": "0"}
            page = client.get("/api/v1/notifications", params=params)
            assert page.status_code == 200, page.text
            seen += [happened["id"] for happened in page.json()[::-1]]
    assert (2000, seen) == (len(seen), sorted(set(seen)))


def test_command() -> None:
    """The command prints an address and a working token, and ends on Ctrl-C."""
    command = [sys.executable, "-m", "antiphon.testing.sandbox", "--account", "torrea", "--account", "ana"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url, *accounts = [process.stdout.readline().strip() for _ in range(3)]
        token = re.fullmatch(r"account torrea@sandbox\.example token (\S+)", accounts[0])
        assert token is not None
        headers = {"Authorization": f"Bearer {token[1]}"}
        path = f"{url.removeprefix('url ')}/api/v1/accounts/verify_credentials"
        assert httpx.get(path, headers=headers, trust_env=False).json()["acct"] == "torrea"
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()


def test_command_port_taken(network: Sandbox) -> None:
    """A port that is taken ends the command with 3 and says what to do."""
    port = network.url.rpartition(":")[2]
    command = [sys.executable, "-m", "antiphon.testing.sandbox", "--port", port]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert (ended.returncode, "choose another one with --port" in ended.stderr) == (3, True)
