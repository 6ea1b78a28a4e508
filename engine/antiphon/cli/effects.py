"""`antiphon effects`: the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.periods import since_if
from antiphon.cli.printing import line, moment, sheet, state, table
from antiphon.cli.runs import Limit, OfWorkflow, Since
from antiphon.cli.shell import Shell, zone
from antiphon.errors import InputError
from antiphon.model.effect import EffectState

if TYPE_CHECKING:
    from antiphon.components.ports import Ledger
    from antiphon.model.effect import LedgerEntry

_SEARCHED = 5000
"""How many of the newest entries are looked through for a key of which only a part is given."""


def list_(
    shell: Shell,
    workflow: OfWorkflow = "",
    state_: Annotated[EffectState | None, typer.Option("--state", help="Only in this state.")] = None,
    run: Annotated[str, typer.Option(metavar="ID", help="Only of this run.")] = "",
    since: Since = "",
    limit: Limit = 30,
) -> Exit | None:
    """List the newest effects."""
    with shell.workspace() as app:
        found = app.store.ledger.list(
            state=state_, workflow=workflow, run=run, since=since_if(since, app.clock.now()), limit=limit
        )
        here = zone(app)
    rows = (
        (
            entry.effect.key,
            moment(entry.planned_at, here),
            state(entry.state),
            line(entry.effect.summary, 80),
            line((entry.receipt.url or entry.receipt.remote_id) if entry.receipt else entry.reason, 100),
        )
        for entry in found
    )
    shell.answer(found, table(("effect", f"planned ({here.key})", "state", "what", "receipt or reason"), rows))
    return None


def show(
    shell: Shell,
    key: Annotated[str, typer.Argument(help="The key of an effect, or a part that only one has.", show_default=False)],
) -> Exit | None:
    """Show one effect: its exact content, its receipt, and every change of its state."""
    from antiphon.cli.activations import content

    with shell.workspace() as app:
        entry = _find(app.store.ledger, key)
        history = app.store.ledger.history(entry.effect.key)
        here = zone(app)
    effect, receipt = entry.effect, entry.receipt
    told = {
        "action": f"{effect.action} via {effect.connection}" if effect.connection else effect.action,
        "workflow": f"{effect.workflow}, step {effect.step}, run {effect.run}",
        "reason": entry.reason,
        "not before": moment(entry.not_before, here),
        "receipt": receipt.remote_id if receipt else "",
        "link": receipt.url if receipt else "",
        "done at": moment(receipt.at, here) if receipt else "",
    }
    changes = ((moment(one.at, here), one.before or "", state(one.after), one.by, one.reason) for one in history)
    shell.answer(
        {"entry": entry.model_dump(mode="json"), "history": history},
        Text.assemble((line(effect.summary), "bold"), "  ", state(entry.state)),
        sheet([(word, value) for word, value in told.items() if value]),
        Padding(content(entry), (1, 0, 1, 2)),
        table((f"when ({here.key})", "from", "to", "by", "reason"), changes),
    )
    return None


def _find(ledger: Ledger, key: str) -> LedgerEntry:
    if entry := ledger.get(key):
        return entry
    found = [entry for entry in ledger.list(limit=_SEARCHED) if key in entry.effect.key]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"There is no effect {key}.", hint="See `antiphon effects list`.")
    keys = ", ".join(entry.effect.key for entry in found[:3])
    raise InputError(f"{len(found)} effects have {key!r} in their key, among them {keys}.", hint="Write more of it.")
