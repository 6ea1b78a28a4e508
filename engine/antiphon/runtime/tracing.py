"""Tracing: the path of a run through its document as it was, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from antiphon.compiler.names import blocks, walk
from antiphon.components.ports import Store
from antiphon.model.listing import Listing, Spot
from antiphon.model.program import Program
from antiphon.model.run import Run, RunState, StepRecord, StepState
from antiphon.runtime.redaction import Conceal

NOT_REACHED = "not reached"

_CALLED = re.compile(r"(?:^|/)call:([^/]+)/")
_APART = re.compile(r"on_error/|on_exit/[^/]+/")
_ASIDE = "~"
"""Stands in the path of a record that was set aside, so that its step could be taken once more."""

_GRAVEST = ("failed", "fails", "held", "planned", "done", "holds", "fired", "skipped", NOT_REACHED)


@dataclass(frozen=True)
class Mark:
    """What became of the part of the document that begins at a line.

    `state` is that of a step, or `fired` of a trigger, `holds` or `fails` of a condition, or `not reached`. `because`
    has both values of a condition. `name` is the path of a step, which tells the items of an `each` apart.
    """

    state: str
    name: str = ""
    because: str = ""
    result: Any = None
    effect: str = ""
    aside: bool = False


@dataclass(frozen=True)
class Line:
    """A line of the document; `state` is that of the step which it belongs to, empty when none."""

    number: int
    text: str
    state: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One text of the document, or of a workflow that was called."""

    file: str
    lines: tuple[Line, ...] = ()


@dataclass
class _Parts:
    """What is known of each part, by the place at which it begins."""

    marks: dict[Spot, list[Mark]] = field(default_factory=dict)

    def put(self, spot: Spot | None, *marks: Mark) -> None:
        if spot is not None:
            self.marks.setdefault(spot, []).extend(marks)


def trace(
    run: Run, store: Store, conceal: Conceal, known: Callable[[str], Program | None] = lambda _: None
) -> tuple[Sheet, ...]:
    """The texts of the version that the run began with, and of the workflows that it called, marked with what became of
    their parts. Nothing when the version was kept without its texts.

    `known` finds a workflow that was called as its document is now, where nothing has listened with it before.
    """
    program, listing = store.programs.get(run.program), store.programs.listing(run.program)
    if program is None or listing is None:
        return ()
    parts = _Parts()
    parts.put(listing.triggers.get(run.trigger), Mark("fired", run.trigger, f"called by {run.cause}"))
    for index, spot in enumerate(listing.conditions):
        parts.put(spot, *_condition(run, index))
    _steps(parts, program, listing, _under(run.steps, ""))
    sheets = _sheets(listing, parts)
    for callee in dict.fromkeys(_CALLED.findall("\n".join(record.path for record in run.steps))):
        then = store.programs.in_force(callee, run.created_at)
        version = (store.programs.get(then.fingerprint) if then else None) or known(callee)
        sheets += _called(run, version, store) if version else []
    return tuple(_concealed(sheet, conceal) for sheet in sheets)


def _condition(run: Run, index: int) -> list[Mark]:
    if index < len(run.verdicts):
        verdict = run.verdicts[index]
        return [Mark("holds" if verdict.holds else "fails", because=verdict.because)]
    return [Mark(NOT_REACHED)] if run.state is RunState.DECLINED else []


def _called(run: Run, program: Program, store: Store) -> list[Sheet]:
    """The document of a workflow that was called."""
    listing = store.programs.listing(program.fingerprint)
    if listing is None:
        return []
    parts = _Parts()
    _steps(parts, program, listing, _under(run.steps, program.id))
    return _sheets(listing, parts)


def _under(records: Iterable[StepRecord], callee: str) -> list[StepRecord]:
    """The records of one workflow's own steps, their paths as they are in it."""
    found = []
    for record in records:
        calls = list(_CALLED.finditer(record.path))
        if callee == (calls[-1][1] if calls else ""):
            path = record.path[calls[-1].end() :] if calls else record.path
            found.append(record.model_copy(update={"path": path}))
    return found


def _steps(parts: _Parts, program: Program, listing: Listing, records: Sequence[StepRecord]) -> None:
    by_step: dict[str, list[StepRecord]] = {}
    for record in records:
        apart = _APART.match(record.path)
        by_step.setdefault(f"{apart[0] if apart else ''}{record.step}", []).append(record)
    on_exit = ((f"on_exit/{name}/", steps) for name, steps in program.on_exit.items())
    for under, steps in (("", program.steps), ("on_error/", program.on_error), *on_exit):
        for _, step in walk(steps):
            parts.put(listing.steps.get(f"{under}{step.id}"), *_marks(step, under, by_step))


def _marks(step: Any, under: str, by_step: Mapping[str, Sequence[StepRecord]]) -> list[Mark]:
    if found := by_step.get(f"{under}{step.id}"):
        return [_mark(record) for record in found]
    # A step that leaves no record of its own, such as a `try`, was reached if one inside it was.
    inner = (one for _, _, steps in blocks(step) for _, one in walk(steps))
    reached = any(f"{under}{one.id}" in by_step for one in inner)
    return [Mark(str(StepState.DONE) if reached else NOT_REACHED, step.id)]


def _mark(record: StepRecord) -> Mark:
    return Mark(str(record.state), record.path, record.because, record.result, record.effect, _ASIDE in record.path)


def _sheets(listing: Listing, parts: _Parts) -> list[Sheet]:
    return [Sheet(name, tuple(_lines(name, text, parts))) for name, text in listing.texts.items()]


def _lines(file: str, text: str, parts: _Parts) -> list[Line]:
    lines = [Line(number, written) for number, written in enumerate(text.splitlines(), 1)]
    for spot in sorted((one for one in parts.marks if one.file == file), key=lambda one: (one.line, one.column)):
        marks = parts.marks[spot]
        state = min((one.state for one in marks if not one.aside), key=_GRAVEST.index, default="")
        for index in range(spot.line - 1, _end(lines, spot)):
            # An inner part comes later, and has the last word on its lines.
            lines[index] = replace(lines[index], state=state)
        if spot.line <= len(lines):
            first = lines[spot.line - 1]
            lines[spot.line - 1] = replace(first, marks=(*first.marks, *marks))
    return lines


def _end(lines: Sequence[Line], spot: Spot) -> int:
    """How many lines there are up to the end of the block that begins at a place: the next line that stands no deeper
    than the dash before it comes after it, and so do the empty lines between."""
    end = spot.line
    for number, one in enumerate(lines[spot.line :], spot.line + 1):
        if not one.text.strip():
            continue
        if len(one.text) - len(one.text.lstrip()) < spot.column - 1:
            break
        end = number
    return end


def _concealed(sheet: Sheet, conceal: Conceal) -> Sheet:
    def safe(mark: Mark) -> Mark:
        return replace(mark, because=conceal(mark.because), result=conceal(mark.result))

    lines = (replace(one, text=conceal(one.text), marks=tuple(map(safe, one.marks))) for one in sheet.lines)
    return replace(sheet, lines=tuple(lines))
