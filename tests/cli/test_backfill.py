"""`antiphon backfill`: planned first, then made up for, paused and gone on with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antiphon.cli.exits import Exit
from antiphon.components.clock import SystemClock

DAILY = """
antiphon: 1
id: daily
name: Every day
tz: UTC
triggers: [{id: noon, schedule: {cron: "0 12 * * *"}}, {id: by_hand, manual: {}}]
actions:
  - use: log
    with: {message: "It was ${{ trigger.scheduled_at }}"}
"""


@pytest.fixture
def daily(antiphon: Any) -> Any:
    """A command line whose workspace has a daily schedule."""
    antiphon.write("workflows/daily.yaml", DAILY)
    return antiphon


def week() -> tuple[str, str]:
    """The first and the last day of a week that is over."""
    last = datetime.combine(SystemClock().now().date() - timedelta(days=2), datetime.min.time(), UTC)
    return f"{last - timedelta(days=6):%F}", f"{last:%F}"


def test_plan(daily: Any) -> None:
    """Without --live it tells what there is to do, and keeps nothing."""
    first, last = week()
    told = daily("backfill", "start", "daily", "--from", first, "--to", last, "--json")

    assert Exit.DONE == told.code
    assert (7, 0) == (told.document["calls"], told.document["answered"])
    assert f"{first}T12:00:00+00:00" == told.document["to_do"][0]
    assert [] == daily("backfill", "list", "--json").document
    assert [] == daily("runs", "list", "--json").document


def test_live(daily: Any) -> None:
    """With --live every tick is answered once, marked with what it belongs to; done again, nothing is left to do."""
    first, last = week()
    asked = (
        "backfill",
        "start",
        "daily",
        "--from",
        first,
        "--to",
        last,
        "--live",
        "--label",
        "reason=outage",
        "--json",
    )
    told = daily(*asked)

    assert (Exit.DONE, {"done": 7}) == (told.code, told.document["runs"])
    mine = daily("runs", "list", "--backfill", told.document["id"], "--json").document
    assert 7 == len(mine)
    shown = daily("runs", "show", mine[0]["id"]).out
    assert f"backfill {told.document['id']}, reason=outage" in shown
    assert {} == daily(*asked).document["runs"]
    assert "passed over" in daily("backfill", "list").out


def test_pause(daily: Any) -> None:
    """One is named by the beginning of its id; one that is done cannot be paused any more."""
    first, last = week()
    made = daily("backfill", "start", "daily", "--from", first, "--to", last, "--live", "--json").document

    assert "is done" in daily("backfill", "pause", made["id"][:6]).out
    assert Exit.AUTHOR == daily("backfill", "cancel", "nothing").code


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "yesterday", "--to", "2026-01-01"), "is no date"),
        (("--from", "2026-01-02", "--to", "2026-01-01", "--label", "outage"), "is not key=value"),
        (("--from", "2026-01-03", "--to", "2026-01-01"), "is empty, or has not come yet"),
        (("--from", "2026-01-01", "--to", "2026-01-01", "--trigger", "noom"), "has no trigger"),
        (("--from", "2026-01-01", "--to", "2026-01-01", "--trigger", "by_hand"), "no one schedule `by_hand`"),
    ],
)
def test_refused(daily: Any, words: tuple[str, ...], told: str) -> None:
    """What cannot be meant is refused with what to write instead."""
    answer = daily("backfill", "start", "daily", *words)

    assert Exit.AUTHOR == answer.code
    assert told in answer.err
