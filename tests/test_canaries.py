"""No secret is written anywhere: each is a word of its own, all is done, and all that is written is searched."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, inspect, text

from antiphon.app import Antiphon
from antiphon.runtime.sealing import new_key
from antiphon.testing.sandbox import Fault, FaultKind, Sandbox

HERE = Path(__file__).parent / "canaries"
ORDER = '{"order": 7}'
WAYS = ("done", "raise", "rejected", "unknown", "plan", "giveup")

SETTINGS = """
[workspace]
name = "Canaries"
timezone = "UTC"

[http]
allow_private = ["127.0.0.1"]

[connections.second]
connector = "mastodon"
server = "{server}"
token = "${{{{ secrets.second }}}}"

[connections.wrong]
connector = "mastodon"
server = "https://user:${{{{ secrets.second }}}}@a.example"
token = "${{{{ secrets.second }}}}"
"""

WORKFLOWS = {
    "posts": """
triggers: [{{id: by_hand, manual: {{inputs: {{text: {{type: text, required: true}}}}}}}}]
actions:
  - {{id: one, use: mastodon.post, with: {{connection: brand, text: "${{{{ trigger.inputs.text }}}}"}}}}
  - {{id: two, use: mastodon.post, with: {{connection: second, text: "${{{{ trigger.inputs.text }}}} again"}}}}
""",
    "tells": """
triggers: [{{id: by_hand, manual: {{inputs: {{way: {{type: text, required: true}}}}}}}}]
actions:
  - id: tell
    use: careless.tell
    with: {{way: "${{{{ trigger.inputs.way }}}}", secret: "${{{{ secrets.api }}}}"}}
""",
    "orders": """
triggers: [{{id: ordered, webhook: {{path: orders, auth: {{hmac: "${{{{ secrets.shop }}}}"}}}}}}]
actions:
  - id: call
    use: http.request
    with:
      url: "{server}/api/v1/echo?key=${{{{ secrets.api }}}}"
      headers: {{Authorization: "Bearer ${{{{ secrets.api }}}}"}}
      json: {{order: "${{{{ event.order }}}}", password: "${{{{ secrets.filed }}}}"}}
""",
    "polls": """
triggers: [{{id: heard, poll: {{source: mastodon.mentions, with: {{connection: brand}}}}}}]
actions: [{{use: log, with: {{message: heard}}}}]
""",
    "broken": """
triggers: [{{id: news, poll: {{source: careless.news, with: {{connection: loose}}}}}}]
actions: [{{use: log, with: {{message: never}}}}]
""",
}


@pytest.fixture
def network() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


class Workspace:
    """A workspace in which every secret is a word that stands nowhere else."""

    def __init__(self, folder: Path, network: Sandbox, database: str) -> None:
        names = ("brand", "second", "loose", "api", "shop", "filed", "database")
        self.canaries = {name: f"canary-{name}-{secrets.token_hex(12)}" for name in names} | {"key": new_key()}
        self.folder = folder / "workspace"
        self.database = database
        self.said: list[str] = []
        self._network = network
        (self.folder / "workflows").mkdir(parents=True)
        (self.folder / "antiphon.toml").write_text(SETTINGS.format(server=network.url))
        for name, document in WORKFLOWS.items():
            head = f"antiphon: 1\nid: {name}\nname: {name}\ntz: UTC\n"
            (self.folder / "workflows" / f"{name}.yaml").write_text(head + document.format(server=network.url))
        shutil.copy(HERE / "plugin.py", self.folder)
        self.secrets_file = folder / "secrets.toml"
        self.secrets_file.write_text(f'filed = "{self.canaries["filed"]}"\n')
        self.secrets_file.chmod(0o600)
        for name in ("brand", "second"):
            network.account(name, token=self.canaries[name])

    def run(self, *words: Sequence[str], given: str = "") -> str:
        """Say some words in a new process; what it wrote on its two streams."""
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        asked = self.folder / "words.json"
        asked.write_text(json.dumps([list(word) for word in words]))
        log = logs / f"{len(self.said)}.log"
        done = subprocess.run(
            [sys.executable, HERE / "loud.py", asked, log],
            cwd=self.folder,
            input=given,
            env={**os.environ, **self._environment()},
            capture_output=True,
            text=True,
            timeout=100,
            check=True,
        )
        self.said.append(done.stdout + done.stderr)
        return self.said[-1]

    def _environment(self) -> dict[str, str]:
        return {
            "ANTIPHON_KEY": self.canaries["key"],
            "ANTIPHON_SECRET_SECOND": self.canaries["second"],
            "ANTIPHON_SECRETS_FILE": str(self.secrets_file),
            "ANTIPHON_DATABASE__URL": self.database.replace("antiphon@", f"antiphon:{self.canaries['database']}@"),
        }

    def fail(self, on: str, status: int, times: int = 1) -> None:
        """Let the network answer with what it was sent."""
        self._network.faults.add(Fault(on, FaultKind.ECHO, status=status, times=times))

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Everything that was written anywhere: streams, files below the workspace, and the tables of the database."""
        for number, said in enumerate(self.said):
            yield f"streams {number}", said.encode()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(self.folder)), path.read_bytes()
        engine = create_engine(self.database.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
                yield f"table {table}", repr(rows).encode()
        engine.dispose()

    def found(self) -> list[str]:
        """Where a canary sings, in one of the forms that a text may have."""
        return sorted(
            f"{name} in {where}: …{content[max(0, at - 200) : at + 20].decode(errors='replace')}"
            for where, content in self.written()
            for name, canary in self.canaries.items()
            for form in {canary, quote(canary, safe=""), canary[10:]}
            if (at := content.find(form.encode())) >= 0
        )


@pytest.fixture
def workspace(tmp_path: Path, network: Sandbox, store_url: str) -> Workspace:
    return Workspace(tmp_path, network, store_url)


def test_canaries(workspace: Workspace) -> None:
    """Whatever is done and whatever goes wrong, no secret reaches a stream, a log, a file, a page or the database."""
    canary = workspace.canaries
    mastodon = ["--connector", "mastodon", "--option", f"server={workspace._network.url}", "--secret-stdin"]
    workspace.run(["connections", "add", "brand", *mastodon], given=canary["brand"])
    workspace.run(["connections", "add", "loose", "--connector", "careless", "--secret-stdin"], given=canary["loose"])
    long = ["--option", f"name={'x' * 50}", "--secret-stdin"]
    workspace.run(["connections", "add", "bad", "--connector", "careless", *long], given=canary["loose"])
    workspace.run(["connections", "add", "bad", "--connector", "careless", "--option", f"token={canary['loose']}"])
    workspace.run(["secrets", "set", "shop", "--secret-stdin"], given=canary["shop"])
    workspace.run(["secrets", "set", "api", "--secret-stdin"], given=canary["api"])

    workspace.fail("GET /api/v1/accounts/verify_credentials", 403)
    said = workspace.run(
        ["connections", "list", "--json"], ["connections", "check"], ["connections", "check", "--json"]
    )
    assert "No such client" in said
    assert "@brand" in said

    text = "--input", "text=hello"
    said = workspace.run(
        ["check", "--json"],
        ["plan", "posts", *text, "--json"],
        ["run", "posts", *text, "--json"],
        ["run", "posts", *text, "--live", "--json"],
        *(["plan", "tells", "--input", f"way={way}", "--json"] for way in WAYS),
        *(["run", "tells", "--input", f"way={way}", "--live", "--json"] for way in WAYS),
    )
    assert '"remote_id"' in said
    statuses = (400, 401, 403, 422, 429, 500)
    for status in statuses:
        workspace.fail("POST /api/v1/statuses", status, times=2)
    posts = (["run", "posts", "--input", f"text=hello {status}", "--live", "--json"] for status in statuses)
    workspace.run(*posts, ["runs", "resume"])

    signature = {
        "X-Signature-256": "sha256=" + hmac.new(canary["shop"].encode(), ORDER.encode(), hashlib.sha256).hexdigest()
    }
    workspace.fail("POST /api/v1/echo", 422)
    said = workspace.run(
        ["web", "POST", "/hooks/orders", ORDER, json.dumps({**signature, "content-type": "application/json"})],
        ["web", "POST", "/hooks/orders", ORDER, json.dumps({"X-Signature-256": "sha256=" + "0" * 64})],
        ["web", "POST", "/hooks/orders", ORDER],
    )
    assert ["202", "401", "401"] == [line.split()[0] for line in said.splitlines() if line[:4] in ("202 ", "401 ")]
    workspace.fail("GET /api/v1/notifications", 400)
    said = workspace.run(
        ["wake", "orders"], ["wake", "polls", "heard"], ["wake", "polls", "heard"], ["wake", "broken", "news"]
    )
    assert "Traceback" in said
    assert "RuntimeError: no news for [token of the connection]" in said

    runs = [
        run["id"] for run in json.loads(workspace.run(["runs", "list", "--limit", "99", "--json"]).split("\n", 2)[2])
    ]
    assert 12 < len(runs)
    workspace.run(
        *(["runs", "show", run, "--json"] for run in runs[:6]),
        *(["runs", "show", run, "--bundle", f"{run}.json"] for run in runs[:6]),
        *(["runs", "replay", f"{run}.json"] for run in runs[:6]),
        *(["web", "GET", f"/runs/{run}"] for run in runs),
        *(["web", "GET", path, "", '{"accept": "application/json"}'] for path in ("/", "/runs", f"/runs/{runs[0]}")),
        ["web", "GET", "/"],
        ["effects", "list", "--limit", "99", "--json"],
        ["effects", "list"],
        ["why", "posts"],
        ["why", "posts", "--since", "2h", "--json"],
        ["why", "broken", "--since", "2h"],
        ["runs", "resume", "--failed", "--retry-rejected"],
        ["db", "prune"],
        ["events", "list", "--json"],
        ["secrets", "list", "--json"],
        ["audit", "list", "--json"],
        ["audit", "verify"],
        ["report", "--to", "report.html"],
        ["report"],
        ["brake", "on", "--json"],
        ["run", "posts", *text, "--live", "--json"],
        ["brake", "off", "--json"],
        ["undo", "--since", "2h", "--yes", "--json"],
        ["connections", "rekey"],
        ["secrets", "remove", "shop"],
        ["connections", "remove", "brand"],
    )
    assert [] == workspace.found()


def test_they_sing(workspace: Workspace) -> None:
    """The search finds a canary in a stream, in a file and in the database."""
    canary = workspace.canaries
    workspace.run(["secrets", "set", canary["api"].replace("-", "_"), "--secret-stdin"], given="something-else")
    (workspace.folder / "note").write_text(canary["key"])
    workspace.said.append(canary["shop"])
    workspace.canaries["api"] = canary["api"].replace("-", "_")
    found = {one.partition(":")[0] for one in workspace.found()}
    assert {"api in table credentials", "key in note", f"shop in streams {len(workspace.said) - 1}"} <= found


def test_orchestrator(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks while a source is asked is told to the orchestrator without the token."""
    workspace.run(
        ["connections", "add", "loose", "--connector", "careless", "--secret-stdin"], given=workspace.canaries["loose"]
    )
    for name, value in workspace._environment().items():
        monkeypatch.setenv(name, value)
    app = Antiphon.open(workspace.folder)
    with pytest.raises(RuntimeError, match=r"no news for \[token of the connection\]") as crash:
        app.wake("broken", "news")
    app.close()
    assert workspace.canaries["loose"] not in str(crash.value.__cause__)
