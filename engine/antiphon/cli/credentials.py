"""`antiphon connections add|remove|rekey`: credentials that are stored sealed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from antiphon.cli.asking import ask
from antiphon.cli.exits import Exit
from antiphon.cli.printing import counted
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.components.connector import Connector
    from antiphon.components.ports import Credential

FromStdin = Annotated[bool, typer.Option("--secret-stdin", help="Read the secrets from standard input, one a line.")]
Name = Annotated[str, typer.Argument(help="Its name.", show_default=False)]


def add(
    shell: Shell,
    name: Name,
    connector: Annotated[str, typer.Option(help="Which network, such as mastodon.", show_default=False)],
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option; repeatable.")
    ] = None,
    secret: Annotated[
        list[str] | None,
        typer.Option("--secret", metavar="NAME", help="A secret option to ask for; those that must be are asked for."),
    ] = None,
    secret_stdin: FromStdin = False,
    replace: Annotated[bool, typer.Option("--replace", help="Store it anew if it is stored already.")] = False,
) -> Exit | None:
    """Store a connection; its secret options are encrypted."""
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]*", name):
        raise InputError(f"{name!r} is no name of a connection.", hint="Use letters, digits, _ and -.")
    with shell.workspace() as app:
        if name in app.settings.connections:
            raise InputError(
                f"The connection `{name}` is in antiphon.toml.", hint="Take it out there, or name another."
            )
        kind = app.registry.catalogue.connectors.get(connector)
        if kind is None:
            hint = app.registry.catalogue.suggest(connector, "connectors") or "See `antiphon plugins list`."
            raise InputError(f"There is no connector `{connector}`.", hint=hint)
        before = app.vault.connection(name)
        if before and not replace:
            raise InputError(f"The connection `{name}` is stored already.", hint="Add --replace to store it anew.")
        open_options = _options(option or [], kind)
        hidden = ask(_asked(kind, open_options, secret or []), from_stdin=secret_stdin)
        for value in hidden.values():
            app.secrets.learn(value, "[concealed]")
        _validate(app.secrets.reveal_written(open_options) | hidden, kind, app.secrets.conceal)
        app.vault.keep_connection(name, connector, open_options, hidden, anew=replace)
        app.audit("connections add", name, _told(before), _told(app.vault.connection(name)))
    shell.answer(
        {"connection": name, "connector": connector, "options": sorted([*open_options, *hidden])},
        Text(f"Stored {name}. Now: antiphon connections check {name}"),
    )
    return None


def remove(shell: Shell, name: Name) -> Exit | None:
    """Forget a stored connection."""
    with shell.workspace() as app:
        before = app.vault.connection(name)
        if before is None and name in app.settings.connections:
            raise InputError(f"The connection `{name}` is in antiphon.toml.", hint="Take it out there.")
        app.vault.remove("connection", name)
        app.audit("connections remove", name, _told(before))
    shell.answer({"removed": name}, Text(f"Removed {name}. Its token is valid until you revoke it at the network."))
    return None


def rekey(shell: Shell) -> Exit | None:
    """Encrypt all that is stored under a new key, and forget the old one."""
    with shell.workspace() as app:
        count = app.vault.rekey()
        app.audit("connections rekey", "vault", after={"sealed": count})
    shell.answer({"sealed": count}, Text(f"{counted(count, 'credential')} sealed under the new key."))
    return None


def _options(pairs: list[str], connector: type[Connector]) -> dict[str, Any]:
    from antiphon.components.secret_marks import is_secret_mark

    options: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise InputError("An --option is not NAME=VALUE.", hint="Write it like --option server=social.example.")
        if name in connector.secret_options() and not is_secret_mark(value):
            hint = f"Write --secret {name} instead, and you will be asked for it."
            raise InputError(f"`{name}` is a secret, which a command line does not keep to itself.", hint=hint)
        options[name] = _value(name, value)
    return options


def _value(name: str, text: str) -> Any:
    if not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(f"The option `{name}` is neither text nor JSON.", hint="Look at its brackets.") from error


def _asked(connector: type[Connector], given: Mapping[str, Any], named: list[str]) -> list[str]:
    known = connector.secret_options()
    if strange := [name for name in named if name not in known]:
        hint = f"Its secret options are: {', '.join(known) or 'none'}."
        raise InputError(f"`{strange[0]}` is no secret option of {connector.name}.", hint=hint)
    needed = [name for name, required in known.items() if required and name not in given and name not in named]
    return [*dict.fromkeys(named), *needed]


def _validate(options: Mapping[str, Any], connector: type[Connector], conceal: Any) -> None:
    from pydantic import ValidationError

    from antiphon.model.base import describe

    try:
        connector.Options.model_validate(options)
    except ValidationError as error:
        hint = f"See `antiphon show {connector.name}`."
        raise InputError(conceal(f"This is no connection to {connector.name}: {describe(error)}."), hint=hint) from None


def _told(one: Credential | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"connector": one.connector, "options": dict(one.options), "secret": list(one.hidden), "key": one.key}
