"""Liveness: whether workflows run as often as their `liveness` expects; one that does not is silent, which is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from antiphon.components.clock import Clock
from antiphon.components.ports import Remembered, Store
from antiphon.model.base import Noun
from antiphon.model.duration import format_duration
from antiphon.model.event import Event
from antiphon.model.liveness import Liveness
from antiphon.model.program import Program

SILENT = "workflow.silent"
"""The type of the event that tells of it; its data has `workflow`, `since`, `at_least`, `per` and `because`."""


class Pulse(Noun):
    """Since when a workflow is expected to run, and when the silence began that was told last and may last still."""

    since: datetime
    told: datetime | None = None


@dataclass(frozen=True)
class Pulses:
    """Looks after the workflows that are expected to run so often; `alert` takes the key and the words of a silence.

    Counted are runs by the moment at which they were called for, whatever has become of them, but for those that the
    conditions declined. Nobody is silent before having been at work for so long. A silence is told once, and the next
    one only after there were enough runs again.
    """

    store: Store
    clock: Clock
    programs: Iterable[Program]
    alert: Callable[[str, str], None]

    def look(self) -> bool:
        """Tell of every workflow that is silent now and was not before; returns whether there is one."""
        now, watches, told, expected = self.clock.now(), self.store.watches, False, self._expected()
        due = {name for name, _ in watches.due(expected, now, len(expected))}
        looked_at = []
        for name in sorted(due | (expected.keys() - watches.begun(expected))):
            known = watches.get(name, "")
            pulse = Pulse.model_validate(known) if known else Pulse(since=now)
            workflow, wanted = expected[name]
            newest = self.store.runs.newest(workflow, wanted.at_least)
            since = max([pulse.since, *newest[wanted.at_least - 1 :]])
            silent_at = since + wanted.per
            if silent_at > now:
                pulse = pulse.model_copy(update={"told": None})
            elif pulse.told is None or _enough_after(pulse.told, newest, wanted):
                self._tell(workflow, wanted, since)
                pulse, told = pulse.model_copy(update={"told": silent_at}), True
            # In a silence nothing is due; whoever runs again shows by then.
            due_at = silent_at if silent_at > now else now + wanted.per
            looked_at.append(Remembered(name, "", pulse.model_dump(mode="json"), due_at))
        if looked_at:
            watches.change([(one.watch, one.key) for one in looked_at], lambda _: (looked_at, ()))
        return told

    def due(self) -> datetime | None:
        """The next instant (UTC) at which a workflow is silent if nothing happens; None when none is to run."""
        return self.store.watches.next_due(self._expected())

    def _expected(self) -> dict[str, tuple[str, Liveness]]:
        """The workflows that are to run, each under what is remembered of it: asked otherwise, it begins anew."""
        wanted = [(one.id, one.liveness) for one in self.programs if one.liveness]
        return {f"{id}/@liveness/{one.at_least}/{format_duration(one.per)}": (id, one) for id, one in wanted}

    def _tell(self, workflow: str, wanted: Liveness, since: datetime) -> None:
        """Before it is remembered: a crash in between tells again, and everybody knows it by its id."""
        at, per = since + wanted.per, format_duration(wanted.per)
        few = "no run" if wanted.at_least == 1 else f"fewer than {wanted.at_least} runs"
        because = f"{few} within {per} after {since:%F %T} UTC"
        data = {"workflow": workflow, "since": since.isoformat(), "at_least": wanted.at_least, "per": per}
        name = f"silent:{workflow}:{at.astimezone(UTC).isoformat()}"
        self.store.events.ingest([Event(name, SILENT, at, {**data, "because": because}, "liveness")])
        self.alert(name, f"{workflow} is silent: {because}")


def _enough_after(moment: datetime, newest: Sequence[datetime], wanted: Liveness) -> bool:
    """Whether there were enough runs again after a moment, although there are not now."""
    return len(newest) == wanted.at_least and newest[0] > moment and newest[0] - newest[-1] < wanted.per
