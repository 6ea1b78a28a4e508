"""`antiphon effects`: the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
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
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what waits for a person.")] = False,
    limit: Limit = 30,
) -> Exit | None:
    """List the newest effects."""
    with shell.workspace() as app:
        asked = partial(
            app.store.ledger.list, workflow=workflow, run=run, since=since_if(since, app.clock.now()), limit=limit
        )
        found = _waiting(asked)[:limit] if waiting else asked(state=state_)
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


def _waiting(asked: Callable[..., Sequence[LedgerEntry]]) -> list[LedgerEntry]:
    """What is parked or in doubt, and what is held without a time, newest first."""
    found = [entry for state in (EffectState.PARKED, EffectState.UNKNOWN) for entry in asked(state=state)]
    found += [entry for entry in asked(state=EffectState.HELD) if entry.not_before is None]
    return sorted(found, key=lambda entry: entry.planned_at, reverse=True)


def show(
    shell: Shell,
    key: Annotated[str, typer.Argument(help="The key of an effect, or a part that only one has.", show_default=False)],
) -> Exit | None:
    """Show one effect: its exact content, its receipt, and every change of its state."""
    from antiphon.cli.activations import content

    with shell.workspace() as app:
        entry = find(app.store.ledger, key)
        history = app.store.ledger.history(entry.effect.key)
        ruled = app.store.rulings.history(entry.effect.key)
        undone = app.undoer.undone_by(entry.effect)
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
        "undoes": effect.undoes,
        "undone by": f"{undone.effect.key} ({undone.state})" if undone else "",
    }
    changes = ((moment(one.at, here), one.before or "", state(one.after), one.by, one.reason) for one in history)
    rulings = ((moment(one.at, here), one.ruling.rule, one.ruling.verdict, line(one.ruling.because)) for one in ruled)
    asked = f"policy asked ({here.key})"
    policy: list[RenderableType] = [Text(), table((asked, "rule", "verdict", "because"), rulings)] if ruled else []
    shell.answer(
        {"entry": entry.model_dump(mode="json"), "history": history, "rulings": ruled, "undone_by": undone},
        Text.assemble((line(effect.summary), "bold"), "  ", state(entry.state)),
        sheet([(word, value) for word, value in told.items() if value]),
        Padding(content(entry), (1, 0, 1, 2)),
        table((f"when ({here.key})", "from", "to", "by", "reason"), changes),
        *policy,
    )
    return None


def find(ledger: Ledger, key: str) -> LedgerEntry:
    """The one effect with this key, or with this in its key. Raises InputError."""
    if entry := ledger.get(key):
        return entry
    found = [entry for entry in ledger.list(limit=_SEARCHED) if key in entry.effect.key]
    # An undo has in its key that of what it undoes.
    found = [entry for entry in found if not entry.effect.undoes or key.startswith("undo")] or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"There is no effect {key}.", hint="See `antiphon effects list`.")
    keys = ", ".join(entry.effect.key for entry in found[:3])
    raise InputError(f"{len(found)} effects have {key!r} in their key, among them {keys}.", hint="Write more of it.")
