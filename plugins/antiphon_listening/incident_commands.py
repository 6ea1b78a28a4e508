"""`antiphon incidents`: what went wrong in public, and what waits to be let go when it is over."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from antiphon import InputError, Shell, verb
from antiphon_listening.actions import plan_lines, resume_plan
from antiphon_listening.incidents import CLOSED, Incidents, told

Name = Annotated[str, typer.Argument(metavar="INCIDENT", help="Its id, such as torrea-1.", show_default=False)]


def group() -> typer.Typer:
    """The words below `antiphon incidents`."""
    words = typer.Typer(
        no_args_is_help=True, help="What went wrong in public, from when it was noticed until it is over."
    )
    for function in (list_, show, close):
        verb(words, function)
    return words


def list_(shell: Shell) -> None:
    """List the incidents, the newest first."""
    with shell.workspace() as app:
        found = Incidents(app.store.records).list()
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("incident", "state", "level", "opened (UTC)", "mentions", "title"):
        drawn.add_column(heading, overflow="fold")
    for one in found:
        cells = (one["id"], one["state"], one["level"], one["opened_at"][:16], str(one["mentions"]), one["title"])
        drawn.add_row(*map(Text, cells))
    shell.answer(found, drawn if found else Text("There has been no incident."))


def show(shell: Shell, incident: Name) -> None:
    """Show an incident: how grave it is, what happened, and what brakes hold now."""
    with shell.workspace() as app:
        found = _found(Incidents(app.store.records), incident)
        held = resume_plan(app.store.ledger)
        loud = [app.store.events.get(one) for one in found["sources"]]
    grave = f"{found['level']} (severity {found['severity']:g})"
    said = f"{found['mentions']} mentions, {100 * found['negative_share']:.0f} % negative, reach {found['reach']:,}"
    shell.answer(
        {**found, "held_now": held},
        Text(f"{found['id']} is {found['state']}: {found['title']}"),
        Text(f"{grave}: {said}"),
        *(Text(f"{step['at'][:16]} {step['what']}") for step in found["history"]),
        *(Text(f"loud: {one.data.get('url') or one.id}") for one in loud if one),
        Text(f"held by brakes: {len(held)}" if held else "No brake holds anything."),
        *(Text(line) for line in plan_lines(held).splitlines()),
    )


def close(shell: Shell, incident: Name, because: Annotated[str, typer.Option(help="Why it is over.")] = "") -> None:
    """Close an incident, and show what brakes hold; none is lifted by that: see `antiphon brake held` and `off`."""
    with shell.workspace() as app:
        book = Incidents(app.store.records)
        found, held, now = _found(book, incident), resume_plan(app.store.ledger), app.clock.now()
        if not book.close(incident, "a person", because, held, now):
            raise InputError(f"The incident {incident} is closed already.")
        closed = _found(book, incident)
        app.store.events.ingest([told(CLOSED, closed, now, "")])
        app.audit(
            "incidents close", incident, {"state": found["state"]}, {"state": closed["state"], "because": because}
        )
    shell.answer(
        closed,
        Text(f"{incident} is closed; brakes hold {len(held)} effects."),
        *(Text(line) for line in plan_lines(held).splitlines()),
    )


def _found(book: Incidents, incident: str) -> dict[str, Any]:
    found = book.get(incident)
    if found is None:
        raise InputError(f"There is no incident {incident}.", hint="`antiphon incidents list` shows them.")
    return dict(found)
