"""`antiphon audit`: who did what, in a chain that shows when somebody tampered with it."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.periods import since_if
from antiphon.cli.printing import counted, line, moment, table
from antiphon.cli.runs import Limit, Since
from antiphon.cli.shell import Shell, zone


def list_(
    shell: Shell,
    what: Annotated[str, typer.Option(help="Only this, or what begins so, such as connections.")] = "",
    subject: Annotated[str, typer.Option(help="Only what was done to this.")] = "",
    since: Since = "",
    limit: Limit = 30,
) -> Exit | None:
    """List who did what, the newest first."""
    with shell.workspace() as app:
        found = app.store.audit.list(what=what, subject=subject, since=since_if(since, app.clock.now()), limit=limit)
        here = zone(app)
    rows = (
        (one.number, moment(one.at, here), one.who, one.what, one.subject, _change(one.before, one.after))
        for one in found
    )
    shell.answer(found, table(("", f"when ({here.key})", "who", "what", "subject", "before → after"), rows))
    return None


def verify(
    shell: Shell,
    kept: Annotated[
        str, typer.Option(metavar="HASH", help="A hash that an earlier verify has told, kept elsewhere.")
    ] = "",
) -> Exit | None:
    """Check that no entry was changed, removed, put in or moved, and tell the last hash, to be kept elsewhere.

    Only with a hash kept elsewhere does it show that the newest entries were cut off, or that all was written anew.
    """
    with shell.workspace() as app:
        broken = app.store.audit.verify(kept)
        newest = app.store.audit.list(limit=1) if broken is None else ()
    if broken is not None:
        shell.answer({"holds": False, "number": broken.number, "why": broken.why}, Text(f"Broken: {broken.why}."))
        return Exit.PERSON
    count, head = (newest[0].number, newest[0].hash) if newest else (0, "")
    told = f"{counted(count, 'entry', 'entries')}, unbroken." + (f" Keep elsewhere: {head}" if head else "")
    shell.answer({"holds": True, "entries": count, "head": head}, Text(told))
    return None


def _change(before: object, after: object) -> str:
    parts = [json.dumps(value, ensure_ascii=False) for value in (before, after) if value is not None]
    return line(" → ".join(parts), 120)
