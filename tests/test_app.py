"""The application: what it joins is opened when it is needed, and not before."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.errors import InputError
from antiphon.model.run import RunState
from antiphon.testing.clock import VirtualClock

GOOD: dict[str, Any] = {
    "antiphon": 1,
    "id": "w",
    "name": "x",
    "tz": "UTC",
    "triggers": [
        {"id": "m", "manual": {"inputs": {"n": {"type": "integer", "default": 3}}}},
        {"id": "s", "schedule": {"cron": "30 9 * * *"}},
        {"id": "p", "poll": {"source": "feed.items", "with": {"connection": "news"}, "every": "10m"}},
        {"id": "e", "event": {"type": "mention.received"}},
    ],
    "actions": [{"use": "log", "with": {"message": "hello ${{ trigger.id }}"}}],
}
NEWS = '[connections.news]\nconnector = "feed"\nurl = "https://example.org/feed"\n'


@pytest.fixture
def app(tmp_path: Path, clock: VirtualClock) -> Antiphon:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "w.yaml").write_text(json.dumps(GOOD), encoding="utf-8")
    off = {**GOOD, "id": "off", "enabled": False}
    (tmp_path / "workflows" / "off.yaml").write_text(json.dumps(off), encoding="utf-8")
    (tmp_path / "antiphon.toml").write_text(NEWS, encoding="utf-8")
    return Antiphon.open(tmp_path, clock=clock)


def test_check_touches_nothing(app: Antiphon) -> None:
    """Compiling makes no file and opens no database."""
    before = sorted(app.settings.folder.rglob("*"))

    assert [] == app.compiled.problems
    assert before == sorted(app.settings.folder.rglob("*"))


def test_check_is_light(app: Antiphon) -> None:
    """Compiling brings neither the database nor the orchestrator into memory."""
    code = (
        "import sys; from pathlib import Path; from antiphon.app import Antiphon;"
        f"Antiphon.open(Path({str(app.settings.folder)!r})).compiled;"
        "print([name for name in ('sqlalchemy', 'prefect', 'fastapi') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert "[]" == told.strip()


def test_wakings(app: Antiphon, clock: VirtualClock) -> None:
    """Every enabled trigger of the clock and of polling is listed, with its next instants or how often."""
    [poll], [schedule] = app.poll_triggers(), app.schedule_triggers()

    assert ("w", "p", timedelta(minutes=10)) == (poll.workflow, poll.trigger, poll.every)
    assert ("w", "s") == (schedule.workflow, schedule.trigger)
    first = clock.now() + timedelta(minutes=30)
    assert [first, first + timedelta(days=1)] == app.ticks("w", "s", clock.now(), 2)


def test_by_hand(app: Antiphon) -> None:
    """A run by hand has its inputs, completed; one that is repeated by its cause is the same run."""
    run = app.start("w", cause="ticket 7")
    again = app.start("w", cause="ticket 7")
    [done] = app.activate("w").runs

    assert run.id == again.id == done.id
    assert {"n": 3} == run.scope["trigger"]["inputs"]
    assert (RunState.DONE, "hello m") == (done.state, done.steps[0].result["message"])
    app.close()


def test_disabled(app: Antiphon) -> None:
    """A workflow that is not enabled answers no call, but a person may start it; its version is kept."""
    assert ["w"] == list(app.programs)
    run = app.start("off")

    assert app.store.programs.get(run.program) == app.compiled.programs["off"]
    assert [RunState.DONE] == [run.state for run in app.activate("off").runs]
    app.close()


def test_resume_of_what_has_ended(app: Antiphon) -> None:
    """A run that has ended is not resumed."""
    run = app.start("w")
    app.activate("w")
    with pytest.raises(InputError, match="has ended: it is done"):
        app.resume(run.id)
    app.close()
