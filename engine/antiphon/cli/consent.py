"""`antiphon consent`: who has agreed to be reached, and on which channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import line, state, table
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.model.person import Person

MOST = 100_000
"""How many people are looked at for a list."""

PersonNamed = Annotated[str, typer.Argument(help="An address, a handle, or the id of a person.", show_default=False)]
Channel = Annotated[str, typer.Option(help="The channel, such as `email`.", show_default=False)]


def give(
    shell: Shell,
    person: PersonNamed,
    channel: Channel,
    basis: Annotated[str, typer.Option(help="How it was given, such as `the form of 2 March`.")] = "",
) -> Exit | None:
    """Write down that somebody agrees to be reached on a channel."""
    from antiphon.runtime.identity import person as identity
    from antiphon.runtime.policy import consenting

    with shell.workspace() as app:
        before = _before(app, person, channel)
        found = consenting.give(app.store, person, channel, app.clock.now(), basis=basis, by=identity())
        word = consenting.known(found)[channel]
        app.audit("consent give", found.id, before.get(found.id), {"channel": channel, **word})
        _heed(shell, app, channel)
    shell.answer({"person": found.id, "channel": channel, **word}, Text(f"{found.id} consents to {channel}."))
    return None


def withdraw(shell: Shell, person: PersonNamed, channel: Channel) -> Exit | None:
    """Write down that somebody does not agree any more; it counts from the next effect on, also of what is planned."""
    from antiphon.runtime.policy import consenting

    with shell.workspace() as app:
        before = _before(app, person, channel)
        found = consenting.withdraw(app.store, person, channel, app.clock.now())
        for one in found:
            app.audit("consent withdraw", one.id, before.get(one.id))
        _heed(shell, app, channel)
    told = (Text(f"{one.id} does not consent to {channel} any more.") for one in found)
    shell.answer({"persons": [one.id for one in found], "channel": channel}, *told)
    return None


def list_(shell: Shell) -> Exit | None:
    """List who has given or withdrawn consent, and to what."""
    from antiphon.runtime.policy import consenting

    with shell.workspace() as app:
        found = [_shown(*one) for one in consenting.consents(app.store, MOST)]
    head = ("person", "handle", "channel", "consent", "since", "basis", "by")
    rows = (
        (
            *(one[name] for name in ("person", "handle", "channel")),
            state("given" if one["given"] else "withdrawn"),
            *(line(one[name], 60) for name in ("since", "basis", "by")),
        )
        for one in found
    )
    shell.answer(found, table(head, rows))
    return None


def _before(app: Antiphon, name: str, channel: str) -> dict[str, Any]:
    """What was known before, by the person's id; refuses a channel that is none."""
    from antiphon.runtime.policy import consenting

    if not channel.strip():
        raise InputError("No channel is named.", hint="Such as --channel email.")
    said = {one.id: consenting.known(one) for one in app.store.people.named(name)}
    return {one: {"channel": channel, "consent": words[channel]} for one, words in said.items() if channel in words}


def _heed(shell: Shell, app: Antiphon, channel: str) -> None:
    """A word that nobody asks for protects nobody: say so."""
    if channel not in (needed := app.settings.policy.consent):
        asked = f"Consent is asked for {', '.join(needed)}" if needed else "Consent is asked for nowhere"
        told = f"{asked}, by `consent` of [policy] in antiphon.toml. `antiphon suppress add` holds on every channel."
        shell.note(told, style="yellow")


def _shown(person: Person, channel: str, word: Any) -> dict[str, Any]:
    told = {name: str(word.get(name, "")) for name in ("since", "basis", "by")} if isinstance(word, Mapping) else {}
    empty = {"since": "", "basis": "", "by": ""}
    return {"person": person.id, "handle": person.handle, "channel": channel, "given": bool(word), **empty, **told}
