"""Runs that wait go on by Prefect's scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.orchestrator.conftest import MakeApp, Seen
from tests.orchestrator.patience import until

from antiphon.app import Antiphon
from antiphon.model.event import Event
from antiphon.model.run import RunState

pytestmark = pytest.mark.prefect

SLOW = """
id: slow
name: The slow crier
triggers:
  - id: word
    event: {{type: word.heard}}
actions:
  - wait: {wait}
  - use: village.cry
    with: {{text: "${{{{ event.text }}}}"}}
"""


@pytest.fixture
def worker(prefect_server: object) -> Iterator[None]:
    from antiphon.orchestrator.worker import WorkerThread

    thread = WorkerThread()
    thread.start()
    yield
    thread.stop()


def hear(app: Antiphon, *words: str) -> None:
    app.store.events.ingest([Event(f"word:{word}", "word.heard", app.clock.now(), {"text": word}) for word in words])
    app.route()


def test_scheduled(make_app: MakeApp, seen: Seen) -> None:
    """When runs wait, the next moment at which one goes on stands on Prefect's page, once however often it is said."""
    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.once import run_flow_once
    from antiphon.orchestrator.wakes import wake_later

    app = make_app(SLOW.format(wait="2h"))
    deploy(app)
    hear(app, "one")
    run_flow_once(app, "slow")
    due = app.next_due("slow")
    again = wake_later(app, "slow")
    [run] = seen.runs("slow", upcoming=True)

    assert due is not None
    assert again is not None
    assert again == run.expected_start_time
    assert timedelta(0) <= again - due < timedelta(seconds=1)
    assert run.name.startswith("The slow crier · goes on · ")


def test_a_waking_serves_nobody_now(make_app: MakeApp) -> None:
    """What happens while a waking is scheduled for later is answered at once."""
    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.router import Router
    from antiphon.orchestrator.wakes import wake_later

    app = make_app(SLOW.format(wait="2h"))
    deploy(app)
    hear(app, "one")
    app.activate("slow")
    wake_later(app, "slow")
    app.store.events.ingest([Event("word:two", "word.heard", app.clock.now(), {"text": "two"})])

    assert ("slow",) == Router(app).route()


def test_goes_on(make_app: MakeApp, worker: None) -> None:
    """A run that waits goes on within seconds of its time, with nobody there but Prefect and a worker."""
    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.wakes import wake_later

    app = make_app(SLOW.format(wait="3s"))
    deploy(app)
    hear(app, "one")
    app.activate("slow")
    wake_later(app, "slow")
    until(lambda: "one" in (app.settings.folder / "cries.txt").read_text(), 60)
    [run] = app.store.runs.list(workflow="slow")
    until(lambda: app.store.runs.list(workflow="slow")[0].state is RunState.DONE)
    finished = app.store.runs.list(workflow="slow")[0].finished_at

    assert finished is not None
    assert finished - run.created_at < timedelta(seconds=30)
