"""Pages: the trace of a run, and today."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from fastapi.testclient import TestClient

from antiphon.app import Antiphon
from antiphon.model.event import Event
from antiphon.model.run import Run
from antiphon.testing.clock import VirtualClock

from .conftest import DESK

NASTY = "broken <script>alert(1)</script> {{ 7 * 7 }}"


def _answered(app: Antiphon, clock: VirtualClock, handle: str = "ana", url: str = "https://social.example/1") -> Run:
    data = {"text": NASTY, "url": url, "author": {"handle": handle, "name": f"{handle} <i>"}}
    app.store.events.ingest([Event(f"e:{handle}", "mention.received", clock.now(), data)])
    app.route()
    return app.activate("desk").runs[0]


def test_trace(client: TestClient, app: Antiphon, clock: VirtualClock) -> None:
    """A run's page tells the cause, each verdict, each step, and each effect with its receipt."""
    run = _answered(app, clock)
    page = client.get(f"/runs/{run.id}")
    assert page.status_code == 200
    receipt = app.store.ledger.list()[0].receipt
    assert receipt is not None
    for told in (
        "mention.received",
        run.verdicts[0].because,
        "inbox.ticket",
        receipt.remote_id,
        "2 March 2026, 10:00:00",
    ):
        assert told.replace("'", "&#39;") in page.text


def test_escaped(client: TestClient, app: Antiphon, clock: VirtualClock) -> None:
    """What was heard on a network is shown, and never is part of the page."""
    run = _answered(app, clock)
    for address in (f"/runs/{run.id}", "/", "/runs"):
        text = client.get(address).text
        assert not re.search(
            r"<script|<i>|<b>[^<]*<b>|Complaint desk <b>", text.split("</style>")[1].replace("</b>", "")
        )
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }}" in client.get(f"/runs/{run.id}").text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://a.example/\"onmouseover='x'"])
def test_links(client: TestClient, app: Antiphon, clock: VirtualClock, url: str) -> None:
    """Only addresses of the web become links."""
    run = _answered(app, clock, url=url)
    hrefs = re.findall(r'href="([^"]*)"', client.get(f"/runs/{run.id}").text)
    assert all(one.startswith(("/", "#", "data:,")) for one in hrefs)


def test_declined(client: TestClient, app: Antiphon, clock: VirtualClock) -> None:
    """A run that was declined shows the condition that did not hold."""
    run = _answered(app, clock, handle="troll")
    text = client.get(f"/runs/{run.id}").text
    assert "does not hold" in text
    assert "a condition did not hold" in text


def test_no_event(client: TestClient, app: Antiphon) -> None:
    """A run that no event called has a page too."""
    run = app.start("desk")
    app.activate("desk")
    assert client.get(f"/runs/{run.id}").status_code == 200


def test_as_json(client: TestClient, app: Antiphon, clock: VirtualClock) -> None:
    """Asked for JSON, the same address gives the run and its effects."""
    run = _answered(app, clock)
    document = client.get(f"/runs/{run.id}", headers={"Accept": "application/json"}).json()
    assert document["run"]["id"] == run.id
    assert [effect["state"] for effect in document["effects"]] == ["done"]


def test_beginning(client: TestClient, app: Antiphon, clock: VirtualClock) -> None:
    """The beginning of an id is enough when it is only one run's."""
    run = _answered(app, clock)
    assert client.get(f"/runs/{run.id[:6]}").status_code == 200


@pytest.mark.parametrize("address", ["/runs/nothing", "/nothing", "/runs/%00", "/runs/" + "a" * 5000])
def test_nothing_there(client: TestClient, address: str) -> None:
    """Where nothing is, a page says so; to a machine, JSON does."""
    page = client.get(address, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (404, "text/html")
    assert client.get(address, headers={"Accept": "application/json"}).json()["error"]


def test_today(client: TestClient, app: Antiphon, clock: VirtualClock) -> None:
    """The first page lists the newest runs and effects, and leads to their traces."""
    assert "No workflow has run yet." in client.get("/").text
    run = _answered(app, clock)
    text = client.get("/").text
    assert f'href="/runs/{run.id}"' in text
    assert "Open a ticket: Complaint by ana" in text


def test_runs(client: TestClient, app: Antiphon, clock: VirtualClock) -> None:
    """The list of runs is all of them, or those of one workflow."""
    run = _answered(app, clock)
    assert run.id in client.get("/runs").text
    assert run.id not in client.get("/runs?workflow=other").text


def test_health(client: TestClient) -> None:
    """Health asks the database."""
    assert client.get("/health").json() == {"status": "ok", "workflows": 1}


def test_unwell(client: TestClient, app: Antiphon, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is gone is told without a trace of it."""
    monkeypatch.setenv("ANTIPHON_DATABASE__URL", "postgresql://user:hidden@127.0.0.1:1/none")
    from antiphon.web.server import create

    gone = Antiphon.open(app.settings.folder)
    with TestClient(create(gone), base_url="http://localhost", raise_server_exceptions=False) as client:
        answer = client.get("/health")
    assert answer.status_code == 503
    assert "hidden" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8770", "", "[::2]"])
def test_rebinding(client: TestClient, host: str) -> None:
    """A request that carries another name than ours is refused, whatever it asks."""
    for address in ("/", "/health", "/runs/x"):
        assert client.get(address, headers={"Host": host}).status_code == 421
    assert client.post("/hooks/open", content=b"{}", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1:8770", "[::1]:8770", "LOCALHOST"])
def test_own_names(client: TestClient, host: str) -> None:
    """Our own names are answered to, with any port."""
    assert client.get("/health", headers={"Host": host}).status_code == 200


def test_strict(client: TestClient) -> None:
    """A page may load nothing and run nothing, and holds exactly the style that it may have."""
    page = client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy
    [style] = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy["style-src"] == f"'sha256-{digest}'"
    assert not re.search(r"style=|<script|src=|onclick", page.text.split("</style>")[1])
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"


def test_contrast(client: TestClient) -> None:
    """Text has a contrast of at least 4.5:1 on both grounds, in light and in dark."""
    style = client.get("/").text.split("<style>")[1]
    found = [
        dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    assert len(found) == 4
    schemes = [found[0] | found[2], found[1] | found[3]]
    for scheme in schemes:
        for ground in ("paper", "leaf"):
            for text in ("ink", "soft", "rubric", "good", "wait", "bad", "blue"):
                assert _contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3: the ratio of relative luminances."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_path(client: TestClient, app: Antiphon, clock: VirtualClock) -> None:
    """The page of a run shows the document as it was, with what became of each part on the line where it stands."""
    run = _answered(app, clock)
    page = client.get(f"/runs/{run.id}").text
    states = {int(number): state for state, number in re.findall(r'<li class="([a-z-]*)" id="line-1-(\d+)">', page)}
    written = dict(enumerate(DESK.splitlines(), 1))

    assert written.keys() == states.keys()
    assert {"fired": 1, "holds": 1} == {name: list(states.values()).count(name) for name in ("fired", "holds")}
    assert {"done"} == {states[number] for number, line in written.items() if "ticket" in line or "title" in line}
    assert "name: Complaint desk &lt;b&gt;" in page
