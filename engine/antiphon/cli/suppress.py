"""`antiphon suppress`: whom nobody may reach any more."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import line, moment, table
from antiphon.cli.shell import Shell, plain, zone
from antiphon.errors import InputError

Person = Annotated[str, typer.Argument(help="An address, a handle, or the id of a person.", show_default=False)]
Channel = Annotated[str, typer.Option(help="Only this channel, such as `email`; else all of them.")]


def add(
    shell: Shell,
    person: Person,
    channel: Channel = "",
    reason: Annotated[str, typer.Option(help="Why, such as `opted out`.")] = "",
) -> Exit | None:
    """Let nothing outward reach somebody any more. It is looked up at the moment of sending."""
    from antiphon.runtime.identity import person as identity

    with shell.workspace() as app:
        found = app.store.suppressions.add(person, channel=channel, reason=reason, by=identity())
        app.audit("suppress add", found.person, None, plain(found))
    shell.answer(found, Text(f"{found.person} is not reached any more{_on(channel)}."))
    return None


def remove(shell: Shell, person: Person, channel: Channel = "") -> Exit | None:
    """Allow that somebody is reached again, by any of their names."""
    with shell.workspace() as app:
        names = [person, *sorted(app.same_person(person))]
        known = [one for one in app.store.suppressions.of(names) if one.channel == channel]
        gone = [name for name in names if app.store.suppressions.remove(name, channel=channel)]
        if not known or not gone:
            raise InputError(f"{person} is not suppressed{_on(channel)}.", hint="See `antiphon suppress list`.")
        app.audit("suppress remove", known[0].person, plain(known[0]))
    shell.answer({"removed": person, "channel": channel}, Text(f"{person} may be reached again{_on(channel)}."))
    return None


def list_(shell: Shell) -> Exit | None:
    """List whom nobody may reach."""
    with shell.workspace() as app:
        found, here = app.store.suppressions.list(), zone(app)
    rows = ((one.person, one.channel or "all", moment(one.at, here), one.by, line(one.reason, 100)) for one in found)
    shell.answer(found, table(("person", "channel", f"since ({here.key})", "by", "reason"), rows))
    return None


def _on(channel: str) -> str:
    return f" on {channel}" if channel else ""
