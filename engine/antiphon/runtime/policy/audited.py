"""The brakes as a workflow has them: whatever it does to them is in the audit, and what they held goes on."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from antiphon.components.clock import Clock
from antiphon.components.ports import Brakes, Store
from antiphon.model.ruling import Brake
from antiphon.runtime.policy import braking


@dataclass(frozen=True)
class AuditedBrakes(Brakes):
    """The brakes of a store, in the hands of `who`, such as `workflow:drip`."""

    store: Store
    clock: Clock
    who: str

    def put(self, scope: str, reason: str, *, by: str, until: datetime | None = None) -> Brake:
        before = next((brake.model_dump(mode="json") for brake in self.standing([scope])), None)
        brake = braking.put(self.store, scope, reason, by=by, now=self.clock.now(), until=until)
        self.store.audit.record(self.who, "brake on", scope, before, brake.model_dump(mode="json"))
        return brake

    def lift(self, scope: str, *, by: str) -> Brake | None:
        brake, _ = braking.lift(self.store, scope, by=by, now=self.clock.now())
        if brake is not None:
            self.store.audit.record(self.who, "brake off", scope, brake.model_dump(mode="json"))
        return brake

    def standing(self, scopes: Collection[str] = ()) -> Sequence[Brake]:
        return self.store.brakes.standing(scopes)

    def stood(self, scopes: Collection[str], since: datetime, until: datetime) -> Sequence[Brake]:
        return self.store.brakes.stood(scopes, since, until)

    def put_by(self, by: str) -> Brake | None:
        return self.store.brakes.put_by(by)

    def lifted(self, scope: str) -> datetime | None:
        return self.store.brakes.lifted(scope)
