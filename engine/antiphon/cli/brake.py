"""`antiphon brake`: a hold on everything outward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.periods import ahead, since_if
from antiphon.cli.printing import counted, line, moment, table
from antiphon.cli.shell import Shell, plain, zone
from antiphon.errors import InputError
from antiphon.suggest import nearest

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.effect import LedgerEntry

Scope = Annotated[str, typer.Option(help="What it is about: workspace, account:NAME or workflow:ID.")]


def on(
    shell: Shell,
    scope: Scope = "workspace",
    until: Annotated[str, typer.Option(metavar="WHEN", help="Lift it by itself, such as 2h or 14:30.")] = "",
    reason: Annotated[str, typer.Option(help="Why; it is shown wherever something is held by it.")] = "",
) -> Exit | None:
    """Hold everything outward in a scope. What is being sent at this very moment is not called back."""
    from antiphon.runtime.identity import person
    from antiphon.runtime.policy import braking

    with shell.workspace() as app:
        _known(app, scope)
        here, now = zone(app), app.clock.now()
        before = app.store.brakes.standing([scope])
        brake = braking.put(app.store, scope, reason, by=person(), now=now, until=ahead(until, now, here))
        app.audit("brake on", scope, plain(before[0]) if before else None, plain(brake))
    shell.answer(brake, Text(f"The brake of {scope} is on, {_end(brake.until, here.key, moment(brake.until, here))}."))
    return None


def off(
    shell: Shell,
    scope: Scope = "workspace",
    drop: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="What is held and not to be sent any more.")
    ] = None,
    drop_older: Annotated[
        str, typer.Option(metavar="AGE", help="Drop what was planned longer ago than this, such as 24h.")
    ] = "",
) -> Exit | None:
    """Lift the brake of a scope; what it held goes on by itself, as far as the other rules allow.

    `antiphon brake held` shows what that is. What is dropped is not sent any more.
    """
    from antiphon.runtime.identity import person
    from antiphon.runtime.policy import braking

    with shell.workspace() as app:
        _known(app, scope)
        dropped = _dropped(app, scope, drop or [], drop_older)
        for entry in dropped:
            after = braking.drop(app.store, entry, by=person())
            app.audit("brake drop", entry.effect.key, {"state": str(entry.state)}, {"state": str(after.state)})
        brake, released = braking.lift(app.store, scope, by=person(), now=app.clock.now())
        if brake is not None:
            app.audit("brake off", scope, plain(brake))
        left = app.store.brakes.standing()
    told = f"The brake of {scope} is off" if brake else f"There was no brake on {scope}"
    told += f"; {counted(len(dropped), 'effect')} dropped" if dropped else ""
    shell.answer(
        {
            "lifted": brake,
            "released": released,
            "dropped": [entry.effect.key for entry in dropped],
            "standing": left,
        },
        Text(f"{told}; {counted(released, 'effect')} may go on with the next sweep, or by `antiphon runs resume`."),
        *(Text(f"The brake of {one.scope} still is on.", style="yellow") for one in left),
    )
    return None


def held(shell: Shell, scope: Scope = "workspace") -> Exit | None:
    """Show what brakes hold in a scope, the oldest first: what would be sent when they are lifted."""
    from antiphon.runtime.policy import braking

    with shell.workspace() as app:
        _known(app, scope)
        found, here = braking.held(app.store, scope), zone(app)
    rows = (
        (one.effect.key, moment(one.planned_at, here), one.effect.connection, line(one.effect.summary, 100))
        for one in found
    )
    head = ("effect", f"planned ({here.key})", "connection", "what")
    shell.answer(found, table(head, rows) if found else Text("No brake holds anything."))
    return None


def status(shell: Shell) -> Exit | None:
    """Tell which brakes are on, and how much is held in their scopes."""
    from antiphon.runtime.policy import braking

    with shell.workspace() as app:
        found = [(brake, braking.waiting(app.store, brake.scope)) for brake in app.store.brakes.standing()]
        here = zone(app)
    rows = (
        (one.scope, moment(one.at, here), moment(one.until, here), one.by, str(held), line(one.reason, 100))
        for one, held in found
    )
    head = ("scope", f"since ({here.key})", "until", "by", "held", "reason")
    shell.answer(
        [{**brake.model_dump(mode="json"), "held": held} for brake, held in found],
        table(head, rows) if found else Text("No brake is on."),
    )
    return None


def _known(app: Antiphon, scope: str) -> None:
    """Refuse a scope in which nothing could ever be held."""
    kind, _, name = scope.partition(":")
    if scope == "workspace":
        return
    known = {"account": list(app.connections.names()), "workflow": list(app.compiled.programs)}.get(kind)
    if known is None:
        raise InputError(f"{scope!r} is no scope.", hint="Write workspace, account:NAME or workflow:ID.")
    if name not in known:
        hint = nearest(name, known) or f"There are {', '.join(known) or 'none'}."
        raise InputError(f"There is no {kind} {name!r}.", hint=hint)


def _dropped(app: Antiphon, scope: str, keys: Sequence[str], older: str) -> Sequence[LedgerEntry]:
    """What is held and not to be sent any more: those that are named, and those that are too old."""
    from antiphon.runtime.policy import braking

    entries = {entry.effect.key: entry for entry in braking.held(app.store, scope)}
    if unknown := [key for key in keys if key not in entries]:
        hint = nearest(unknown[0], list(entries)) or "`antiphon brake held` shows what is."
        raise InputError(f"No brake of {scope} holds {unknown[0]!r}.", hint=hint)
    before = since_if(older, app.clock.now())
    return [
        entry for key, entry in entries.items() if key in keys or (before is not None and entry.planned_at < before)
    ]


def _end(until: datetime | None, zone_key: str, told: str) -> str:
    return f"until {told} {zone_key}" if until else "until it is lifted"
