"""No secret reaches the orchestrator: not its database, nor its logs, nor what its API answers."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from tests.orchestrator.conftest import settle
from tests.orchestrator.patience import until

from antiphon.app import Antiphon
from antiphon.model.event import Event
from antiphon.orchestrator.server import Server
from antiphon.testing.sandbox import Fault, FaultKind, Sandbox

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

pytestmark = pytest.mark.prefect

CARELESS = Path(__file__).parents[1] / "canaries" / "plugin.py"

SETTINGS = """
[http]
allow_private = ["127.0.0.1"]

[connections.brand]
connector = "mastodon"
server = "{server}"
token = "${{{{ secrets.brand }}}}"

[connections.loose]
connector = "careless"
token = "${{{{ secrets.loose }}}}"
"""

DISCREET = """
id: discreet
name: Says nothing
triggers:
  - id: word
    event: {{type: word.heard}}
  - id: heard
    poll: {{source: mastodon.mentions, with: {{connection: brand}}}}
actions:
  - use: http.request
    with:
      url: "{server}/api/v1/echo?key=${{{{ secrets.api }}}}"
      headers: {{Authorization: "Bearer ${{{{ secrets.api }}}}"}}
      json: {{password: "${{{{ secrets.api }}}}", way: "${{{{ event.way }}}}"}}
  - use: mastodon.post
    with: {{connection: brand, text: "${{{{ event.way }}}}"}}
  - use: careless.tell
    with: {{way: "${{{{ event.way }}}}", secret: "${{{{ secrets.api }}}}"}}
"""

BROKEN = """
id: broken-news
name: Breaks when it is asked
triggers: [{id: news, poll: {source: careless.news, with: {connection: loose}}}]
actions: [{use: log, with: {message: never}}]
"""

WAYS = ("done", "raise", "rejected", "unknown", "plan", "giveup")
TOLD = ("flow_runs", "task_runs", "flow_run_states", "artifacts", "logs", "events", "deployments", "variables")


@pytest.fixture
def network() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def canaries(network: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Words that stand nowhere else, by the secret that each is."""
    found = {name: f"canary-{name}-{secrets.token_hex(12)}" for name in ("brand", "loose", "api")}
    for name, canary in found.items():
        monkeypatch.setenv(f"ANTIPHON_SECRET_{name.upper()}", canary)
    network.account("brand", token=found["brand"])
    return found


@pytest.fixture
def app(prefect_server: Server, tmp_path: Path, network: Sandbox, canaries: dict[str, str]) -> Iterator[Antiphon]:
    """A workspace with secrets in its connections and in its requests, and with a plugin that tells them."""
    folder = settle(tmp_path / "secretive", prefect_server.api_url, DISCREET.format(server=network.url), BROKEN)
    shutil.copy(CARELESS, folder)
    text = (folder / "antiphon.toml").read_text().replace('[connections.home]\nconnector = "village"\n', "")
    (folder / "antiphon.toml").write_text(text + SETTINGS.format(server=network.url))
    app = Antiphon.open(folder)
    assert not app.compiled.problems
    yield app
    app.close()


def written(client: SyncPrefectClient) -> Iterator[tuple[str, bytes]]:
    """All that Prefect keeps of this and of earlier tests: its files, with the database, its WAL and the log; and what
    its API answers."""
    from prefect.settings import get_current_settings

    for path in sorted(get_current_settings().home.parent.rglob("*")):
        if path.is_file():
            yield str(path), path.read_bytes()
    for noun in TOLD:
        yield from asked(client, noun)


def asked(client: Any, noun: str) -> Iterator[tuple[str, bytes]]:
    """Page by page, all that the API says of a noun."""
    if noun == "flow_run_states":
        for run in client.request("POST", "/flow_runs/filter", json={"limit": 200}).json():
            answer = client.request("GET", "/flow_run_states/", params={"flow_run_id": run["id"]})
            yield f"GET {noun}", answer.content
        return
    if noun == "events":
        yield f"POST {noun}", client.request("POST", "/events/filter", json={"limit": 50}).content
        return
    for offset in range(0, 10_000, 200):
        answer = client.request("POST", f"/{noun}/filter", json={"limit": 200, "offset": offset})
        yield f"POST {noun}", answer.content
        if len(answer.json()) < 200:
            return


def found(client: SyncPrefectClient, words: dict[str, str]) -> dict[str, list[str]]:
    """Where each of some words stands, in one of the forms that a text may have."""
    places: dict[str, list[str]] = {name: [] for name in words}
    for where, content in written(client):
        for name, word in words.items():
            if any(form.encode() in content for form in (word, quote(word, safe=""), word[10:])):
                places[name].append(where)
    return places


def hear(app: Antiphon, *ways: str) -> None:
    app.store.events.ingest([Event(f"word:{way}", "word.heard", app.clock.now(), {"way": way}) for way in ways])
    app.route()


def test_canaries(app: Antiphon, client: SyncPrefectClient, network: Sandbox, canaries: dict[str, str]) -> None:
    """Whatever a flow run does and whatever goes wrong in it, Prefect hears of its end and its trace, no secret."""
    from prefect.settings import PREFECT_LOGGING_LEVEL, temporary_settings

    from antiphon.orchestrator.once import run_flow_once

    def run(workflow: str, trigger: str = "") -> Any:
        with temporary_settings(updates={PREFECT_LOGGING_LEVEL: "DEBUG"}):
            return run_flow_once(app, workflow, trigger)

    network.faults.add(Fault("POST /api/v1/echo", FaultKind.ECHO, status=200, times=100))
    hear(app, *WAYS)
    done = run("discreet")
    assert len(WAYS) == len(done.runs)
    assert 0 < len(done.failed) < len(WAYS)
    assert any(canaries["api"] in str(call) for call in network.requests)
    for status in (401, 422, 500):
        network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ECHO, status=status))
        hear(app, str(status))
        run("discreet")
    network.faults.add(Fault("GET /api/v1/notifications", FaultKind.ECHO, status=400))
    with pytest.raises(Exception, match=r"400|No such client|status") as refused:
        run("discreet", "heard")
    with pytest.raises(RuntimeError, match=r"no news for \${{ secrets.loose }}") as broken:
        run("broken-news", "news")
    assert not [one for one in canaries.values() if one in f"{refused.value!r}{broken.value!r}"]

    # What must be there is there, in every place that is looked at: else nothing would be found for want of a look.
    heard = {"run": done.runs[0].id, "crash": "no news for ${{ secrets.loose }}"}
    places = {"prefect.db", "prefect.db-wal", "flow_runs", "flow_run_states", "artifacts", "logs"}
    until(lambda: places <= {Path(one.split()[-1]).name for where in found(client, heard).values() for one in where})
    assert {name: [] for name in canaries} == found(client, canaries)
