"""`antiphon leads`: who may become a customer, why the score is what it is, and who is the same person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from antiphon import LARGEST_SHEET, GiveUp, InputError, Shell, one_line
from antiphon_leads import tables
from antiphon_leads.book import LEAD, Book
from antiphon_leads.keeping import BASES
from antiphon_leads.qualifying import answered, rules_of
from antiphon_leads.scoring import rate

BY = "person"
"""Who has said it, where it was no rule; the audit has the name."""

Lead = Annotated[str, typer.Argument(help="The id of a lead, such as mastodon:42.", show_default=False)]


def list_(shell: Shell) -> None:
    """List the leads, the newest first; accounts of one person stand together."""
    with shell.workspace() as app:
        book = Book(app.store.records)
        found = [{"lead": lead, "accounts": book.accounts(lead), **_known(book.whole(lead))} for lead in book.leads()]
    rows = ((one["lead"], one["handle"], one["name"], one["owner"], one["accounts"][1:]) for one in found)
    shell.answer(found, _table(("lead", "handle", "name", "owner", "also"), rows))


def show(shell: Shell, lead: Lead) -> None:
    """Show a lead: the basis, the score with a reason for each point, and every merge."""
    with shell.workspace() as app:
        book = Book(app.store.records)
        whole, accounts, merges = book.whole(lead), book.accounts(lead), book.merges(lead)
        bases = [{"lead": one, **basis} for one in accounts for basis in book.get(one)["bases"]]
        try:
            rated = rate(whole, rules_of(app.files), app.clock.now())
        except GiveUp as error:
            raise InputError(error.sentence, hint=error.hint) from error
    axes = {axis: rated.of(axis) for axis in ("fit", "engagement")}
    score = {**axes, "total": rated.total, "points": rated.points}
    points = ({**asdict(one), "points": f"{one.points:+.1f}"} for one in rated.points)
    shell.answer(
        {"lead": accounts[0], "accounts": accounts, **_known(whole), "bases": bases, "score": score, "merges": merges},
        Text(one_line(f"{accounts[0]} {whole['handle']} {whole['name']}")),
        _columns(bases, "lead", "basis", "because", "source"),
        Text(f"{rated.total:g} points: fit {axes['fit']:g}, engagement {axes['engagement']:g}"),
        _columns(points, "axis", "points", "because"),
        _columns(merges, "lead", "into", "state", "why", "by", "at"),
    )


def answer(shell: Shell, lead: Lead) -> None:
    """Note that somebody has answered a ripe lead: it is no more due."""
    with shell.workspace() as app:
        accounts = Book(app.store.records).accounts(lead)
        told = answered(app.store.records, accounts, app.clock.now())
        app.audit("leads answer", lead, None, {"answered": len(told)})
    shell.answer({"lead": lead, "answered": told}, Text(f"{lead} is answered." if told else f"{lead} was not due."))


def review(shell: Shell) -> None:
    """List the pairs that look like one person and are not proved to be."""
    with shell.workspace() as app:
        found = Book(app.store.records).queue()
    rows = ((*pair["leads"], pair["why"], pair["at"]) for pair in found)
    shell.answer(found, _table(("one", "other", "why", "since"), rows))


def merge(
    shell: Shell,
    one: Lead,
    other: Lead,
    no: Annotated[bool, typer.Option("--no", help="They are not the same person: ask no more.")] = False,
) -> None:
    """Make one lead of two, which `unmerge` takes back; or say that they are two."""
    with shell.workspace() as app:
        book, now = Book(app.store.records), app.clock.now()
        if no:
            book.apart(one, other, by=BY, now=now)
        else:
            book.join(one, other, why="a person said so", by=BY, now=now)
        app.audit("leads apart" if no else "leads merge", one, None, {"other": other})
        accounts = book.accounts(one)
    told = "are two persons" if no else f"are one lead, {accounts[0]}"
    shell.answer({"leads": [one, other], "same": not no, "accounts": accounts}, Text(f"{one} and {other} {told}."))


def unmerge(shell: Shell, lead: Lead) -> None:
    """Take a merge back: both leads are again what they were, with all that was kept since."""
    with shell.workspace() as app:
        into = Book(app.store.records).part(lead, by=BY, now=app.clock.now())
        app.audit("leads unmerge", lead, {"into": into})
    shell.answer({"lead": lead, "was_in": into}, Text(f"{lead} and {into} are two leads again."))


def import_(
    shell: Shell,
    file: Annotated[Path, typer.Argument(help="A CSV file with a column `id` or `email`.", show_default=False)],
    basis: Annotated[str, typer.Option(help=f"What allows to keep them: {', '.join(BASES)}.")],
    because: Annotated[str, typer.Option(help="Why that is so, in words that they could be told.")],
    yes: Annotated[bool, typer.Option("--yes", help="Keep them; else only tell what would be kept.")] = False,
) -> None:
    """Tell what a table of leads comes to, and with --yes keep them: all of them, or none when a row is bad."""
    if basis not in BASES or not one_line(because):
        raise InputError("Nobody is kept without a basis.", hint=f"Say --basis {' or '.join(BASES)}, and --because.")
    try:
        with file.open("rb") as opened:
            sheet = tables.read(opened.read(LARGEST_SHEET + 1))
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", hint="Correct its name.") from error
    grounds = {"basis": basis, "because": one_line(because), "source": one_line(file.name)}
    with shell.workspace() as app:
        book, records = Book(app.store.records), app.store.records
        new = [lead for lead in sheet.leads if records.get(LEAD, lead) is None]
        if yes and not sheet.bad:
            book.keep_all({lead: {**said, "basis": grounds} for lead, said in sheet.leads.items()}, app.clock.now())
            app.audit("leads import", file.name, None, {**grounds, "leads": len(sheet.leads)})
    kept = yes and not sheet.bad
    told = {"encoding": sheet.encoding, "delimiter": sheet.delimiter, "rows": len(sheet.leads), "new": len(new)}
    words = f"{len(sheet.leads)} leads, {len(new)} of them new, in {sheet.encoding} with {sheet.delimiter!r}"
    shell.answer(
        {**told, "bad": sheet.bad, "kept": kept},
        Text(f"{words}: {'kept' if kept else 'nothing was kept' if yes else 'nothing is kept without --yes'}."),
        *(Text(f"line {one.line}: {one.because}") for one in sheet.bad),
    )
    if sheet.bad:
        shell.note(f"{len(sheet.bad)} rows are bad, so nothing is kept: correct those lines.", style="red")
        raise typer.Exit(1)


def export(
    shell: Shell, file: Annotated[Path, typer.Argument(help="The CSV file to write.", show_default=False)]
) -> None:
    """Write all leads into a table, one line for a person."""
    with shell.workspace() as app:
        book = Book(app.store.records)
        kept = [(lead, book.whole(lead)) for lead in book.leads()]
    try:
        file.write_text(tables.write(kept), encoding="utf-8-sig", newline="")  # by its mark, old programs know UTF-8
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.", hint="Name another file.") from error
    shell.answer({"file": str(file), "leads": len(kept)}, Text(f"wrote {len(kept)} leads to {file}"))


def _known(whole: Any) -> dict[str, Any]:
    return {name: whole[name] for name in ("handle", "name", "url", "email", "email_verified", "owner", "facts")}


def _columns(found: Iterable[Mapping[str, Any]], *names: str) -> Table:
    return _table(names, ([one.get(name, "") for name in names] for one in found))


def _table(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(one_line(", ".join(cell) if isinstance(cell, list) else cell)) for cell in row))
    return drawn
