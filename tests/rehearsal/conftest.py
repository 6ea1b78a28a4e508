"""A workspace in a folder, with tests in its documents and a network that nobody may reach."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml

from antiphon.app import Antiphon
from antiphon.components.clock import VirtualClock
from antiphon.rehearsal.suite import Result, Suite

SETTINGS = """
[workspace]
name = "Torréa"
timezone = "Europe/Paris"
[connections.brand]
connector = "mastodon"
server = "https://torrea.example"
token = "${{ secrets.brand_token }}"
[groups]
desk = ["ana", "ben"]
"""

PLUGIN = '''
"""A network that documents nothing, and a reader that looks something up there."""

from antiphon import Action, Computation, Connector, Done, NoOptions, Options, Receipt, hookimpl


class Reader:
    def __init__(self, client):
        self.client = client


class Phone(Connector):
    """A phone.

    [connections.phone]
    connector = "phone"
    """

    name = "phone"
    Options = NoOptions

    def reader(self):
        return Reader(self.http.client("https://phone.example"))

    def check(self):
        return "ok"


class CallOptions(Options):
    connection: str
    to: str
    words: str


class Call(Action):
    """Calls somebody.

    use: phone.call
    with: {connection: phone, to: "12", words: Hello}
    """

    name = "phone.call"
    Options = CallOptions

    def plan(self, options, ctx):
        longest = ctx.connections.reader(options.connection, Reader).client.get("/limits").json()["longest"]
        return ctx.effect(self.name, f"Call {options.to}", {"words": options.words[:longest]}, recipients=[options.to])

    def perform(self, effect, ctx):
        raise RuntimeError("somebody was called")


class LookOptions(Options):
    connection: str


class Look(Computation):
    """Looks who has called.

    use: phone.missed
    with: {connection: phone}
    """

    name = "phone.missed"
    Options = LookOptions

    def compute(self, options, ctx):
        return ctx.connections.reader(options.connection, Reader).client.get("/missed").json()


@hookimpl
def register_connectors():
    return [Phone]


@hookimpl
def register_actions():
    return [Call, Look]
'''


@dataclass
class Folder:
    """A workspace's folder."""

    path: Path
    clock: VirtualClock

    def write(self, name: str, text: str) -> Path:
        """Put a file into it."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def open(self) -> Antiphon:
        """Its application."""
        return Antiphon.open(self.path, clock=self.clock)

    def run(self, name: str = "workflows/x.yaml") -> list[Result]:
        """The results of the tests of a document, which must be right."""
        suite = Suite(self.open())
        found, problems = suite.find([self.path / name])
        assert [] == [str(problem) for problem in problems]
        return [suite.run(test) for test in found]

    def rehearse(self, workflow: str, test: str) -> Result:
        """The result of one test of a workflow, whose keys are written in YAML."""
        document = {"antiphon": 1, "id": "x", "name": "X", "tz": "Europe/Paris", **_yaml(workflow)}
        document["tests"] = [{"name": "a test", **_yaml(test)}]
        self.write("workflows/x.yaml", yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
        [result] = self.run()
        return result


def _yaml(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@pytest.fixture
def folder(tmp_path: Path, clock: VirtualClock) -> Folder:
    """An empty workspace with one account and a plugin of its own."""
    made = Folder(tmp_path, clock)
    made.write("antiphon.toml", SETTINGS)
    made.write("plugin.py", PLUGIN)
    return made


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection to anywhere fails the test."""

    def refuse(self: socket.socket, address: object) -> NoReturn:
        raise AssertionError(f"something was about to connect to {address!r}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
