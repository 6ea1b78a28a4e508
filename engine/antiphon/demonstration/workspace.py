"""The demonstration's workspace: a folder that a user could have written."""

from __future__ import annotations

import shutil
from pathlib import Path

from antiphon.demonstration.town import Town
from antiphon.errors import InputError
from antiphon.settings import FILE

MARK = "# Written by `antiphon demo`, which replaces this folder."

_SETTINGS = """{mark}

[workspace]
name = "Torréa"
timezone = "Europe/Paris"
language = "{language}"

[groups]
team = ["nina", "sam"]

[http]
# The networks of the demonstration run on this machine; the world's are never on private addresses.
allow_private = ["{home}", "{abroad}"]

[connections.brand]
connector = "mastodon"
server = "http://{home}"
token = "${{{{ secrets.demo_brand }}}}"

[connections.community]
connector = "mastodon"
server = "http://{abroad}"
token = "${{{{ secrets.demo_community }}}}"

[connections.news]
connector = "feed"
url = "http://{home}/feeds/news.atom"
"""

_SCORES = """half_life = "14d"

[engagement."mention.received"]
points = 10
cap = 40

[engagement."comment.received"]
points = 15
cap = 30
"""


def make_workspace(folder: Path, town: Town, language: str) -> None:
    """Make the folder anew, with the demonstration's workflows and settings.

    Raises:
        InputError: there is something in the folder that the demonstration has not made.
    """
    settings = folder / FILE
    if folder.exists() and any(folder.iterdir()):
        if not settings.is_file() or not settings.read_text("utf-8").startswith(MARK):
            raise InputError(f"{folder} holds something else.", hint="Name an empty folder with --to.")
        shutil.rmtree(folder)
    shutil.copytree(documents(), folder / "workflows", ignore=shutil.ignore_patterns("*.md"))
    home, abroad = (sandbox.url.removeprefix("http://") for sandbox in (town.home, town.abroad))
    (folder / "leads.toml").write_text(_SCORES, "utf-8")
    settings.write_text(_SETTINGS.format(mark=MARK, language=language, home=home, abroad=abroad), "utf-8")


def documents() -> Path:
    """The demonstration's workflow documents: packed beside this file, or at the root of a checkout."""
    packed = Path(__file__).parent / "workflows"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "workflows"
