"""Windows: an effect with a `veto` waits for somebody to stop it, and goes out by itself when nobody does."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from antiphon.components.clock import Clock
from antiphon.components.ports import Ledger
from antiphon.model.effect import EffectState, LedgerEntry


def waits(entry: LedgerEntry, ledger: Ledger, clock: Clock, timezone: ZoneInfo) -> LedgerEntry | None:
    """The entry, if it is not to go out yet: its window is opened now, or some hold on it is not over. Else None.

    The window of an effect is opened once, before the first attempt. It comes before any other hold, and no other can
    make it shorter.
    """
    now, veto = clock.now(), entry.effect.terms.veto
    if entry.state is EffectState.HELD and entry.not_before and entry.not_before > now:
        return entry
    if veto is None or entry.state is not EffectState.PLANNED or entry.attempts:
        return None
    until = now + veto.window
    local = f"{until.astimezone(timezone):%F %H:%M} ({timezone.key})"
    return ledger.hold(entry.effect.key, until, because=f"goes out at {local} unless somebody stops it", seen=entry)
