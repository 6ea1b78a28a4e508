"""Liveness: a workflow that does not run as often as is expected is told of, once for each silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

HOUR = timedelta(hours=1)
EXPECTED = {"id": "w", "liveness": {"at_least": 1, "per": "3h"}}


@pytest.fixture
def expected(workspace: Any, store_url: str) -> Any:
    """A workspace on each of the two databases, with a workflow that is to run every three hours."""
    toml = workspace.folder / "antiphon.toml"
    toml.write_text(toml.read_text() + f'[database]\nurl = "{store_url}"\n')
    workspace.write(EXPECTED)
    workspace.app.sweep_patterns()
    return workspace


def silences(workspace: Any) -> list[str]:
    """Since when a workflow has been silent, as was told."""
    return sorted(event.data["since"] for event in workspace.app.store.events.list(type="workflow.silent"))


def later(workspace: Any, length: timedelta) -> None:
    workspace.clock.advance(length)
    workspace.app.sweep_patterns()


def test_told_once(expected: Any) -> None:
    """A silence counts from when the workflow was first at work, or from its last run, and is told once, over
    restarts."""
    begun = expected.clock.now()
    assert begun + 3 * HOUR == expected.app.pattern_due()
    later(expected, 3 * HOUR - timedelta(seconds=1))
    assert [] == silences(expected)
    later(expected, timedelta(seconds=1))
    expected.reopen()
    later(expected, 7 * HOUR)
    assert [begun.isoformat()] == silences(expected)
    expected.app.start("w")
    run = expected.clock.now()
    later(expected, 2 * HOUR)
    assert 1 == len(silences(expected))
    later(expected, 10 * HOUR)

    assert [begun.isoformat(), run.isoformat()] == silences(expected)


def test_answered(expected: Any, network: Any) -> None:
    """Another workflow can answer it, in the same sweep."""
    says = {"use": "net.send", "with": {"text": "${{ event.workflow }}: ${{ event.because }}"}}
    expected.write({"id": "tell", "triggers": [{"id": "t", "event": {"type": "workflow.silent"}}], "actions": [says]})
    expected.clock.advance(3 * HOUR)
    assert ("tell",) == expected.app.sweep_patterns()
    expected.settle("tell")

    since = expected.clock.now() - 3 * HOUR - timedelta(minutes=3)
    assert [f"w: no run within 3h after {since:%F %T} UTC"] == network.texts


def test_at_least(expected: Any) -> None:
    """With fewer runs than are expected it is silent, until there are enough within the time again."""
    expected.write({"id": "w", "liveness": {"at_least": 2, "per": "3h"}})
    expected.app.sweep_patterns()
    for hours, starts, told in [(1, 1, 0), (2, 0, 1), (1, 1, 1), (4, 0, 1), (1, 2, 1), (2, 0, 1), (3, 0, 2)]:
        later(expected, hours * HOUR)
        for _ in range(starts):
            expected.app.start("w")

        assert told == len(silences(expected)), hours


def test_declined(expected: Any) -> None:
    """A run that the conditions have declined is no sign of life; one that failed is."""
    declines = {**EXPECTED, "conditions": ["${{ 1 == 2 }}"]}
    expected.write(declines)
    later(expected, 2 * HOUR)
    expected.app.start("w")
    expected.settle("w")
    later(expected, HOUR)

    assert 1 == len(silences(expected))


def test_disabled(expected: Any) -> None:
    """A workflow that is laid to rest is not silent; enabled again, it begins anew."""
    expected.write({**EXPECTED, "enabled": False})
    later(expected, 10 * HOUR)
    expected.write(EXPECTED)
    expected.app.sweep_patterns()

    assert [] == silences(expected)
    assert expected.clock.now() + 3 * HOUR == expected.app.pattern_due()


def test_alert(workspace: Any) -> None:
    """It is an alert, if people are to be told of silence."""
    toml = workspace.folder / "antiphon.toml"
    toml.write_text(toml.read_text() + '[alerts]\nto = ["json://127.0.0.1:1/x"]\non = ["silent"]\ngroup = "0s"\n')
    workspace.write(EXPECTED)
    workspace.app.sweep_patterns()
    later(workspace, 4 * HOUR)
    later(workspace, 4 * HOUR)
    workspace.app.alerts.deliver()

    [message] = workspace.app.store.alerts.list()
    assert "w is silent: no run within 3h" in message.body
