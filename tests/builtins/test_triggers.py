from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from antiphon.builtins.schedule import Schedule, ScheduleOptions
from antiphon.builtins.triggers import (
    EventOptions,
    Manual,
    ManualOptions,
    OnEvent,
    OnWorkflow,
    Poll,
    PollOptions,
    WorkflowOptions,
)


def test_poll_defaults() -> None:
    """A poll asks every five minutes and learns what is old before it answers."""
    question = Poll().question(PollOptions(source="mastodon.mentions"))
    assert (question.source, question.every, question.seeds) == ("mastodon.mentions", timedelta(minutes=5), True)


def test_poll_question() -> None:
    """What an author says about a source reaches it."""
    given = {"source": "a.b", "with": {"q": 1}, "every": "10s", "first_run": "fire", "match": {"language": "fr"}}
    question = Poll().question(PollOptions.model_validate(given))
    assert (question.options, question.every, question.seeds) == ({"q": 1}, timedelta(seconds=10), False)
    assert not question.match.judge({"language": "en"}).holds


def test_event_interest() -> None:
    """An event trigger is interested in its type, by its pattern."""
    interest = OnEvent().interest(EventOptions.model_validate({"type": "mention.*", "match": {"tag": ["a", "b"]}}))
    assert interest.type == "mention.*"
    assert interest.match.judge({"tag": "b"}).holds
    assert not interest.match.judge({"tag": "c"}).holds


@pytest.mark.parametrize(
    ("options", "data", "expected"),
    [
        ({"id": "launch"}, {"workflow": "launch", "state": "done"}, True),
        ({"id": "launch"}, {"workflow": "other", "state": "done"}, False),
        ({"id": "launch"}, {"workflow": "launch", "state": "failed"}, False),
        ({"id": "*", "state": ["failed", "stopped"]}, {"workflow": "any", "state": "stopped"}, True),
        ({"id": "*", "state": "failed"}, {"workflow": "any", "state": "done"}, False),
    ],
)
def test_workflow_interest(options: dict[str, Any], data: dict[str, str], expected: bool) -> None:
    """A workflow trigger is interested in the ends it names, of the workflow it names."""
    interest = OnWorkflow().interest(WorkflowOptions.model_validate(options))
    assert interest is not None
    assert (interest.type, interest.match.judge(data).holds) == ("run.finished", expected)


def test_workflow_counted() -> None:
    """Ends of runs that are counted wake nothing each by itself."""
    options = WorkflowOptions.model_validate({"id": "*", "state": "failed", "at_least": 3, "within": "15m"})
    watch = OnWorkflow().watch(options)

    assert OnWorkflow().interest(options) is None
    assert watch is not None
    assert (3, timedelta(minutes=15), [options.ends]) == (watch.at_least, watch.within, [*watch.interests])


def test_manual() -> None:
    """A workflow by hand is woken by nothing else, and keeps its questions."""
    options = ManualOptions.model_validate({"inputs": {"headline": {"type": "text", "max": 120}}})
    assert options.inputs["headline"].max == 120
    assert Manual().interest(options) is None
    assert list(Manual().ticks(options, datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))) == []


@pytest.mark.parametrize(
    ("model", "given", "sentence"),
    [
        (PollOptions, {"source": "a.b", "every": "5s"}, "5s is too often; the shortest is 10s"),
        (PollOptions, {"source": "mentions"}, "should match pattern"),
        (EventOptions, {"type": "*"}, "should match pattern"),
        (EventOptions, {"type": "mention"}, "should match pattern"),
        (WorkflowOptions, {"id": "a", "state": []}, "at least 1 item"),
        (WorkflowOptions, {"id": "a", "at_least": 3}, "belong together"),
        (WorkflowOptions, {"id": "a", "within": "1h"}, "belong together"),
        (WorkflowOptions, {"id": "a", "state": "running"}, "'done', 'failed', 'stopped' or 'declined'"),
    ],
)
def test_refused(model: type[Any], given: dict[str, Any], sentence: str) -> None:
    """What can never wake a workflow, or would too often, is refused."""
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(given)
    assert sentence in str(refusal.value)


DUE = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("misfire", "late", "answered"),
    [
        ("skip", timedelta(minutes=15), True),
        ("skip", timedelta(minutes=15, seconds=1), False),
        ("latest", timedelta(minutes=59), True),
        ("latest", timedelta(minutes=60), False),
        ("all", timedelta(days=3), True),
    ],
)
def test_misfire(misfire: str, late: timedelta, answered: bool) -> None:
    """A time that was missed is answered as `misfire` says: not, unless a later one has come, or always."""
    options = ScheduleOptions.model_validate({"cron": "@hourly", "misfire": misfire})
    told = Schedule().passes_over(options, DUE, DUE + late, ZoneInfo("UTC"))
    assert (told == "") is answered
