"""`antiphon db`: the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import moment, table
from antiphon.cli.shell import Shell, zone

if TYPE_CHECKING:
    from antiphon.model.retention import Cut


def upgrade(shell: Shell) -> Exit | None:
    """Make the database, or bring it up to the version of this Antiphon."""
    with shell.workspace() as app:
        _ = app.store  # opening it is what brings it up to date
    shell.answer({"done": True}, Text("The database is up to date."))
    return None


def prune(
    shell: Shell,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
) -> Exit | None:
    """Let go what is older than `[retention]` in antiphon.toml keeps it; `up` does so, a little every hour."""
    with shell.workspace() as app:
        pruned = app.pruner.old() if dry_run else app.pruner.prune()
        here = zone(app)
        if not dry_run and (went := {one.name: one.count for one in pruned if one.count}):
            app.audit("db prune", "database", after=went)
    rows = (
        (
            one.name,
            _kept(one.cut),
            moment(one.cut.before, here),
            f"{one.count:,}",
        )
        for one in pruned
    )
    headings = ("what", "kept for", f"goes before ({here.key})", "would go" if dry_run else "went")
    kept = "Effects, their receipts and history, what policy said of them, and the audit stay."
    shell.answer(
        {
            "dry_run": dry_run,
            "pruned": [{"name": one.name, "before": one.cut.before, "count": one.count} for one in pruned],
        },
        table(headings, rows),
        Text(f"\n{kept}", style="dim"),
    )
    return None


def _kept(cut: Cut) -> str:
    from antiphon.model.duration import format_duration

    if cut.kind == "marks":
        return "as long as they count"
    return format_duration(cut.keep) if cut.keep is not None else "forever"
