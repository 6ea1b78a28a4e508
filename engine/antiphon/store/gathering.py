"""Gathering: how calls that come close together become one run, which waits for them until its `not_before`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from antiphon.model.duration import format_duration
from antiphon.model.overlap import RunOptions
from antiphon.model.run import Run, RunState


def gathers(run: Run) -> bool:
    """Whether a run is one that waits for other calls."""
    return "calls" in _call(run)


def begun(run: Run, rules: RunOptions, now: datetime) -> Run:
    """The first call of a key: it waits for others as long as the rules say.

    Expressions see how many calls there were as `trigger.calls`, and when the first came as `trigger.since`.
    """
    call = {"since": now.isoformat(), "calls": 1}
    return _waiting(run, call, now + (rules.settle or rules.gather or now - now))


def joined(run: Run, rules: RunOptions, earlier: Run, now: datetime) -> tuple[Run, Run]:
    """A call that comes while an earlier run waits for it: the new run and the earlier one, as they stand then.

    Of calls that settle the last is answered, and takes the place of the one before. Of calls that are gathered the
    first run answers all, and has their events as `trigger.events` in the order in which they came, each once.
    """
    before = _call(earlier)
    calls = before["calls"] + 1
    if rules.settle:
        since = datetime.fromisoformat(before["since"])
        until = min(now + rules.settle, since + rules.settle_max) if rules.settle_max else now + rules.settle
        new = _waiting(run, {"since": before["since"], "calls": calls}, until)
        because = f"superseded by run {run.id}: another call came within {format_duration(rules.settle)}"
        over = {"state": RunState.DECLINED, "because": because, "not_before": None}
        return (
            new.model_copy(update={"state": earlier.state, "because": earlier.because}),
            earlier.model_copy(update=over),
        )
    because = f"answered by run {earlier.id}, together with the calls before"
    new = run.model_copy(update={"state": RunState.DECLINED, "because": because})
    events = [*before.get("events", []), *_call(run).get("events", [])]
    all_events = list({json.dumps(one, sort_keys=True): one for one in events}.values())
    # None of the workflows that led to any of these events may answer what comes of them all.
    chain = list(dict.fromkeys([*before.get("chain", []), *_call(run).get("chain", [])]))
    until = now if calls >= rules.gather_max else earlier.not_before or now
    return new, _waiting(earlier, {"calls": calls, "events": all_events, "chain": chain}, until)


def _waiting(run: Run, call: dict[str, Any], until: datetime) -> Run:
    scope = {**run.scope, "trigger": {**_call(run), **call}}
    return run.model_copy(update={"scope": scope, "not_before": until})


def _call(run: Run) -> dict[str, Any]:
    return dict(run.scope.get("trigger", {}))
