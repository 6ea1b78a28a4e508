"""Offline: what stands for the store, the network and the clock where a run is taken once more from its record."""

# ruff: noqa: D102 -- the ports say what each method promises

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NoReturn

from antiphon.catalogue import Catalogue
from antiphon.components.action import Computation
from antiphon.components.capabilities import Ability
from antiphon.components.context import ReadContext, Readers
from antiphon.components.media import Upload
from antiphon.errors import GiveUp, Skip
from antiphon.model.approval import Approval
from antiphon.model.bundle import Bundle
from antiphon.model.draft import Attachment, Medium
from antiphon.model.effect import LedgerEntry
from antiphon.model.run import StepRecord, StepState


class Elsewhere(GiveUp):
    """Something was asked for that is not in a bundle."""


@dataclass
class World:
    """What stands for the store and the network: what the bundle knows of the run itself, and nothing else.

    `touched` is set when something else was asked for: then what asked is to be handed in.
    """

    bundle: Bundle
    stands: datetime
    touched: bool = False

    def now(self) -> datetime:
        return self.stands

    def sleep(self, seconds: float) -> None:
        """Nobody waits in a replay."""

    def away(self) -> NoReturn:
        """Something was asked for that is not here."""
        self.touched = True
        raise Elsewhere("This is not in the bundle.")

    def __getattr__(self, name: str) -> Any:
        known = {"ledger": _Ledger, "approvals": _Approvals, "subscriptions": _Subscriptions}
        return known.get(name, _Nowhere)(self)


@dataclass
class _Nowhere:
    """A port of which a bundle has nothing."""

    world: World

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: self.world.away()


class _Ledger(_Nowhere):
    def list(self, *, run: str = "", **_: Any) -> Sequence[LedgerEntry]:
        return [] if run == self.world.bundle.run.id else self.world.away()

    def release(self, key: str, *, seen: LedgerEntry, **_: Any) -> LedgerEntry:
        return seen

    def veto(self, key: str, reasons: Sequence[str], *, seen: LedgerEntry) -> LedgerEntry:
        return seen


class _Approvals(_Nowhere):
    def list(self, **_: Any) -> Sequence[Approval]:
        return self.world.bundle.approvals


class _Subscriptions(_Nowhere):
    def of(self, run: str) -> Sequence[Any]:
        return ()


def recalling(catalogue: Catalogue, records: Mapping[str, StepRecord], recalled: list[str]) -> Catalogue:
    """The catalogue with computations that take their options as ever, and then give what they gave in these records.

    The paths of those that were asked are added to `recalled`.
    """

    def of(component: type[Computation]) -> type[Computation]:
        class Recalled(component):  # type: ignore[misc, valid-type]
            def compute(self, options: Any, ctx: ReadContext) -> Any:
                recalled.append(ctx.here.step)
                record = records.get(ctx.here.step)
                match record.state if record else None:
                    case StepState.DONE if record:
                        return record.result
                    case StepState.SKIPPED if record:
                        raise Skip(record.because)
                raise GiveUp(record.because if record else "It was not computed then.")

        return Recalled

    actions = {
        name: of(component) if issubclass(component, Computation) else component
        for name, component in catalogue.actions.items()
    }
    return replace(catalogue, actions=actions)


class Far(Readers):
    """Connections that lead nowhere; an effect's idempotency is a connector's declaration and is not compared."""

    def __init__(self, world: World) -> None:
        self._world = world

    def reader(self, name: str, of: type[Any]) -> Any:
        self._world.away()

    def idempotency(self, name: str, verb: str) -> Any:
        return "none"

    def can(self, name: str, ability: Ability) -> bool:
        return False

    def network_of(self, name: str) -> str:
        return ""


class FarFiles:
    """Files, which are in no bundle."""

    def __init__(self, world: World) -> None:
        self._world = world

    def look(self, attachment: Attachment) -> Medium:
        self._world.away()

    def load(self, medium: Medium) -> Upload:
        self._world.away()

    def save(self, name: str, content: bytes) -> None:
        self._world.away()
