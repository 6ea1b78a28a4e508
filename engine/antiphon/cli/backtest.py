"""`antiphon backtest`: what a workflow would have done about what was heard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.periods import moment_since
from antiphon.cli.plan import Workflow
from antiphon.cli.printing import counted, line, moment, sheet, table
from antiphon.cli.shell import Shell, zone
from antiphon.errors import DocumentError, InputError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from antiphon.app import Antiphon
    from antiphon.model.backtest import Backtest, Day, Differing, Reason
    from antiphon.model.program import Program

_WIDE = 30
"""How many characters the longest bar has."""

_BARS = (("sent", "green"), ("held", "cyan"), ("capped", "yellow"), ("vetoed", "red"), ("failed", "bright_black"))
_NAMED = ("heard", "fired", "declined", "failed", "sent", "inward", "held", "capped", "vetoed")
_LONGEST = 120


def backtest(
    shell: Shell,
    workflow: Workflow,
    since: Annotated[str, typer.Option(help="From when on: 30d, 14:00, or an ISO 8601 time.")] = "30d",
    until: Annotated[str, typer.Option(help="Until when, written alike; until now, if left out.")] = "",
    against: Annotated[
        str,
        typer.Option(metavar="VERSION|FILE", help="Another version: a fingerprint that runs have had, or a document."),
    ] = "",
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A report, too: a file that ends in .html, .md, .csv or .json.")
    ] = None,
) -> Exit | None:
    """Hear a period once more, on a clock that is moved, and tell what would have been done; nothing is sent."""
    from antiphon.rehearsal.backtest import backtest as replayed
    from antiphon.rehearsal.report import cannot_know, report_of
    from antiphon.report import FORMATS, write

    ending = to.suffix.removeprefix(".") if to else ""
    if to is not None and ending not in FORMATS:
        hint = f"Let the file end in one of {', '.join(f'.{name}' for name in FORMATS)}."
        raise InputError(f"{to} does not say which form the report is to have.", hint=hint)
    with shell.workspace() as app, shell.progress() as progress:
        here, now, language = zone(app), app.clock.now(), app.settings.workspace.language
        begin = moment_since(since, now, here)
        end = moment_since(until, now, here) if until else now
        if end <= begin:
            raise InputError("The period ends before it begins.", hint="Let --until be later than --since.")
        program = app.program(workflow)
        other = _version(app, workflow, against) if against else None
        many = sum(app.store.events.count(since=begin, until=end).values()) * (2 if other else 1)
        bar = progress.add_task("Hearing", total=many, told="")

        def heard(count: int) -> None:
            progress.update(bar, advance=count)

        result = replayed(app, program, begin, end, against=other, heard=heard)
    if to is not None:
        [file] = write(report_of(result, language, now), to.with_suffix(""), [ending])
        shell.note(f"made {file}")
    shell.answer(
        {**result.model_dump(mode="json"), "cannot_know": cannot_know(result, language)},
        *_shown(result, here),
        *(_differing(result, result.against, here) if result.against else ()),
        Text("\nWhat a backtest cannot know", style="bold"),
        *(Text(f"  - {sentence}") for sentence in cannot_know(result, "en")),
    )
    return None


def _version(app: Antiphon, workflow: str, named: str) -> Program:
    path = Path(named)
    if path.is_file():
        compiled = app.check([path])
        if compiled.problems:
            raise DocumentError(compiled.problems)
        [found] = compiled.programs.values()
        # Both are the same workflow, so that their effects can be told apart by what they are.
        return found.model_copy(update={"id": workflow})
    kept = app.store.programs.get(named)
    if kept is None or kept.id != workflow:
        hint = "Name a document, or a version that `antiphon runs show` tells of a run."
        raise InputError(f"There is no version {named} of {workflow}.", hint=hint)
    return kept


def _shown(result: Backtest, here: ZoneInfo) -> Iterator[RenderableType]:
    period = f"{moment(result.since, here)} to {moment(result.until, here)} {here.key}"
    yield Text.assemble((result.workflow, "bold"), "  ", (result.version, "dim"), f"   {period}: nothing was sent")
    shown = [name for name in _NAMED if name in ("heard", "fired", "sent") or result.total(name)]
    yield sheet([(name, f"{result.total(name):,}") for name in shown])
    if result.waiting:
        yield Text(f"  {counted(result.waiting, 'run')} still under way at the end", style="yellow")
    most = max((sum(getattr(day, name) for name, _ in _BARS) for day in result.days), default=0)
    yield Text()
    rows = ((str(day.day), *(f"{getattr(day, name):,}" for name in shown), _bar(day, most)) for day in result.days)
    yield table(("day", *shown, ""), rows)
    for title, reasons in (
        ("declined because", result.declined),
        ("failed because", result.failed),
        ("kept back by", result.stopped),
    ):
        yield from _reasons(title, reasons)


def _bar(day: Day, most: int) -> Text:
    """What would have become of the effects of a day, a colour each."""
    drawn = Text()
    for name, style in _BARS:
        count = getattr(day, name)
        drawn.append("█" * (max(1, round(_WIDE * count / most)) if count else 0), style=style)
    return drawn


def _reasons(title: str, reasons: tuple[Reason, ...]) -> Iterator[RenderableType]:
    if reasons:
        yield Text(f"\n{title}", style="bold")
        yield sheet([(f"{one.count:,} ×", line(one.because, _LONGEST)) for one in reasons])


def _differing(result: Backtest, other: Differing, here: ZoneInfo) -> Iterator[RenderableType]:
    yield Text.assemble("\n", ("against ", "bold"), (other.version, "bold"))
    theirs = {name: sum(getattr(day, name) for day in other.days) for name in _NAMED}
    rows = (
        (name, f"{result.total(name):,}", f"{theirs[name]:,}") for name in _NAMED if result.total(name) or theirs[name]
    )
    yield table(("", result.version, other.version), rows)
    if not other.runs.count and not other.effects.count:
        yield Text("  Both versions would have done the same.")
        return
    for word, apart in (("run", other.runs), ("effect", other.effects)):
        if not apart.count:
            continue
        days = ", ".join(f"{count:,} on {day}" for day, count in sorted(apart.per_day.items()))
        yield Text(f"\n{counted(apart.count, word)} in which they differ: {days}", style="bold")
        for one in apart.examples:
            yield Text(f"  {moment(one.at, here)}  {line(one.what, _LONGEST)}")
            yield Text(f"    − {line(one.theirs, _LONGEST) or 'nothing'}", style="red")
            yield Text(f"    + {line(one.ours, _LONGEST) or 'nothing'}", style="green")
