"""`antiphon consent`: who has agreed to be reached, to what purpose, on which channel, and how that is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import line, state, table
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.app import Antiphon
    from antiphon.components.consents import Word
    from antiphon.model.person import Person

MOST = 100_000
"""How many people are looked at for a list."""

PersonNamed = Annotated[str, typer.Argument(help="An address, a handle, or the id of a person.", show_default=False)]
Channel = Annotated[str, typer.Option(help="The channel, such as `email`.", show_default=False)]
Purpose = Annotated[str, typer.Option(help="The purpose, such as `newsletter`.", show_default=False)]


def record(
    shell: Shell,
    person: PersonNamed,
    channel: Channel,
    purpose: Purpose = "",
    basis: Annotated[str, typer.Option(help="How it was given, such as `the form of 2 March`.")] = "",
    text: Annotated[Path | None, typer.Option(metavar="FILE", help="The text that was shown to them, exactly.")] = None,
    source: Annotated[str, typer.Option(help="Where it was given, such as the address of the form.")] = "",
    proof: Annotated[str, typer.Option(metavar="EVENT", help="The event by which they gave it.")] = "",
) -> Exit | None:
    """Write down that somebody agrees to be reached on a channel, and to what purpose."""
    from antiphon.components.consents import Word, keep_wording
    from antiphon.runtime.identity import person as identity

    shown = _read(text) if text else ""
    with shell.workspace() as app:
        now = app.clock.now()
        if proof and app.store.events.get(proof) is None:
            raise InputError(f"There is no event {proof}.", hint="See `antiphon events list`.")
        word = Word(channel=channel.strip(), purpose=purpose.strip(), since=now.isoformat(), basis=basis, source=source)
        word = word.model_copy(update={"proof": proof, "by": identity()})
        word = word.model_copy(update={"wording": keep_wording(app.store.records, shown, now)})
        [found] = _record(app, person, word, "consent record")
        _heed(shell, app, word)
    told = {"person": found.id, **word.model_dump()}
    shell.answer(told, Text(f"{found.id} consents to {_what(word)}."))
    return None


def withdraw(shell: Shell, person: PersonNamed, channel: Channel, purpose: Purpose = "") -> Exit | None:
    """Write down that somebody does not agree any more; it counts from the next effect on, also of what is planned.

    Without a purpose it is withdrawn to every purpose on the channel.
    """
    from antiphon.components.consents import Word
    from antiphon.runtime.identity import person as identity

    with shell.workspace() as app:
        since = app.clock.now().isoformat()
        word = Word(channel=channel.strip(), purpose=purpose.strip(), given=False, since=since, by=identity())
        found = _record(app, person, word, "consent withdraw")
        _heed(shell, app, word)
    told = (Text(f"{one.id} does not consent to {_what(word)} any more.") for one in found)
    shell.answer({"persons": [one.id for one in found], **word.model_dump()}, *told)
    return None


def show(shell: Shell, person: PersonNamed) -> Exit | None:
    """Show every word that somebody has said, the oldest first, with the text that was shown to them."""
    from antiphon.components.consents import said, wording, words

    with shell.workspace() as app:
        found = [
            {"person": one.id, **word.model_dump(), "text": wording(app.store.records, word.wording)}
            for one in app.store.people.named(person)
            for key in words(one)
            for word in said(one, key)
        ]
    head = ("channel", "purpose", "consent", "since", "basis", "source", "proof", "by", "text")
    shell.answer(found, table(head, ([_cell(one, name) for name in head] for one in found)))
    return None


def list_(shell: Shell) -> Exit | None:
    """List who has given or withdrawn consent, and to what."""
    from antiphon.components.consents import consents

    with shell.workspace() as app:
        found = [
            {"person": person.id, "handle": person.handle, **word.model_dump()}
            for person, word in consents(app.store.people, MOST)
        ]
    head = ("person", "handle", "channel", "purpose", "consent", "since", "basis", "by")
    shell.answer(found, table(head, ([_cell(one, name) for name in head] for one in found)))
    return None


def _record(app: Antiphon, name: str, word: Word, what: str) -> list[Person]:
    """Write it down, and into the audit with what was known before."""
    from antiphon.components import consents

    before = {one.id: consents.words(one).get(word.key) for one in app.store.people.named(name)}
    found = consents.record(app.store.people, name, word, app.clock.now())
    for person in found:
        known = before.get(person.id)
        app.audit(what, person.id, known.model_dump() if known else None, word.model_dump())
    return found


def _heed(shell: Shell, app: Antiphon, word: Word) -> None:
    """A word that nobody asks for protects nobody: say so."""
    rules = app.settings.policy.consent
    if all((rule.channel, rule.purpose) != (word.channel, word.purpose) for rule in rules):
        needed = ", ".join(map(str, rules))
        asked = f"Consent is asked for {needed}" if needed else "Consent is asked for nowhere"
        told = f"{asked}, by `consent` of [policy] in antiphon.toml. `antiphon suppress add` holds on every channel."
        shell.note(told, style="yellow")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The text {path} cannot be read.", hint="Name a file in UTF-8.") from error


def _what(word: Word) -> str:
    return f"{word.purpose} by {word.channel}" if word.purpose else word.channel


def _cell(one: dict[str, Any], name: str) -> str | Text:
    return state("given" if one["given"] else "withdrawn") if name == "consent" else line(one[name], 60)
