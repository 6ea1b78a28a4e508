"""The gallery that comes with Antiphon: what each recipe promises on its page, and what its own tests say."""

from __future__ import annotations

from pathlib import Path

import pytest

from antiphon.app import Antiphon
from antiphon.components.clock import SystemClock
from antiphon.language import read_file, shape
from antiphon.model.recipe import Recipe
from antiphon.registry import Registry
from antiphon.rehearsal.suite import Found, Suite
from antiphon.rehearsal.telling import told
from antiphon.settings import ConnectionSettings, Settings, WorkspaceSettings

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "recipes").glob("*.yaml"))
ACCOUNTS = {
    "brand": "mastodon",
    "sky": "bluesky",
    "post": "email",
    "phone": "notify",
    "news": "feed",
    "blog": "wordpress",
}
SCORES = """
half_life = "14d"
[engagement."mention.received"]
points = 40
cap = 80
"""
SLOTS = """
tz = "Europe/Paris"
[queues.brand]
mon = ["17:00"]
tue = ["09:00"]
"""


def workspace(folder: Path) -> Antiphon:
    """A brand with the accounts that recipes ask for, a group of three, a queue, and rules for scores."""
    (folder / "leads.toml").write_text(SCORES, encoding="utf-8")
    (folder / "slots.toml").write_text(SLOTS, encoding="utf-8")
    settings = Settings(
        folder=folder,
        workspace=WorkspaceSettings(name="Torréa", timezone="Europe/Paris"),
        connections={name: ConnectionSettings(connector=connector) for name, connector in ACCOUNTS.items()},
        groups={"brand": ("ana", "ben", "cleo")},
    )
    return Antiphon(settings, Registry.load(), SystemClock())


def found() -> list[Found]:
    tests, problems = Suite(Antiphon(Settings(folder=ROOT), Registry.load(), SystemClock())).find([ROOT / "recipes"])
    assert [] == problems
    return tests


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_page(file: Path) -> None:
    """A recipe says what it is for and what it may do outside, labels each question, and has tests."""
    recipe = shape(read_file(file), Recipe)

    assert recipe.recipe == file.stem
    assert recipe.summary
    assert recipe.effects is not None
    assert all(asked.label for asked in recipe.inputs.values())
    assert recipe.tests


@pytest.mark.parametrize("test", found(), ids=str)
def test_own(test: Found, tmp_path: Path) -> None:
    """What a recipe's own tests say comes true."""
    result = Suite(workspace(tmp_path)).run(test)

    assert "" == ("" if result.state == "passed" else "\n".join(told(result)))


def test_offered(tmp_path: Path) -> None:
    """Every workspace is offered the gallery, from a checkout and from an installed package."""
    offered = {shelved.recipe.recipe for shelved in workspace(tmp_path).gallery.recipes}

    assert {file.stem for file in FILES} <= offered
