from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.orchestrator.conftest import MakeApp, Seen
from tests.orchestrator.patience import until

from antiphon.app import Antiphon
from antiphon.model.event import Event
from antiphon.testing.clock import VirtualClock

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import State

pytestmark = pytest.mark.prefect

BELL = """
id: {id}
name: The bell
triggers:
  - id: hour
    schedule: {{cron: "0 0 1 1 *"}}
  - id: word
    event: {{type: word.heard}}
actions:
  - use: village.cry
    with: {{text: "${{{{ event.text | default('ding') }}}}"}}
"""


POLL = "poll: {source: village.news, with: {connection: home}, every: 10m}"


@pytest.fixture
def worker(prefect_server: object) -> Iterator[None]:
    from antiphon.orchestrator.worker import WorkerThread

    thread = WorkerThread()
    thread.start()
    yield
    thread.check()
    thread.stop()
    with pytest.raises(Exception, match="The worker ended"):
        thread.check()


def cries(app: Antiphon) -> list[str]:
    return (app.settings.folder / "cries.txt").read_text().split()


def hear(app: Antiphon, *words: str) -> None:
    app.store.events.ingest([Event(f"word:{word}", "word.heard", app.clock.now(), {"text": word}) for word in words])


def ring(app: Antiphon, client: SyncPrefectClient) -> None:
    """A tick that is due now."""
    from antiphon.orchestrator.tags import run_name

    [workflow] = app.programs
    due = app.clock.now().replace(second=0, microsecond=0)
    deployment = client.read_deployment_by_name(f"{workflow}/hour")
    client.create_flow_run_from_deployment(
        deployment.id, parameters={"due": due.isoformat()}, name=run_name(app.program(workflow), "hour", due)
    )


@pytest.mark.usefixtures("worker")
def test_scheduled(make_app: MakeApp, seen: Seen, client: SyncPrefectClient) -> None:
    """The worker takes a scheduled tick and runs it in this very process; the next ticks are topped up."""
    from antiphon.orchestrator.bench import lay
    from antiphon.orchestrator.deployments import deploy

    app = make_app(BELL.format(id="bell"))
    lay(app)
    deploy(app)
    ring(app, client)
    until(lambda: any(run.state_name == "Completed" for run in seen.runs("bell")))
    run = next(run for run in seen.runs("bell") if run.state_name == "Completed")

    assert "ding" in cries(app)
    assert run.name.startswith("The bell · hour · ")
    assert "antiphon" == run.work_pool_name
    until(lambda: len(seen.tasks(run)) == 3)
    assert ["wake hour × 1", "evaluate × 1", "village.cry × 1"] == [task.name for task in seen.tasks(run)]


def test_one_at_a_time(make_app: MakeApp, seen: Seen, request: pytest.FixtureRequest) -> None:
    """A workflow has one flow run for its events at a time; what comes meanwhile is done by it or by the next."""
    from antiphon.orchestrator.bench import lay
    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.router import Router

    app = make_app(BELL.format(id="chatter"))
    lay(app)
    deploy(app)
    router = Router(app)
    hear(app, "one", "two")
    first = router.route()
    hear(app, "three")
    second = router.route()
    assert (("chatter",), ()) == (first, second)

    request.getfixturevalue("worker")
    until(lambda: len(cries(app)) == 3)
    assert ["one", "three", "two"] == sorted(cries(app))
    until(lambda: [run.state_name for run in seen.runs("chatter")] == ["Completed"])
    hear(app, "four")
    assert ("chatter",) == router.route()
    until(lambda: len(cries(app)) == 4)


def test_killed(make_app: MakeApp, seen: Seen, client: SyncPrefectClient, request: pytest.FixtureRequest) -> None:
    """What a killed worker left is marked crashed; a waking is started again and the runs are done, once."""
    from prefect.states import Pending, Running

    from antiphon.orchestrator.bench import lay
    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.router import Router

    app = make_app(BELL.format(id="killed"))
    lay(app)
    deploy(app)
    router = Router(app)
    hear(app, "one")
    router.route()
    ring(app, client)
    left = [run for run in seen.runs("killed", upcoming=True) if run.name.endswith("events") or not run.idempotency_key]
    for run in left:
        client.set_flow_run_state(run.id, Pending(), force=True)
        client.set_flow_run_state(run.id, Running(), force=True)
    assert () == router.sweep()

    assert len(left) == router.recover() == 2
    assert ("killed",) == router.sweep()
    request.getfixturevalue("worker")
    until(lambda: {"one", "ding"} <= set(cries(app)))
    assert 1 == cries(app).count("one")
    event, tick = sorted(left, key=lambda run: "hour" in run.name)
    assert "Crashed" == client.read_flow_run(event.id).state_name
    until(lambda: client.read_flow_run(tick.id).state_name == "Completed")
    states = [state.name for state in client.read_flow_run_states(tick.id)]
    assert ["Running", "Crashed", "AwaitingRetry"] == states[2:5]


def test_abandoned(make_app: MakeApp, seen: Seen, client: SyncPrefectClient) -> None:
    """A flow run that began long ago does not stand in the way for ever: its worker may have been killed."""
    from prefect.states import Running

    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.router import TRUSTED, Router

    app = make_app(BELL.format(id="abandoned"))
    deploy(app)
    hear(app, "one")
    Router(app).route()
    [run] = [run for run in seen.runs("abandoned", upcoming=True) if run.name.endswith("events")]
    client.set_flow_run_state(run.id, Running(), force=True)
    later = make_app(BELL.format(id="abandoned"), clock=VirtualClock(app.clock.now() + TRUSTED))

    assert () == Router(app).sweep()
    assert ("abandoned",) == Router(later).sweep()


def test_overdue_polls(make_app: MakeApp, client: SyncPrefectClient) -> None:
    """Polls that were due while nobody was there are removed: the next one asks for all of it."""
    from prefect.states import Scheduled

    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.router import Router

    app = make_app(BELL.format(id="overdue").replace("event: {type: word.heard}", POLL))
    deploy(app)
    deployment = client.read_deployment_by_name("overdue/word")
    past: State[None] = Scheduled(scheduled_time=app.clock.now() - timedelta(hours=1))
    by_hand = client.create_flow_run_from_deployment(deployment.id, state=past)
    until(lambda: _scheduled(client, "overdue/word") >= 2)
    later = VirtualClock(app.clock.now() + timedelta(hours=2))
    Router(make_app(BELL.format(id="overdue").replace("event: {type: word.heard}", POLL), clock=later)).recover()

    assert 1 == _scheduled(client, "overdue/word")
    assert client.read_flow_run(by_hand.id).state is not None


def _scheduled(client: SyncPrefectClient, slug: str) -> int:
    """How many flow runs of a deployment wait for their time."""
    deployment = client.read_deployment_by_name(slug)
    of_it = {"id": {"any_": [str(deployment.id)]}}
    waiting = {"state": {"type": {"any_": ["SCHEDULED"]}}}
    body = {"deployments": of_it, "flow_runs": waiting}
    found: int = client.request("POST", "/flow_runs/count", json=body).json()
    return found


def test_another_kind(make_app: MakeApp, client: SyncPrefectClient) -> None:
    """A flow run can be executed by a fresh process that knows nothing but its id, as other kinds of worker do."""
    from antiphon.orchestrator.deployments import deploy

    app = make_app(BELL.format(id="stranger"))
    deploy(app)
    hear(app, "far")
    app.route()
    deployment = client.read_deployment_by_name("stranger/events")
    run = client.create_flow_run_from_deployment(deployment.id)
    environment = {**os.environ, "PREFECT__FLOW_RUN_ID": str(run.id)}
    subprocess.run([sys.executable, "-m", "prefect.engine"], env=environment, check=True, timeout=60)

    assert ["far"] == cries(app)
    shown = client.read_flow_run(run.id)
    assert ("Completed", "The bell · events") == (shown.state_name, shown.name)
    assert timedelta(0) < shown.total_run_time
