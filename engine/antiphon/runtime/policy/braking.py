"""Putting a brake on and lifting it. What it held goes on by itself, as soon as the other rules allow, but for what a
person has dropped before: after a crisis not everything that was to be said then is still to be said."""

from __future__ import annotations

from datetime import datetime

from antiphon.components.ports import Overtaken, Store
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.model.ruling import Brake, Way
from antiphon.runtime.policy import amounts, brake

_MOST = 1_000_000
_OURS = (brake.NAME, amounts.BLAST)


def put(store: Store, scope: str, reason: str, *, by: str, now: datetime, until: datetime | None = None) -> Brake:
    """Put a brake on. One that stood in the scope is replaced, and what it held is asked about anew."""
    stood = bool(store.brakes.standing([scope]))
    found = store.brakes.put(scope, reason, by=by, until=until)
    if stood:
        let_go(store, scope, now, because="the brake was changed")
    return found


def lift(store: Store, scope: str, *, by: str, now: datetime) -> tuple[Brake | None, int]:
    """Lift a brake; with it, how many effects go on. Doing it again lets go what was left when it was interrupted."""
    lifted = store.brakes.lift(scope, by=by)
    return lifted, let_go(store, scope, now, because=f"the brake of {scope} was lifted")


def let_go(store: Store, scope: str, now: datetime, *, because: str) -> int:
    """Let what brakes hold in a scope be tried again now, and the runs that wait for it. Returns how many effects."""
    released = 0
    for entry in held(store, scope):
        try:
            store.ledger.hold(entry.effect.key, now, because=because, seen=entry)
        except Overtaken:  # it goes on already
            continue
        store.runs.release(entry.effect.run)
        released += 1
    return released


def held(store: Store, scope: str) -> list[LedgerEntry]:
    """What brakes hold in a scope, the oldest first."""
    entries = store.ledger.list(state=EffectState.HELD, limit=_MOST)
    return [
        entry
        for entry in reversed(entries)
        if scope in brake.scopes(entry.effect)
        and any(one.rule in _OURS and one.verdict is Way.HOLD for one in store.rulings.latest(entry.effect.key))
    ]


def drop(store: Store, entry: LedgerEntry, *, by: str) -> LedgerEntry:
    """Let what a brake holds never be sent; its run is stopped there.

    Raises:
        Overtaken: it has changed since it was looked at.
    """
    dropped = store.ledger.veto(entry.effect.key, [f"{by} decided that it is not to be sent any more"], seen=entry)
    store.runs.release(entry.effect.run)
    return dropped


def waiting(store: Store, scope: str) -> int:
    """How many effects are held in a scope, for whatever reason."""
    held = store.ledger.list(state=EffectState.HELD, limit=_MOST)
    return sum(scope in brake.scopes(entry.effect) for entry in held)
