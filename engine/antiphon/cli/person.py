"""`antiphon person`: what is kept of somebody, handed to them or taken away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.shell import Shell, plain
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.runtime.policy.forgetting import Kept

Named = Annotated[str, typer.Argument(help="An address, a handle, or the id of a person.", show_default=False)]
To = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write it into this file, which only you can read.", show_default=False),
]


def export(shell: Shell, person: Named, to: To = None) -> Exit | None:
    """Show all that is kept of somebody, as JSON: every row that is about them, and how many others name them."""
    with shell.workspace() as app:
        document = _document(app.forgetting.kept(person))
    if to is None:
        Shell(shell.folder, json=True).answer(document)  # a document whoever reads it: it is not wrapped
        return None
    try:
        to.touch(mode=0o600)
        to.write_text(json.dumps(plain(document), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{to} cannot be written: {error.strerror}.", hint="Name another file.") from error
    shell.answer({"file": str(to), "rows": document["rows"]}, Text(f"wrote {to}"))
    return None


def forget(
    shell: Shell,
    person: Named,
    yes: Annotated[bool, typer.Option("--yes", help="Take it away; else only tell what would go.")] = False,
) -> Exit | None:
    """Take away what is kept of somebody, and let nothing outward reach them any more; say what stays."""
    from antiphon.runtime.identity import person as identity
    from antiphon.runtime.policy.forgetting import STAYS

    with shell.workspace() as app:
        found = app.forgetting.kept(person)
        rows = found.counts
        if yes:
            changed = app.forgetting.forget(found, identity())
            app.audit("person forget", "somebody", None, changed)
            rows = {**rows, "reports": changed["reports"]}
    kinds = sorted({record.kind for record in found.documents})
    told = ", ".join(f"{count} {what}" for what, count in rows.items())
    shell.answer(
        {"forgotten": yes, "rows": rows, "kinds": kinds, "stays": STAYS},
        Text(f"{told} {'are gone' if yes else 'would go; nothing goes without --yes'}."),
        *(Text(f"stays: {one}") for one in STAYS),
    )
    return None


def _document(found: Kept) -> dict[str, Any]:
    """What is about them, whole; of what others wrote of them, which is theirs too, only how much there is."""
    about: dict[str, list[Any]] = {}
    named: dict[str, int] = {}
    for trace in found.traces:
        if trace.about:
            about.setdefault(trace.table, []).append(trace.values)
        else:
            named[trace.table] = named.get(trace.table, 0) + 1
    return {
        "names": sorted(found.names.whole),
        "rows": found.counts,
        "about": about,
        "named_in": named,
        "suppressions": found.suppressions,
    }
