"""What a workflow made of a stretch of time, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.text import Text

from antiphon.cli.printing import counted, line, state, table
from antiphon.model.evaluation import EvaluationKind
from antiphon.model.run import RunState

if TYPE_CHECKING:
    from datetime import datetime

    from antiphon.components.ports import InForce
    from antiphon.model.effect import LedgerEntry
    from antiphon.model.run import Run
    from antiphon.runtime.explaining import Explanation, Judged, Tick, Told

_SHOWN = 5
"""How many events, runs or reasons of one kind are shown."""

_LONGEST = 200


def explained(what: Explanation, here: ZoneInfo) -> Iterator[RenderableType]:
    """One screen: the version, each trigger, the runs with what kept them from going on, and the hours around."""
    yield Text.assemble(
        (what.workflow, "bold"), f"  from {_at(what.since, here)} to {_at(what.until, here)} {here.key}"
    )
    yield from (Text(sentence) for sentence in _versions(what, here))
    for brake in what.brakes:
        ended = brake.lifted_at or brake.until
        till = f" until {_at(ended, here)}" if ended else ", and still is"
        yield _bad(f"The brake of {brake.scope} was on from {_at(brake.at, here)}{till}: {line(brake.reason)}")
    for told in what.triggers:
        yield Text.assemble("\n", (told.trigger, "bold"), f" ({told.kind})")
        if told.rests:
            yield _bad(f"It rests since {_at(told.rests.at, here)}: {line(told.rests.because, _LONGEST)}")
        yield from _trigger(told, what, here)
    others = [run for run in what.runs if run.id not in _mentioned(what)]
    if others:
        yield Text("\nRuns that began then for other reasons:")
        yield from (_run(run, here) for run in others[:_SHOWN])
    for entry in what.stopped[:_SHOWN]:
        yield _entry(entry, here)
    if rows := list(_hours(what, here)):
        yield Text("\nWhat opened no run, hour by hour (counted when it came, not when it happened):")
        yield table((f"hour ({here.key})", "trigger", "times", "what", "nearest"), rows)


def _versions(what: Explanation, here: ZoneInfo) -> Iterator[str]:
    if not what.versions:
        yield "Nothing had listened with it by then (`antiphon up` or a worker); judged by the document as it is now."
        return
    newest, *earlier = what.versions
    if not newest.fingerprint:
        yield f"It was not among the workflows any more, since {_at(newest.since, here)}."
    elif not what.enabled:
        yield f"It was laid to rest (`enabled: false`), since {_at(newest.since, here)} at the latest."
    else:
        yield f"Version {newest.fingerprint} was in force, since {_at(newest.since, here)}."
    if earlier:
        yield f"It changed meanwhile; before, it was {_names(earlier)}."


def _names(versions: Sequence[InForce]) -> str:
    return ", ".join(one.fingerprint or "not there" for one in versions)


def _trigger(told: Told, what: Explanation, here: ZoneInfo) -> Iterator[Text]:
    if told.together is not None:
        sign, style = ("✓", "green") if told.together.holds else ("✗", "red")
        yield Text.assemble("  ", (sign, style), f" {line(told.together.because, 2 * _LONGEST)}")
        return
    if not told.waits_for:
        yield from (_tick(one, here) for one in told.ticks)
        if not told.ticks and told.next_to:
            nearest = " and ".join(_at(at, here) for at in told.next_to)
            yield _bad(f"It was not due in that time; the nearest times are {nearest}.")
        elif not told.ticks:
            yield _bad("Only a person calls it.")
        return
    if not told.judged:
        yield _bad(_silence(told, here))
        return
    yield Text(
        f"  {counted(len(told.judged), told.waits_for, told.waits_for)} heard, {len(told.missed)} not as it asks."
    )
    for one in [one for one in told.judged if one.miss is None][:_SHOWN]:
        yield _answer(one, here)
    reasons = Counter(one.miss.reason for one in told.missed if one.miss)
    for reason, count in reasons.most_common(_SHOWN):
        yield _bad(f"{count:,} × not so: {line(reason, _LONGEST)}")
    if told.missed:
        yield _near(told.missed[0], here)


def _silence(told: Told, here: ZoneInfo) -> str:
    last = told.last_heard
    before = f"the last one was {last.event} at {_at(last.at, here)}" if last else "there was none before, either"
    said = f"No {told.waits_for} was heard; {before}."
    if told.kind != "poll":
        return said
    when = f"was last asked at {_at(told.asked, here)}" if told.asked else "was not asked in the seven days before"
    return f"{said} Its source {when}."


def _near(one: Judged, here: ZoneInfo) -> Text:
    assert one.miss is not None, "only a miss has come near"
    of = f"{one.miss.held} of {counted(one.miss.of, 'field is', 'fields are')} as asked"
    return Text(f"    nearest: {line(one.event)} at {_at(one.at, here)}: {line(one.miss.because, _LONGEST)} ({of})")


def _answer(one: Judged, here: ZoneInfo) -> Text:
    if one.own:
        return _bad(f"{line(one.event)} fits, but was caused by the workflow itself, which answers no such event")
    if one.run is None:
        told = "fits, and has no run: it was not offered, a first asking only learnt it, or another version was at work"
        return _bad(f"{line(one.event)} at {_at(one.at, here)} {told}")
    return _run(one.run, here, called=one.event)


def _tick(tick: Tick, here: ZoneInfo) -> Text:
    if tick.run:
        return _run(tick.run, here, called=f"due at {_at(tick.at, here)}")
    if tick.passed_over:
        return _bad(f"due at {_at(tick.at, here)}, and passed over: {line(tick.passed_over)}")
    return _bad(f"due at {_at(tick.at, here)}, and nobody came: nothing was running (`antiphon up`, or a worker)")


def _run(run: Run, here: ZoneInfo, called: str = "") -> Text:
    """A run on one line, with the condition that declined it, both values in its words."""
    refused = next((verdict.because for verdict in run.verdicts if not verdict.holds), "")
    because = refused if run.state is RunState.DECLINED and refused else run.because
    good = run.state in (RunState.DONE, RunState.PENDING, RunState.RUNNING)
    sign, style = ("✓", "green") if good else ("✗", "red")
    head = f" {line(called or f'{run.trigger}: {run.cause}')} → run {run.id} "
    goes_on = f" (goes on at {_at(run.not_before, here)})" if run.not_before else ""
    return Text.assemble("  ", (sign, style), head, state(run.state), f" {line(because, _LONGEST)}{goes_on}")


def _entry(entry: LedgerEntry, here: ZoneInfo) -> Text:
    until = f" until {_at(entry.not_before, here)}" if entry.not_before else ""
    reason = f": {line(entry.reason, _LONGEST)}" if entry.reason else ""
    return Text.assemble("    effect ", line(entry.effect.key), " is ", state(entry.state), f"{until}{reason}")


def _hours(what: Explanation, here: ZoneInfo) -> Iterator[tuple[str, ...]]:
    for told in what.triggers:
        for one in told.rolled[: 2 * _SHOWN]:
            words = f"not so: {one.reason}" if one.kind is EvaluationKind.MISSED else f"{one.kind} {one.reason}"
            near = f"{one.near.event}: {one.near.because}" if one.near else ""
            yield _at(one.hour, here), told.trigger, f"{one.count:,}", line(words, 80), line(near, 120)


def _mentioned(what: Explanation) -> set[str]:
    """The runs that are told of under their triggers."""
    ticks = [tick.run for told in what.triggers for tick in told.ticks]
    judged = [one.run for told in what.triggers for one in told.judged]
    return {run.id for run in (*ticks, *judged) if run}


def _bad(sentence: str) -> Text:
    return Text.assemble("  ", ("✗", "red"), f" {sentence}")


def _at(at: datetime, here: ZoneInfo) -> str:
    return f"{at.astimezone(here):%F %T}"
