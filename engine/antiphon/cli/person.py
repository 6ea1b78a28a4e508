"""`antiphon person`: what is kept of somebody, handed to them or taken away."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import safe
from antiphon.cli.shell import Shell, plain

Named = Annotated[str, typer.Argument(help="An address, a handle, or the id of a person.", show_default=False)]


def export(shell: Shell, person: Named) -> Exit | None:
    """Show all that is kept of somebody, as JSON: who they are, the documents that name them, and suppressions."""
    from antiphon.runtime.policy import forgetting

    with shell.workspace() as app:
        found = forgetting.kept(app.store, person)
    document = {**plain(found), "apart_from": forgetting.STAYS[1:]}
    shell.answer(document, Text(safe(json.dumps(plain(document), ensure_ascii=False, indent=2))))
    return None


def forget(
    shell: Shell,
    person: Named,
    yes: Annotated[bool, typer.Option("--yes", help="Take it away; else only tell what would go.")] = False,
) -> Exit | None:
    """Take away what is kept of somebody, and let nothing outward reach them any more; say what stays."""
    from antiphon.model.ruling import person_digest
    from antiphon.runtime.identity import person as identity
    from antiphon.runtime.policy import forgetting

    with shell.workspace() as app:
        found = forgetting.kept(app.store, person)
        if yes:
            forgetting.forget(app.store, found, identity())
            app.audit("person forget", person_digest(person), None, {"documents": len(found.documents)})
    kinds = sorted({record.kind for record in found.documents})
    counts = {"people": len(found.people), "documents": len(found.documents), "suppressions": len(found.suppressions)}
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    shell.answer(
        {"forgotten": yes, **counts, "kinds": kinds, "stays": forgetting.STAYS},
        Text(f"{told} {'are gone' if yes else 'would go; nothing goes without --yes'}."),
        *(Text(f"stays: {one}") for one in forgetting.STAYS),
    )
    return None
