"""The worked example, installed: it is found by its entry points, keeps the contract, and is written against."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[1] / "noticeboard"

SETTINGS = """
[workspace]
name = "Village"
timezone = "Europe/Paris"

[connections.village]
connector = "noticeboard"
board = "https://board.example"
key = "${{ secrets.board_key }}"
"""

WORKFLOW = """
antiphon: 1
id: market
name: Market
tz: Europe/Paris
triggers:
  - {id: calls, poll: {source: post.mentions, with: {connection: village}}}
actions:
  - {use: post.reply, with: {connection: village, to: "${{ event }}", text: On Saturday.}}
  - {use: post.thread, with: {connection: village, text: On Saturday.}}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the distribution: installed by pip, or laid out as pip does where its build backend is missing."""
    target = tmp_path_factory.mktemp("site")
    if importlib.util.find_spec("hatchling"):
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps", "--no-index"]
        subprocess.run([*command, "--target", str(target), str(EXAMPLE)], check=True)
        return target
    project: dict[str, Any] = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    shutil.copytree(EXAMPLE / "antiphon_noticeboard", target / "antiphon_noticeboard")
    information = target / f"antiphon_noticeboard-{project['version']}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    (information / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
            for group, points in project["entry-points"].items()
        )
    )
    return target


def antiphon(installed: Path, folder: Path, *words: str) -> Any:
    """What a command answers with the distribution installed, as JSON."""
    script = "import sys; from antiphon.cli import main; sys.argv = ['antiphon', *sys.argv[1:]]; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, *words, "--json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_contract(installed: Path, tmp_path: Path) -> None:
    """It keeps every law that applies to a board."""
    found = antiphon(installed, tmp_path, "plugins", "check", "noticeboard")

    assert {"kept", "left out"} == {one["result"] for one in found}
    assert {"splits_what_is_too_long", "presents"} == {one["check"] for one in found if one["result"] == "left out"}


def test_shown(installed: Path, tmp_path: Path) -> None:
    """What it can, and what it allows, is shown like that of any network."""
    [page] = antiphon(installed, tmp_path, "show", "noticeboard")

    assert ["publish", "reply", "edit posts", "delete posts", "read mentions", "read metrics"] == page["abilities"]
    assert ["1,000 bytes"] == [limit["value"] for limit in page["limits"]]


def test_written_against(installed: Path, tmp_path: Path) -> None:
    """Workflows use it by what any network has; what it cannot do is refused with its name."""
    (tmp_path / "antiphon.toml").write_text(SETTINGS)
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "market.yaml").write_text(WORKFLOW)

    found = antiphon(installed, tmp_path, "check")

    assert ["`village` is a connection to noticeboard, which cannot publish threads."] == [
        problem["sentence"] for problem in found["problems"]
    ]
