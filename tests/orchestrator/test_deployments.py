from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.orchestrator.conftest import MakeApp, Seen

from antiphon.testing.clock import VirtualClock

pytestmark = pytest.mark.prefect

CLOCKED = """
id: {id}
name: Clocked
labels: {{team: care}}
triggers:
  - id: tick
    schedule: {{cron: "{cron}", misfire: all}}
actions:
  - use: village.cry
    with: {{text: tick}}
"""

POLLED = """
id: polled
name: Polled
triggers:
  - id: news
    poll: {source: village.news, with: {connection: home}, every: 10m}
  - id: word
    event: {type: word.heard}
actions:
  - use: village.cry
    with: {text: news}
"""


def instants(seen: Seen, workflow: str) -> list[datetime]:
    return [run.expected_start_time for run in seen.runs(workflow, upcoming=True) if run.expected_start_time]


def test_twice(make_app: MakeApp, seen: Seen) -> None:
    """Deploying twice changes nothing."""
    from antiphon.orchestrator.deployments import Deployed, deploy

    app = make_app(CLOCKED.format(id="twice", cron="0 9 * * *"), POLLED)
    slugs = ("polled/events", "polled/news", "twice/events", "twice/tick")
    first, before = deploy(app), [run.id for run in seen.runs("twice", upcoming=True)]
    second, after = deploy(app), [run.id for run in seen.runs("twice", upcoming=True)]

    assert Deployed(added=slugs) == first
    assert Deployed(kept=slugs) == second
    assert len(before) >= 3
    assert before == after


def test_registered(make_app: MakeApp) -> None:
    """A deployment says in words when it wakes, has the workflow's tags, and names its flow for any worker."""
    from prefect.context import SyncClientContext
    from prefect.flows import load_flow_from_entrypoint

    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.flows import activation

    app = make_app(CLOCKED.format(id="spoken", cron="30 8 * * MON-FRI"), POLLED)
    deploy(app)
    context = SyncClientContext.get()
    assert context is not None
    spoken = context.client.read_deployment_by_name("spoken/tick")
    polled = context.client.read_deployment_by_name("polled/news")
    heard = context.client.read_deployment_by_name("polled/events")

    assert "Every Monday to Friday at 08:30 (Europe/Paris)." == spoken.description
    assert {"antiphon", "team:care", "schedule"} == set(spoken.tags)
    assert [] == spoken.schedules
    assert [timedelta(minutes=10)] == [getattr(one.schedule, "interval", None) for one in polled.schedules]
    assert "Asks its source every 10m." == polled.description
    assert ("Answers event triggers.", []) == (heard.description, heard.schedules)
    assert activation is load_flow_from_entrypoint(str(spoken.entrypoint))


@pytest.mark.parametrize(
    ("cron", "now", "expected"),
    [
        # The clocks of Paris go from 02:00 to 03:00 on 28 March 2027, at 01:00 UTC.
        ("30 2 * * *", datetime(2027, 3, 26, 12, tzinfo=UTC), ["27T01:30", "28T01:30", "29T00:30", "30T00:30"]),
        # They go from 03:00 back to 02:00 on 31 October 2027, at 01:00 UTC; 02:00 comes twice.
        ("0 * * * *", datetime(2027, 10, 30, 22, 30, tzinfo=UTC), ["30T23:00", "31T00:00", "31T01:00", "31T02:00"]),
    ],
)
def test_clocks_change(make_app: MakeApp, seen: Seen, cron: str, now: datetime, expected: list[str]) -> None:
    """What Prefect shows as upcoming are the ticks of the schedule, each exactly once when the clocks change."""
    from antiphon.orchestrator.deployments import deploy

    name = f"clocks-{now.month}"
    app = make_app(CLOCKED.format(id=name, cron=cron), clock=VirtualClock(now))
    deploy(app)
    shown = instants(seen, name)

    assert expected == [tick.astimezone(UTC).strftime("%dT%H:%M") for tick in shown[:4]]
    assert app.ticks(name, "tick", now, len(shown)) == shown


def test_gone(make_app: MakeApp, seen: Seen) -> None:
    """A workflow that is gone loses its deployments and upcoming runs; another workspace's are left alone."""
    from antiphon.orchestrator.deployments import deploy

    deploy(make_app(CLOCKED.format(id="neighbour", cron="0 9 * * *"), folder="elsewhere"))
    deploy(make_app(CLOCKED.format(id="gone", cron="0 9 * * *"), CLOCKED.format(id="stays", cron="0 9 * * *")))
    second = deploy(make_app(CLOCKED.format(id="stays", cron="0 9 * * *")))

    assert (("gone/events", "gone/tick"), ("stays/events", "stays/tick")) == (second.removed, second.kept)
    assert [] == instants(seen, "gone")
    assert instants(seen, "stays")
    assert instants(seen, "neighbour")


def test_another_time(make_app: MakeApp, seen: Seen) -> None:
    """A schedule that is changed has its new ticks upcoming and no old one, and none of them counts as missed."""
    from antiphon.orchestrator.deployments import deploy

    clock = VirtualClock(datetime(2027, 5, 4, 10, tzinfo=UTC))
    deploy(make_app(CLOCKED.format(id="moved", cron="0 14 * * *"), clock=clock))
    clock.advance(timedelta(days=1))
    app = make_app(CLOCKED.format(id="moved", cron="15 9 * * *"), clock=clock)
    changed = deploy(app).changed
    future = [tick for tick in instants(seen, "moved") if tick > clock.now()]

    assert ("moved/tick",) == changed
    assert app.ticks("moved", "tick", clock.now(), len(future)) == future
    assert [datetime(2027, 5, 4, 12, tzinfo=UTC)] == [tick for tick in instants(seen, "moved") if tick <= clock.now()]


def test_missed(make_app: MakeApp, seen: Seen) -> None:
    """Ticks that passed while nobody was there are handed on, for the schedule's own `misfire` to judge."""
    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.ticks import AHEAD, top_up

    clock = VirtualClock(datetime(2027, 6, 1, 10, tzinfo=UTC))
    app = make_app(CLOCKED.format(id="missed", cron="0 * * * *"), clock=clock)
    deploy(app)
    assert 0 == top_up(app, "missed", "tick")
    clock.advance(timedelta(hours=8))
    added = top_up(app, "missed", "tick")
    shown = instants(seen, "missed")

    assert 8 == added
    assert [datetime(2027, 6, 1, 11, tzinfo=UTC) + timedelta(hours=n) for n in range(8 + AHEAD)] == shown


def test_far_away(make_app: MakeApp, seen: Seen) -> None:
    """A schedule that comes once a month shows its next three ticks all the same."""
    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.ticks import AT_LEAST

    deploy(make_app(CLOCKED.format(id="monthly", cron="0 9 1 * *")))

    assert AT_LEAST == len(instants(seen, "monthly"))
