"""Mentions go their way by what is wanted, and leave a link back: the tests that documents hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.antiphon_listening.conftest import Town

from antiphon.rehearsal.suite import Suite
from antiphon.rehearsal.telling import told

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.yaml"))
SHOP = '[connections.tasks]\nconnector = "webhook"\nurl = "https://tasks.example/in"\nsecret = "a-secret-of-ours"\n'


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_l7_l11_documents(town: Town, document: Path) -> None:
    """L7, L11: a mention that matches a rule becomes a ticket, a lead or a task, each with a link back."""
    settings = town.folder / "antiphon.toml"
    settings.write_text(settings.read_text("utf-8") + SHOP, encoding="utf-8")
    path = town.folder / "workflows" / document.name
    shutil.copy(document, path)
    town.restart()
    suite = Suite(town.app)
    found, _ = suite.find([path])

    results = [suite.run(one) for one in found]

    assert 4 == len(results)
    failed = [line for result in results if result.state != "passed" for line in told(result)]
    assert "" == "\n".join(failed)
