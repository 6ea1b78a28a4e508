"""What the rules said, the brakes, and the marks of `dedupe`."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from antiphon.components.clock import Clock
from antiphon.model.ruling import Brake, Ruling, Way
from antiphon.rehearsal.memory.forgotten import Forgetful


class MemoryRulings(Forgetful):
    """The last word on each effect that was not let pass."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._latest: dict[str, tuple[datetime, list[Ruling]]] = {}

    def record(self, key: str, rulings: Iterable[Ruling]) -> None:
        now = self._clock.now()
        at, said = self._latest.pop(key, (now, []))
        told = [*(said if at == now else []), *rulings]
        if any(one.verdict is not Way.PASS for one in told):
            self._latest[key] = (now, told)

    def latest(self, key: str) -> Sequence[Ruling]:
        return self._latest.get(key, (self._clock.now(), []))[1]


class MemoryBrakes(Forgetful):
    """All brakes that were ever put on, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._brakes: list[Brake] = []

    def put(self, scope: str, reason: str, *, by: str, until: datetime | None = None) -> Brake:
        self.lift(scope, by=by)
        brake = Brake(scope=scope, reason=reason, at=self._clock.now(), by=by, until=until)
        self._brakes.append(brake)
        return brake

    def lift(self, scope: str, *, by: str) -> Brake | None:
        now, lifted = self._clock.now(), None
        for number, brake in enumerate(self._brakes):
            if brake.scope == scope and self._stands(brake):
                lifted = brake.model_copy(update={"lifted_at": now, "lifted_by": by})
                self._brakes[number] = lifted
        return lifted

    def standing(self, scopes: Collection[str] = ()) -> Sequence[Brake]:
        return [brake for brake in self._brakes if self._stands(brake) and (not scopes or brake.scope in scopes)]

    def lifted(self, scope: str) -> datetime | None:
        ends = (brake.lifted_at or brake.until for brake in self._brakes if brake.scope == scope)
        return max((end for end in ends if end is not None and end <= self._clock.now()), default=None)

    def _stands(self, brake: Brake) -> bool:
        return brake.lifted_at is None and (brake.until is None or brake.until > self._clock.now())


class MemoryMarks(Forgetful):
    """Marks by scope and key. One whose time has come belongs to whoever asks next."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], tuple[str, datetime]] = {}

    def first(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> bool:
        return self.owner(scope, key, owner, now, until) == owner

    def owner(self, scope: str, key: str, owner: str, now: datetime, until: datetime) -> str:
        holder, ends = self._marks.get((scope, key), (owner, now))
        if ends <= now:
            holder = owner
            self._marks[scope, key] = (owner, until)
        return holder

    def known(self, scope: str, key: str, owner: str, now: datetime) -> bool:
        holder, ends = self._marks.get((scope, key), (owner, now))
        return holder != owner and ends > now
