"""A workspace as `antiphon init` makes it, and the command line called in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from antiphon.cli.app import cli

PLUGIN = '''
from antiphon import Action, AuthDead, Done, Effect, Options, Receipt, Rejected, Unknown, hookimpl


class Act(Action):
    """Ends as it is told.

    use: local.act
    with: {end: done}
    """

    name = "local.act"

    class Options(Options):
        end: str

    def plan(self, options, ctx):
        return ctx.effect(self.name, f"Act: {options.end}", {"end": options.end})

    def perform(self, effect, ctx):
        match effect.payload["end"]:
            case "held":
                return AuthDead("the token is no longer valid")
            case "unknown":
                return Unknown("nobody answered")
            case "rejected":
                return Rejected("the network said no")
        return Done(Receipt(remote_id="1", url="https://social.example/1", at=ctx.clock.now()))


@hookimpl
def register_actions():
    return (Act,)


@hookimpl
def review_effect(effect):
    return "policy forbids it" if effect.payload.get("end") == "vetoed" else None


@hookimpl
def register_commands(cli):
    @cli.command()
    def greet(name: str) -> None:
        """Greet somebody."""
        print(f"Hello, {name}!")
'''

ENDING = """
antiphon: 1
id: ending
name: Ends as it is told
tz: UTC
triggers: [{id: by_hand, manual: {inputs: {end: {type: text, required: true}}}}]
actions:
  - {id: act, use: local.act, with: {end: "${{ trigger.inputs.end }}"}}
"""


@dataclass(frozen=True)
class Told:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it is."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Line:
    """The command line in one folder."""

    folder: Path

    def __call__(self, *words: str) -> Told:
        """Call it in this process."""
        result = CliRunner().invoke(cli, [*words, "-C", str(self.folder)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Told(result.exit_code, result.stdout, result.stderr)

    def write(self, name: str, text: str) -> Path:
        """Put a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def antiphon(tmp_path: Path) -> Line:
    """The command line in a fresh workspace."""
    line = Line(tmp_path)
    assert line("init").code == 0
    return line


@pytest.fixture
def acting(antiphon: Line) -> Callable[[str], Told]:
    """Runs, live, an action that ends as it is told; the workspace's own plugin.py brings it."""
    antiphon.write("plugin.py", PLUGIN)
    antiphon.write("workflows/ending.yaml", ENDING)
    return lambda end: antiphon("run", "ending", "--input", f"end={end}", "--live", "--json")
