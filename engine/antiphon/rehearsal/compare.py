"""Compare: what a test expects against what came, piece by piece, in words that can be read side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from antiphon.components.pattern import Pattern, short
from antiphon.model.duration import format_duration
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.rehearsal import Expected, ExpectedEffect, ExpectedStep, TestCase
from antiphon.model.run import Run, RunState, StepRecord
from antiphon.rehearsal.play import Played
from antiphon.runtime.waiting import EXIT

Sign = Literal["same", "missing", "surplus", "differs"]


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of a comparison: `expected` and `found` in words, either of which may be empty, and why they differ."""

    about: str
    sign: Sign
    expected: str = ""
    found: str = ""
    because: str = ""


def compare(test: TestCase, played: Played) -> list[Line]:
    """All that was asked, the pieces that are as expected among them."""
    expected = test.expect
    lines = list(_effects(expected, played)) if expected.effects is not None else []
    lines += _not_effects(expected, played)
    lines += _runs(expected, played)
    for name, step in expected.steps.items():
        lines.append(_step(name, step, played.runs))
    return lines


def differs(lines: Iterable[Line]) -> bool:
    """Whether something is not as expected."""
    return any(line.sign != "same" for line in lines)


# -- effects ----------------------------------------------------------------------------------------------------------


def _effects(expected: Expected, played: Played) -> Iterator[Line]:
    wanted, found = expected.effects or [], played.entries
    for one, entry in _aligned(wanted, found, played):
        match one, entry:
            case None, LedgerEntry():
                if entry.effect.outward:
                    yield Line("effects", "surplus", found=told(entry, played))
            case ExpectedEffect(), None:
                yield Line("effects", "missing", expected=asked(one))
            case ExpectedEffect(), LedgerEntry():
                why = unlike(one, entry, played)
                sign: Sign = "differs" if why else "same"
                yield Line("effects", sign, asked(one), told(entry, played), "; ".join(why))


def _not_effects(expected: Expected, played: Played) -> Iterator[Line]:
    for one in expected.not_effects:
        entry = next((entry for entry in played.entries if not unlike(one, entry, played)), None)
        if entry is not None:
            yield Line("not_effects", "surplus", found=told(entry, played), because=f"unwanted is {asked(one)}")
        else:
            yield Line("not_effects", "same", expected=f"no {asked(one)}")


def _aligned(
    wanted: Sequence[ExpectedEffect], found: Sequence[LedgerEntry], played: Played
) -> list[tuple[ExpectedEffect | None, LedgerEntry | None]]:
    """Both lists side by side in their order, so that as few as possible are without a fitting neighbour.

    To leave one out costs 1, and nothing for what reaches nobody outside; to put two unlike ones side by side costs
    between 1 and 2, so it is done for those that are of one action and have something in common.
    """
    costs = [[_cost(one, entry, played) for entry in found] for one in wanted]
    surplus = [1.0 if entry.effect.outward else 0.0 for entry in found]
    best = [[0.0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    for row in range(len(wanted), -1, -1):
        for column in range(len(found), -1, -1):
            ways = []
            if row < len(wanted):
                ways.append(1 + best[row + 1][column])
            if column < len(found):
                ways.append(surplus[column] + best[row][column + 1])
            if row < len(wanted) and column < len(found):
                ways.append(costs[row][column] + best[row + 1][column + 1])
            best[row][column] = min(ways, default=0.0)
    pairs: list[tuple[ExpectedEffect | None, LedgerEntry | None]] = []
    row = column = 0
    while row < len(wanted) or column < len(found):
        here = best[row][column]
        both = row < len(wanted) and column < len(found)
        if both and here == costs[row][column] + best[row + 1][column + 1]:
            pairs.append((wanted[row], found[column]))
            row, column = row + 1, column + 1
        elif row < len(wanted) and here == 1 + best[row + 1][column]:
            pairs.append((wanted[row], None))
            row += 1
        else:
            pairs.append((None, found[column]))
            column += 1
    return pairs


def _cost(one: ExpectedEffect, entry: LedgerEntry, played: Played) -> float:
    why = unlike(one, entry, played)
    if one.use and one.use != entry.effect.action:
        return 3.0  # another action is never what was meant
    asked_for = len(one.model_fields_set) + len(one.content)
    return 1 + 0.9 * min(len(why) / max(asked_for, 1), 1) if why else 0.0


def unlike(one: ExpectedEffect, entry: LedgerEntry, played: Played) -> list[str]:
    """Everything in which an effect is not what is expected, a sentence each; none when it is."""
    effect, found = entry.effect, []
    for name, wanted, is_ in (
        ("use", one.use, effect.action),
        ("connection", one.connection, effect.connection),
        ("key", one.key, effect.key),
    ):
        if wanted and wanted != is_:
            found.append(f"`{name}` is {short(is_)}")
    if one.to and one.to not in (addresses := (str(effect.payload.get("to", "")), *effect.recipients)):
        found.append(f"it goes to {', '.join(name for name in dict.fromkeys(addresses) if name) or 'nobody'}")
    for name, wanted in one.content.items():
        verdict = Pattern.model_validate({name: wanted}).judge(effect.payload)
        if not verdict.holds:
            found.append(verdict.because)
    if one.state is not entry.state:
        found.append(f"it is {entry.state}" + (f": {entry.reason}" if entry.reason else ""))
    elif one.because and one.because.casefold() not in entry.reason.casefold():
        found.append(f"the reason is {short(entry.reason, 200)}")
    if one.at is not None and (at := (entry.settled_at or entry.planned_at) - played.begin) != one.at:
        found.append(f"it was at {format_duration(at)}")
    return found


def asked(one: ExpectedEffect) -> str:
    """An expected effect on one line."""
    written = one.model_dump(mode="json", exclude_unset=True)
    use = written.pop("use", "any effect")
    return " ".join([use, *(f"{name}: {_value(value)}" for name, value in written.items())])


def told(entry: LedgerEntry, played: Played) -> str:
    """An effect that came on one line: when, what, and what became of it."""
    at = (entry.settled_at or entry.planned_at) - played.begin
    state = "" if entry.state is EffectState.DONE else f", {entry.state}"
    reason = f" ({entry.reason})" if state and entry.reason else ""
    return f"{entry.effect.action} at {format_duration(at)}: {entry.effect.summary}{state}{reason}"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_value(item)}" for name, item in value.items()) + "}"
    return short(value) if isinstance(value, str) and " " in value else str(value)


# -- runs and steps ---------------------------------------------------------------------------------------------------


def end_of(run: Run) -> tuple[str, ...]:
    """How a run ended: the name of its exit, if it left by one, and its state."""
    left = [record.result for record in run.steps if record.path == EXIT]
    names = [str(result.get("then")) for result in left if isinstance(result, Mapping)]
    return (*names[-1:], str(run.state))


def _runs(expected: Expected, played: Played) -> Iterator[Line]:
    runs = played.runs
    if expected.fires is not None:
        same = bool(runs) == expected.fires
        words = {True: "it fires", False: "it does not fire"}
        yield Line("fires", "same" if same else "differs", words[expected.fires], words[bool(runs)])
    if expected.runs is not None:
        yield Line("runs", "same" if len(runs) == expected.runs else "differs", str(expected.runs), str(len(runs)))
    if expected.finished:
        wanted = expected.finished * len(runs) if len(expected.finished) == 1 else expected.finished
        fitting = len(wanted) == len(runs) and bool(runs)
        fitting = fitting and all(one in end_of(run) for one, run in zip(wanted, runs, strict=True))
        found = ", ".join(end_of(run)[0] for run in runs) or "no run"
        because = "; ".join(dict.fromkeys(run.because for run in runs if run.because))
        yield Line("finished", "same" if fitting else "differs", ", ".join(expected.finished), found, because)
    for about, part, among in (
        ("because", expected.because, runs),
        ("declined", expected.declined, [run for run in runs if run.state is RunState.DECLINED]),
    ):
        if part:
            reasons = [run.because for run in among]
            fitting = any(part.casefold() in reason.casefold() for reason in reasons)
            found = "; ".join(dict.fromkeys(reasons)) or "no run"
            yield Line(about, "same" if fitting else "differs", part, found)


def _step(name: str, wanted: ExpectedStep, runs: Sequence[Run]) -> Line:
    about = f"steps.{name}"
    shown = " ".join(f"{key}: {_value(value)}" for key, value in wanted.model_dump(exclude_unset=True).items())
    records = [record for run in runs for record in run.steps if name in (record.step, record.path)]
    reasons = [(record, _unlike_step(wanted, record)) for record in records]
    if any(not why for _, why in reasons):
        return Line(about, "same", shown)
    if not reasons:
        return Line(about, "missing", shown, because="it was not reached")
    record, why = min(reasons, key=lambda pair: len(pair[1]))
    return Line(about, "differs", shown, f"{record.state}" + (f": {record.because}" if record.because else ""), why)


def _unlike_step(wanted: ExpectedStep, record: StepRecord) -> str:
    found = []
    if wanted.state is not None and wanted.state is not record.state:
        found.append(f"it is {record.state}")
    if wanted.because and wanted.because.casefold() not in record.because.casefold():
        found.append(f"the reason is {short(record.because, 200)}")
    if "result" in wanted.model_fields_set:
        asked_for = wanted.result if isinstance(wanted.result, Mapping) else {"result": wanted.result}
        nested = isinstance(wanted.result, Mapping) and isinstance(record.result, Mapping)
        given = record.result if nested else {"result": record.result}
        verdicts = (Pattern.model_validate({key: value}).judge(given) for key, value in asked_for.items())
        found += [verdict.because for verdict in verdicts if not verdict.holds]
    return "; ".join(found)
