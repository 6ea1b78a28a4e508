"""`antiphon page`: who may look at the pages that `antiphon up` serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import counted
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.app import Antiphon

As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who signs in; you, by your user name, if left out.")]
Open = Annotated[bool, typer.Option("--open", help="Open it in your browser, too.")]


def link(shell: Shell, as_: As = "", open_: Open = False) -> Exit | None:
    """Print a link that signs in to the pages, once and within 15 minutes."""
    if len(as_) > 80 or not as_.isprintable():
        raise InputError("--as is a name of at most 80 characters.")
    with shell.workspace() as app:
        address = link_of(app, as_.strip())
    shell.answer({"url": address}, Text(address))
    shell.note("It signs in once, within 15 minutes. `antiphon up` serves the pages.")
    if open_:
        show(address)
    return None


def revoke(shell: Shell) -> Exit | None:
    """Sign everybody out, and take back every link."""
    from antiphon.web.sessions import Sessions

    with shell.workspace() as app:
        ended = Sessions.of_workspace(app).sign_out_all()
        app.audit("page revoke", "pages", after={"sessions": ended})
    shell.answer({"sessions": ended}, Text(f"{counted(ended, 'session')} ended."))
    return None


def link_of(app: Antiphon, who: str = "") -> str:
    """The address that signs somebody in, which is written down in the audit without its secret."""
    from antiphon.runtime.identity import user
    from antiphon.web.sessions import Sessions

    name = who or user()
    token = Sessions.of_workspace(app).link(name)
    app.audit("page link", "pages", after={"for": name})
    return f"{app.settings.base_url}/sign-in/{token}"


def show(address: str) -> None:
    """Show an address in the browser of the person at this machine."""
    import webbrowser

    webbrowser.open(address)
