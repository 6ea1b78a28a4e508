from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.orchestrator.conftest import MakeApp, Seen
from tests.orchestrator.patience import until

from antiphon.app import Antiphon
from antiphon.model.effect import EffectState
from antiphon.model.event import Event
from antiphon.model.run import RunState

pytestmark = pytest.mark.prefect

CRIER = """
id: crier
name: The crier {{of the village}}
labels: {team: care, tone: loud}
triggers:
  - id: word
    event: {type: word.heard}
  - id: hourly
    schedule: {cron: "0 * * * *", max_late: 1h}
actions:
  - use: village.cry
    with: {text: "${{ event.text | default('the hour') }}"}
"""

READER = """
id: reader
name: The reader
triggers:
  - id: news
    poll: {source: village.news, with: {connection: home}, first_run: fire}
actions:
  - use: village.cry
    with: {text: "${{ event.text }}"}
"""


def hear(app: Antiphon, *words: str) -> None:
    app.store.events.ingest([Event(f"word:{word}", "word.heard", app.clock.now(), {"text": word}) for word in words])
    app.route()


def cries(app: Antiphon) -> list[str]:
    return sorted((app.settings.folder / "cries.txt").read_text().split("\n")[:-1])


def test_shown(make_app: MakeApp, seen: Seen) -> None:
    """An activation is a flow run under the workflow's id, with its name, tags, summary, tasks and trace."""
    from antiphon.orchestrator.once import run_flow_once

    app = make_app(CRIER)
    hear(app, "one", "two", "three")
    done = run_flow_once(app, "crier")
    [run] = seen.runs("crier")

    assert ["one", "three", "two"] == cries(app)
    assert {EffectState.DONE: 3} == done.effects
    assert "The crier {{of the village}} · events" == run.name
    assert {"antiphon", "team:care", "tone:loud", "events"} == set(run.tags)
    assert ("Completed", done.summary) == (run.state_name, run.state and run.state.message)
    until(lambda: len(seen.tasks(run)) == 2)
    assert ["evaluate × 3", "village.cry × 3"] == [task.name for task in seen.tasks(run)]
    [trace] = seen.traces(run)
    for one in done.runs:
        assert f"| [{one.id}]({app.settings.base_url}/runs/{one.id}) | done |" in trace


def test_nothing_to_do(make_app: MakeApp, seen: Seen) -> None:
    """An activation without runs is completed and leaves no trace."""
    from antiphon.orchestrator.once import run_flow_once

    app = make_app(CRIER.replace("id: crier", "id: idle-crier"))
    done = run_flow_once(app, "idle-crier")
    [run] = seen.runs("idle-crier")

    assert ((), "Completed", []) == (done.runs, run.state_name, seen.traces(run))


def test_failed(make_app: MakeApp, seen: Seen) -> None:
    """A run that fails makes the flow run failed once the others are done; they are not disturbed."""
    from antiphon.orchestrator.once import run_flow_once

    app = make_app(CRIER.replace("id: crier", "id: failing-crier").replace("default('the hour')", "trim"))
    hear(app, "one", " ", "two")
    done = run_flow_once(app, "failing-crier")
    [run] = seen.runs("failing-crier")

    assert ["one", "two"] == cries(app)
    assert [RunState.FAILED] == [one.state for one in done.failed]
    assert "Failed" == run.state_name
    assert run.state is not None
    assert "there is nothing to cry" in (run.state.message or "")


def test_refused_waking(make_app: MakeApp, seen: Seen) -> None:
    """A trigger that cannot be woken fails the flow run, and its caller is told."""
    from antiphon.orchestrator.once import run_flow_once

    app = make_app(CRIER.replace("id: crier", "id: lost-crier"))
    with pytest.raises(Exception, match="has no trigger `weekly`"):
        run_flow_once(app, "lost-crier", "weekly")
    [run] = seen.runs("lost-crier")

    assert "Failed" == run.state_name


def test_tick_once(make_app: MakeApp, seen: Seen) -> None:
    """A tick that comes twice is answered once."""
    from antiphon.orchestrator.once import run_flow_once

    app = make_app(CRIER.replace("id: crier", "id: hour-crier"))
    due = app.clock.now().replace(minute=0, second=0, microsecond=0)
    first = run_flow_once(app, "hour-crier", "hourly", due)
    again = run_flow_once(app, "hour-crier", "hourly", due)

    assert (1, 0) == (len(first.runs), len(again.runs))
    assert ["the hour"] == cries(app)
    told = due.astimezone(ZoneInfo("Europe/Paris")).strftime("hourly · %Y-%m-%d %H:00")
    assert all(run.name.endswith(told) and "schedule" in run.tags for run in seen.runs("hour-crier"))


def test_poll(make_app: MakeApp, seen: Seen) -> None:
    """A poll that meets its workflow at work does not wait and asks nothing; the next one finds what is new."""
    from antiphon.orchestrator.bench import lay
    from antiphon.orchestrator.flows import BUSY
    from antiphon.orchestrator.once import run_flow_once

    app = make_app(READER)
    (app.settings.folder / "news.txt").write_text("fire\nflood\n")
    bench = lay(app)
    with bench.turn("reader", wait=True):
        met = run_flow_once(app, "reader", "news")
    assert () == met.runs
    assert [] == cries(app)
    [run] = seen.runs("reader")
    assert run.state is not None
    assert ("Completed", BUSY) == (run.state_name, run.state.message)

    done = run_flow_once(app, "reader", "news")
    assert 2 == len(done.runs)
    assert ["fire", "flood"] == cries(app)


def test_table() -> None:
    """The trace lists at most a hundred runs, says how many more there are, and stays a table whatever was said."""
    from antiphon.model.activation import Activation
    from antiphon.model.run import Run
    from antiphon.orchestrator.trace import MOST, table

    at = datetime(2026, 3, 2, tzinfo=UTC)
    runs = tuple(
        Run(
            id=f"r{n}",
            key=f"k{n}",
            workflow="w",
            program="p",
            trigger="t",
            cause="c",
            because="a|b\n<c>",
            created_at=at,
        )
        for n in range(MOST + 7)
    )
    lines = table(Activation(workflow="w", live=True, runs=runs), "http://x").splitlines()

    assert "| [r0](http://x/runs/r0) | pending | a\\|b &lt;c> |" == lines[4]
    assert MOST == sum(line.startswith("| [r") for line in lines)
    assert "and 7 more: [all runs](http://x/runs)" == lines[-1]
