"""Writing a report as an effect: planned, performed, and found again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.context import Connections, Here, PerformContext, ReadContext
from antiphon.components.http import Http
from antiphon.components.ports import Store
from antiphon.errors import GiveUp
from antiphon.model.effect import Done, Effect, Rejected
from antiphon.report import Reporter
from antiphon.testing.clock import VirtualClock
from antiphon_reporting import register_sections
from antiphon_reporting.actions import WriteReport, period

PARIS = ZoneInfo("Europe/Paris")
HERE = Here(workflow="weekly", run="r1", step="report", timezone=PARIS, language="fr")
NO_CONNECTIONS = cast(Connections, None)


@pytest.fixture
def reading(store: Store, clock: VirtualClock) -> ReadContext:
    return ReadContext(
        HERE, clock, NO_CONNECTIONS, store.events, store.runs, store.ledger, store.people, store.records, store.marks
    )


@pytest.fixture
def performing(store: Store, clock: VirtualClock, tmp_path: Path) -> PerformContext:
    sections = {section.name: section for section in register_sections()}
    return PerformContext(
        here=HERE,
        clock=clock,
        connections=NO_CONNECTIONS,
        http=Http(),
        events=store.events,
        records=store.records,
        people=store.people,
        reports=Reporter(sections, store, clock, tmp_path, PARIS, "Torréa"),
        brakes=store.brakes,
        claimed_at=clock.now(),
        made=lambda remote_id: False,
        reveal=lambda value: value,
    )


def plan(ctx: ReadContext, **options: Any) -> Effect:
    return WriteReport().plan(WriteReport.Options(name="weekly", **options), ctx)


def test_plan(reading: ReadContext) -> None:
    """The plan says which files and which time, and is the same every time."""
    effect = plan(reading)
    assert effect.summary == (
        "Write reports/weekly-2026-03-02.html, .md and .csv about 2026-02-23 00:00 to 2026-03-02 10:00"
    )
    assert effect.payload["language"] == "fr"
    assert effect == plan(reading)


@pytest.mark.parametrize("to", ["/etc", "../out", "a/../../b", "a\\b"])
def test_outside(to: str, reading: ReadContext) -> None:
    """A folder that is not in the workspace is refused in the plan."""
    with pytest.raises(GiveUp, match="not inside the workspace"):
        plan(reading, to=to)


def test_perform(week: None, reading: ReadContext, performing: PerformContext, tmp_path: Path) -> None:
    """The files are there, in the reader's language, and are found again without being written again."""
    effect = plan(reading, title="La semaine", sections=["heard", {"section": "answered", "rows": 1}, "waiting"])
    assert WriteReport().reconcile(effect, performing) is None
    outcome = WriteReport().perform(effect, performing)
    assert isinstance(outcome, Done)
    assert outcome.receipt.data["files"] == [f"reports/weekly-2026-03-02.{form}" for form in ("html", "md", "csv")]
    page = (tmp_path / "reports/weekly-2026-03-02.html").read_text("utf-8")
    assert "<h1>La semaine</h1>" in page
    assert "Brouillons à valider" in page
    assert WriteReport().reconcile(effect, performing) == outcome


@pytest.mark.parametrize(
    ("sections", "reason", "fix"),
    [
        (["herd"], "There is no section `herd`.", "heard"),
        (
            [{"rows": 1}],
            "There is no section `None`.",
            "The sections are board, heard, answered, ",
        ),
        ([{"section": "answered", "rows": -1}], "The section `answered` cannot use this: ", ""),
        ([{"section": "answered", "row": 1}], "The section `answered` cannot use this: ", ""),
    ],
)
def test_refused(
    sections: list[Any], reason: str, fix: str, reading: ReadContext, performing: PerformContext, tmp_path: Path
) -> None:
    """A section or an option that does not exist is refused with a hint, and nothing is written."""
    outcome = WriteReport().perform(plan(reading, sections=sections), performing)
    assert isinstance(outcome, Rejected)
    assert reason in outcome.reason
    assert fix in outcome.fix
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("days", "today", "since", "until"),
    [
        (7, True, "2026-03-22T23:00", "2026-03-30T10:00"),
        (7, False, "2026-03-22T23:00", "2026-03-29T22:00"),
        (1, False, "2026-03-28T23:00", "2026-03-29T22:00"),
        (0.5, True, "2026-03-29T22:00", "2026-03-30T10:00"),
    ],
)
def test_period(days: float, today: bool, since: str, until: str) -> None:
    """Whole days are those of the local calendar, also over the change to summer time."""
    now = datetime(2026, 3, 30, 10, tzinfo=UTC)
    expected = tuple(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (since, until))
    assert period(now, timedelta(days=days), PARIS, today=today) == expected
