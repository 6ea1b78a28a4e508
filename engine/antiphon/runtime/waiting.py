"""Waiting: `wait`, `wait_for` and `approve` steps, and the ways out of a run.

Whoever waits is laid down: the run is held in the store, with the moment at which it goes on, and nobody has it in
memory. An event that it looks out for wakes it earlier. What happened since the last step counts, even when the worker
was away meanwhile: a look-out is kept first, and what is in the store already is looked through afterwards.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.components.secret_marks import without_seals
from antiphon.components.targets import short
from antiphon.language import Later
from antiphon.model.duration import format_duration
from antiphon.model.run import RunState, StepRecord, StepState
from antiphon.model.waiting import EventMatch
from antiphon.model.workflow import Approve, Wait, WaitFor, WaitUntil
from antiphon.runtime.approvals import answer, put_back
from antiphon.runtime.later import shown
from antiphon.runtime.leaving import clear_away
from antiphon.runtime.listening import as_data, beside, heard, look_out
from antiphon.runtime.recording import Recording, Scope
from antiphon.runtime.requests import Ended, Left, TimedOut

ENDING = "ending"
"""In the scope of steps that come after the run's end: they are not kept from being done by it."""

EXIT = "exit"
"""The path and kind of the record that a run was left early; its result has `then` and `event`."""


class Waiting(Recording):
    """One run on its way: what it waits for, and what ends it early."""

    def _wait(self, step: Wait, path: str, scope: Scope) -> None:
        if self._remembered(step, path, scope):
            return
        begun = self._begun(path)
        until = datetime.fromisoformat(begun["until"]) if begun else self._moment(step, path, scope)
        if isinstance(until, Later):
            self._record(path, step, StepState.PLANNED, until, scope, because="until when is known only later")
            return
        kept = {"until": until.isoformat()}
        if self._run.live and self._kit.clock.now() < until:
            because = f"until {until:%F %T} UTC"
            if not begun:
                self._record(path, step, StepState.HELD, kept, scope, because=because)
            raise Ended(RunState.HELD, f"{path}: waits {because}", until=until)
        self._record(path, step, StepState.DONE, kept, scope)

    def _moment(self, step: Wait, path: str, scope: Scope) -> datetime | Later:
        """When a wait is over (UTC); a plan may not know it yet."""
        if not isinstance(step.wait, WaitUntil):
            return self._kit.clock.now() + step.wait
        written = self._render(step.wait.until, path, step, scope)
        if isinstance(written, Later):
            return written
        try:
            local = written if isinstance(written, datetime) else datetime.fromisoformat(str(written))
            zoned = local if local.tzinfo else local.replace(tzinfo=ZoneInfo(self._program.timezone))
            return zoned.astimezone(UTC)
        except (ValueError, OverflowError):
            told = f"`until` is {short(str(written))}, and no moment such as 2026-11-24T09:00"
            raise self._failed(path, step, told, scope) from None

    def _wait_for(self, step: WaitFor, path: str, scope: Scope) -> None:
        if self._remembered(step, path, scope):
            return
        wanted = step.wait_for
        told = f"for {wanted.event.type}" + (f", for {format_duration(wanted.timeout)}" if wanted.timeout else "")
        if not self._run.live:
            self._record(path, step, StepState.PLANNED, Later(step.id or path), scope, because=f"waits {told}")
            return
        begun, now = self._begun(path), self._kit.clock.now()
        if not begun:
            self._look_out(wanted.event, path, step, self._since(path), scope)
            begun = {"until": (now + wanted.timeout).isoformat() if wanted.timeout else None}
            self._record(path, step, StepState.HELD, begun, scope, because=f"waits {told}")
        until = datetime.fromisoformat(begun["until"]) if begun["until"] else None
        if (event := heard(self._kit.store, self._run, path)) is not None:
            result = {"event": as_data(event), "timed_out": False}
            self._record(path, step, StepState.DONE, result, scope, because=f"{event.type} of {event.at:%F %T} UTC")
        elif until is None or now < until:
            raise Ended(RunState.HELD, f"{path}: waits {told}", until=until)
        elif wanted.on_timeout == "continue":
            because = f"nothing came until {until:%F %T} UTC"
            self._record(path, step, StepState.DONE, {"event": None, "timed_out": True}, scope, because=because)
        elif wanted.on_timeout == "fail":
            raise self._failed(path, step, f"no {wanted.event.type} came until {until:%F %T} UTC", scope)
        else:
            because = f"no {wanted.event.type} came until {until:%F %T} UTC"
            self._record(path, step, StepState.DONE, {"event": None, "timed_out": True}, scope, because=because)
            raise Ended(RunState.STOPPED, f"{path}: {because}")

    def _approve(self, step: Approve, path: str, scope: Scope) -> None:
        if not self._remembered(step, path, scope):
            told = answer(self._kit, self._run, path, step.approve, self._render(step.approve.show, path, step, scope))
            self._record(path, step, told.state, told.result, scope, because=told.because)
            if told.ending is not None:
                raise told.ending
        put_back(step.approve.show, scope["steps"][step.id], scope)

    # -- ways out -----------------------------------------------------------------------------------------------------

    def _open_exits(self, scope: Scope) -> None:
        """Begin to look out for the events that end the run early, once; what came since its call counts."""
        if not self._run.live:
            return
        for index, exit in enumerate(self._program.exit):
            path = f"{EXIT}[{index}]"
            if exit.event is None or self._begun(path):
                continue
            self._look_out(exit.event, path, None, self._called_at(), scope)
            self._note(path, StepState.HELD, {"then": exit.called}, f"{exit.event.type} ends the run: {exit.called}")

    def _may_go_on(self, path: str, scope: Scope) -> None:
        """Asked before every step that is not done yet. Raises Left or TimedOut.

        What is in doubt is settled first: a run that left it behind could never tell what became of it.
        """
        if not self._run.live or ENDING in scope:
            return
        self._make_room(path)
        end: Ended | None = self._left(path, scope)
        if end is None and (until := self._deadline()) is not None and self._kit.clock.now() >= until:
            longest = self._program.run.timeout
            end = TimedOut(f"the run has taken longer than {format_duration(longest)}") if longest else None
        if end is not None and not self._in_doubt(path):
            raise end

    def _make_room(self, path: str) -> None:
        """End here if somebody has asked for it, such as a newer run of the same slot."""
        store, run = self._kit.store, self._run
        if run.slot and (because := store.runs.asked_to_end(run.id)) and not self._in_doubt(path):
            clear_away(store, run, because)
            raise Ended(RunState.STOPPED, because)

    def _deadline(self) -> datetime | None:
        longest = self._program.run.timeout
        return self._run.created_at + longest if longest is not None else None

    def _left(self, path: str, scope: Scope) -> Left | None:
        if (record := self._journal.recorded(EXIT)) is not None:
            return Left(record.result["then"], record.because, record.result["event"])
        events = [exit for exit in self._program.exit if exit.event is not None]
        found = self._kit.store.subscriptions.of(self._run.id) if events else ()
        came = [(one.path, one.heard) for one in found if one.heard and one.path.startswith(f"{EXIT}[")]
        for where, event in sorted(came, key=lambda one: (one[1].at, one[0])):
            exit = self._program.exit[int(where[len(EXIT) + 1 : -1])]
            return self._leave(exit.called, f"{event.type} of {event.at:%F %T} UTC", as_data(event))
        for exit in self._program.exit:
            if exit.if_ is None:
                continue
            verdict = self._kit.judge.judge(exit.if_, self._kit.context(self._program, self._run, path, scope))
            if verdict is not None and verdict.holds:
                return self._leave(exit.called, verdict.because, None)
        return None

    def _leave(self, name: str, because: str, event: dict[str, Any] | None) -> Left:
        self._note(EXIT, StepState.DONE, {"then": name, "event": event}, because)
        return Left(name, because, event)

    def _in_doubt(self, path: str) -> bool:
        """Whether the step at this path has an effect of which nobody knows yet whether it happened."""
        entries = self._kit.store.ledger.list(run=self._run.id, limit=10_000)
        return any(entry.in_doubt and entry.effect.step == path for entry in entries)

    def _called_at(self) -> datetime:
        """When the run's own event happened, or else when it was opened: what ends it may have come at once."""
        opened = self._run.created_at - timedelta.resolution
        told = self._run.scope.get("event", {}).get("at")
        try:
            happened = datetime.fromisoformat(told)
        except (TypeError, ValueError):
            return opened
        happened = happened if happened.tzinfo else happened.replace(tzinfo=UTC)
        return min(happened - timedelta.resolution, opened)

    # -- looking out --------------------------------------------------------------------------------------------------

    def _look_out(self, wanted: EventMatch, path: str, step: Any, since: datetime, scope: Scope) -> None:
        match = shown(without_seals(self._render(wanted.match, path, step, scope)))
        look_out(self._kit.store, self._run, path, wanted, match, since)

    def _since(self, path: str) -> datetime:
        """When the step before this one was done: in this list of steps, or in one around it.

        What came at the very moment at which the run was opened counts too, such as one delivery of both.
        """
        records = self._journal.records()
        done = [one.at for one in records if one.state is StepState.DONE and beside(path, one.path)]
        return max(done, default=self._run.created_at - timedelta.resolution)

    def _note(self, path: str, state: StepState, result: dict[str, Any], because: str) -> None:
        """Write down something that is no step of the document."""
        at = self._kit.clock.now()
        self._journal.step(
            StepRecord(path=path, step=path, kind=EXIT, state=state, result=result, because=because, at=at)
        )
