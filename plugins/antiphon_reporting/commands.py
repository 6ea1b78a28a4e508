"""`antiphon metrics` and `antiphon formulas`: what is measured, by whose word, and how numbers are made of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from antiphon import LARGEST_SHEET, Cohort, InputError, Ratio, Shell, SubjectKind, one_line
from antiphon_reporting.formulas import formula, formulas
from antiphon_reporting.importing import About, read
from antiphon_reporting.names import metrics

_ASKED = ("connection", "source", "asked")
_COUNTED = ("connection", "kind", "metric", "counted", "subjects")


def import_(
    shell: Shell,
    file: Annotated[Path, typer.Argument(help="A CSV file: what, when, and numbers.", show_default=False)],
    connection: Annotated[str, typer.Option(help="Whose numbers they are: a connection, or any name of yours.")],
    network: Annotated[str, typer.Option(help="The network; else that of the connection, or its name.")] = "",
    kind: Annotated[SubjectKind, typer.Option(help="What is measured.")] = "post",
    yes: Annotated[bool, typer.Option("--yes", help="Keep them; else only tell what would be kept.")] = False,
) -> None:
    """Tell what a table of numbers comes to, and with --yes keep them: all of them, or none when a row is bad."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_SHEET + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", hint="Correct its name.") from error
    with shell.workspace() as app:
        known = app.settings.connections.get(connection)
        told = network or (known.connector if known else connection)
        zone = ZoneInfo(app.settings.workspace.timezone or "UTC")
        found = read(content, About(connection, told, kind, zone, app.clock.now(), file.name))
        kept, keeps = 0, yes and not found.bad
        if keeps:
            kept = app.store.metrics.keep(found.fetch, found.subjects, found.measured)
            after = {"connection": connection, "subjects": len(found.subjects), "values": len(found.measured)}
            app.audit("metrics import", file.name, None, after)
    words = f"{len(found.measured)} values of {len(found.subjects)} subjects"
    became = f"{kept} were new" if keeps else "nothing was kept" if yes else "nothing is kept without --yes"
    shell.answer(
        {
            "subjects": len(found.subjects),
            "values": len(found.measured),
            "columns": found.columns,
            "ignored": found.ignored,
            "changed": [one.model_dump(mode="json") for one in found.changed],
            "bad": found.bad,
            "kept": kept,
        },
        Text(f"{words}: {became}."),
        _table(("column", "read as"), found.columns.items()),
        *(
            Text(f"{one.theirs}: {one.network} has {one.state} it on {one.since}; {one.ours} is the nearest.")
            for one in found.changed
        ),
        *([Text(f"not read: {', '.join(found.ignored)}")] if found.ignored else []),
        *(Text(f"line {one.line}: {one.because}") for one in found.bad),
    )
    if found.bad:
        shell.note(f"{len(found.bad)} rows are bad, so nothing is kept: correct those lines.", style="red")
        raise typer.Exit(1)


def show(
    shell: Shell,
    effect: Annotated[str, typer.Option(help="Only what this effect has made, by its key.")] = "",
) -> None:
    """Show what is known in numbers, by whose word and since when; or what became of what an effect has made."""
    with shell.workspace() as app:
        book, now = app.store.metrics, app.clock.now()
        if effect:
            made = [
                {"kind": one.subject.kind, "id": one.subject.id, "url": one.subject.url, **one.values}
                for one in book.made_by(effect)
            ]
            names = ("kind", "id", "url", *(name for name in metrics() if any(name in one for one in made)))
            shell.answer(made, _table(names, ([one.get(name, "") for name in names] for one in made)))
            return
        asked = [(one.connection, one.source, one.at.isoformat(timespec="minutes")) for one in book.fetches()]
        ratios = [Ratio((name,)) for name in metrics()]
        counted = [
            (pool.connection, kind, ratio.over[0], pool.counted, pool.subjects)
            for kind in get_args(SubjectKind)
            for ratio, pools in book.pooled(Cohort(kind, now), ratios).items()
            for pool in pools
            if pool.counted
        ]
    shell.answer(
        {
            "fetches": [dict(zip(_ASKED, one, strict=True)) for one in asked],
            "metrics": [dict(zip(_COUNTED, one, strict=True)) for one in counted],
        },
        _table(_ASKED, asked),
        _table(_COUNTED, counted),
    )


def list_(shell: Shell) -> None:
    """List the formulas by which numbers are made."""
    found = [{"id": one.name, "formula": one.expression, "least": one.least} for one in formulas().values()]
    shell.answer(found, _table(("id", "formula", "at least"), ([*one.values()] for one in found)))


def show_formula(
    shell: Shell, id: Annotated[str, typer.Argument(help="The id of a formula, such as er_reach.", show_default=False)]
) -> None:
    """Show a formula: what it counts, its interval, and who says so."""
    one = formula(id.partition("@")[0])
    told = {
        "id": one.name,
        "en": one.en,
        "fr": one.fr,
        "formula": one.expression,
        "inputs": ", ".join(one.inputs),
        "unit": one.unit,
        "at least": one.least,
        "interval": one.interval,
        "source": one.source,
        "checked on": one.checked_on.isoformat(),
    }
    shell.answer(told, _table(("", ""), told.items()))


def _table(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
    headings = [*headings]
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_header=any(headings))
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(one_line(f"{cell:g}" if isinstance(cell, float) else str(cell))) for cell in row))
    return drawn
