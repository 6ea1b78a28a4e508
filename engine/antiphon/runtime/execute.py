"""Execute: one run of one program, walked step by step.

The walk is pure but for what it is handed: it evaluates, asks conditions, plans effects and *requests* them. What an
earlier attempt recorded is taken from the journal instead of being done again, so a run is resumed, not restarted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from antiphon.components.secret_marks import without_seals
from antiphon.errors import AntiphonError, InputError, StoreError
from antiphon.language import Later
from antiphon.model.program import Program
from antiphon.model.run import RunState, StepState, Verdict
from antiphon.model.workflow import (
    Approve,
    Call,
    Choose,
    Each,
    Emit,
    If,
    Parallel,
    Set,
    Stop,
    StopOptions,
    Try,
    Use,
    Wait,
    WaitFor,
)
from antiphon.runtime.acting import Acting
from antiphon.runtime.approvals import SentBack
from antiphon.runtime.branches import side_by_side
from antiphon.runtime.later import shown
from antiphon.runtime.leaving import clear_away
from antiphon.runtime.recording import Scope
from antiphon.runtime.requests import Ended, Left, StepFailed, Stopped, TimedOut, Walk
from antiphon.runtime.waiting import ENDING, Waiting

MAX_ITEMS = 10_000
"""How many items one `each` may go over: more is taken for a mistake."""

BLOCKS = (If, Choose, Each, Parallel, Try, Call)
"""Steps that are made of others, of which each is asked about by itself whether the run goes on."""

MAX_CALLS = 8
"""How deep workflows may call one another."""


class Execution(Acting, Waiting):
    """One run on its way. Iterate `walk()`; it returns the run as it ended."""

    def walk(self) -> Walk:
        """Do all of it. Whatever happens inside, the run comes to an end that is written down.

        Raises:
            StoreError: nothing can be written down; the run goes on from here when it is resumed.
        """
        try:
            end = yield from self._whole(self._kit.scope(self._program, self._run))
        except StoreError:
            raise
        except AntiphonError as error:
            end = Ended(RunState.FAILED, str(error))
        except Exception as error:
            end = Ended(RunState.FAILED, f"{type(error).__name__}: {error}")
        until = end.until
        if (
            end.state is RunState.HELD
            and (deadline := self._deadline()) is not None
            and self._kit.clock.now() < deadline
        ):
            until = min(until or deadline, deadline)
        return self._journal.end(end.state, end.because, shown(end.result), until)

    def _whole(self, scope: Scope) -> Walk:
        """The run, its ways out, and what is done about a failure; returns how it ended."""
        try:
            if not self._run.verdicts and not self._run.steps:
                self._make_room("")  # what has not begun need not be asked whether it would go on
            if (refused := self._conditions(scope)) is not None:
                return Ended(RunState.DECLINED, refused.because)
            yield from self._course(scope)
        except StepFailed as failure:
            return (yield from self._failure(failure.message, failure.step, scope))
        except TimedOut as end:
            clear_away(self._kit.store, self._run, end.because)
            return (yield from self._failure(end.because, "", scope))
        except Ended as end:
            return end
        except StoreError:
            raise
        except AntiphonError as error:
            return (yield from self._failure(str(error), "", scope))
        return Ended(RunState.DONE, self._summary())

    def _course(self, scope: Scope) -> Walk:
        """The steps of the run; if it is left early, those of that end."""
        self._open_exits(scope)
        try:
            yield from self._steps(self._program.steps, "", scope)
        except Left as left:
            clear_away(self._kit.store, self._run, left.because)
            seen = {**scope, ENDING: True, "exit": {"then": left.name, "event": left.event}}
            yield from self._steps(self._program.on_exit.get(left.name, ()), f"on_exit/{left.name}/", seen)
            raise

    def _failure(self, message: str, step: str, scope: Scope) -> Walk:
        """Do what the author wants done about a failure, which stays one whatever comes of that."""
        because = f"{step}: {message}" if step else message
        seen = {**scope, ENDING: True, "error": without_seals({"message": message, "step": step})}
        try:
            yield from self._steps(self._program.on_error, "on_error/", seen)
        except StepFailed as another:
            because = f"{because}; and then {another.step}: {another.message}"
        except Ended as end:
            if end.state is RunState.HELD:
                return end
        return Ended(RunState.FAILED, because)

    def _summary(self) -> str:
        return ", ".join(self._done) if self._done else "nothing outward was to be done"

    def _conditions(self, scope: Scope) -> Verdict | None:
        """The verdict that keeps the run from going on, if there is one. What an earlier attempt was told stands."""
        if self._run.verdicts:
            return next((verdict for verdict in self._run.verdicts if not verdict.holds), None)
        ctx = self._kit.context(self._program, self._run, "conditions", scope)
        verdicts = self._kit.judge.verdicts(self._program.conditions, ctx)
        known = [verdict for verdict in verdicts if verdict is not None]
        self._journal.verdicts(known)
        return next((verdict for verdict in known if not verdict.holds), None)

    # -- the steps, one method a kind ---------------------------------------------------------------------------------

    def _steps(self, steps: Sequence[Any], under: str, scope: Scope) -> Walk:
        for index, step in enumerate(steps):
            try:
                yield from self._step(step, under + step.id, scope)
            except SentBack as back:
                names = [one.id for one in steps[: index + 1]]
                if back.to not in names:
                    raise
                again = [under + name for name in names[names.index(back.to) :]]
                self._kit.store.approvals.send_back(back.approval.id, again)
                # The run begins anew and remembers all but these steps, just as it would after a crash.
                raise Ended(RunState.HELD, str(back), until=self._kit.clock.now()) from back

    def _step(self, step: Any, path: str, scope: Scope) -> Walk:
        if not isinstance(step, BLOCKS) and self._journal.recorded(path) is None:
            self._may_go_on(path, scope)
        match step:
            case Use():
                yield from self._use(step, path, scope)
            case If():
                way = self._decide(path, step, [(step.if_, "then")], scope)
                yield from self._steps(step.then if way == "then" else step.else_, f"{path}/", scope)
            case Choose():
                ways = [(choice.if_, str(index)) for index, choice in enumerate(step.choose)]
                way = self._decide(path, step, ways, scope)
                yield from self._steps(step.choose[int(way)].then if way else step.else_, f"{path}/", scope)
            case Each():
                yield from self._each(step, path, scope)
            case Parallel():
                yield from self._parallel(step, path, scope)
            case Set():
                if not self._remembered(step, path, scope):
                    self._record(path, step, StepState.DONE, self._render(step.set, path, step, scope), scope)
                scope["vars"].update(scope["steps"][step.id])
            case Call():
                yield from self._call(step, path, scope)
            case Stop():
                self._stop(step, path, scope)
            case Try():
                yield from self._try(step, path, scope)
            case Wait():
                self._wait(step, path, scope)
            case WaitFor():
                self._wait_for(step, path, scope)
            case Emit():
                self._emit(step, path, scope)
            case Approve():
                self._approve(step, path, scope)

    def _decide(self, path: str, step: Any, ways: Sequence[tuple[Any, str]], scope: Scope) -> str:
        """The first way whose conditions hold, or an empty text for none. A decision once taken stands."""
        if self._remembered(step, path, scope):
            return str(scope["steps"][step.id])
        ctx = self._kit.context(self._program, self._run, path, scope)
        told = []
        for conditions, way in ways:
            try:
                verdict = self._kit.judge.judge(conditions, ctx)
            except StoreError:
                raise
            except AntiphonError as error:
                raise self._failed(path, step, str(error), scope) from error
            if verdict is None:
                because = "cannot be decided before an earlier step is done"
                self._record(path, step, StepState.PLANNED, Later(path), scope, because=because)
                raise Ended(RunState.DONE, f"{path} {because}; what follows is planned then")
            told.append(verdict.because)
            if verdict.holds:
                self._record(path, step, StepState.DONE, way, scope, because=verdict.because)
                return way
        self._record(path, step, StepState.DONE, "", scope, because="; ".join(told))
        return ""

    def _each(self, step: Each, path: str, scope: Scope) -> Walk:
        begun = self._begun(path)
        items = begun["items"] if begun else self._render(step.each.in_, path, step, scope)
        if isinstance(items, Later):
            self._record(path, step, StepState.PLANNED, items, scope, because="the list is known only later")
            return
        if not isinstance(items, list | tuple):
            raise self._failed(path, step, f"`in` is {type(items).__name__}, not a list.", scope)
        if len(items) > MAX_ITEMS:
            raise self._failed(path, step, f"`in` has {len(items):,} items; {MAX_ITEMS:,} is the most.", scope)
        if not begun:
            # Kept from the beginning: a list that reads differently after a crash would count its items anew.
            self._record(path, step, StepState.HELD, {"items": list(items)}, scope)
        for index, item in enumerate(items):
            # What the steps of one item gave is not seen by the next, nor after the loop.
            inner = {**scope, "steps": dict(scope["steps"]), step.each.as_: item, "index": index}
            yield from self._steps(step.steps, f"{path}[{index}]/", inner)
        self._record(path, step, StepState.DONE, {"count": len(items)}, scope)

    def _parallel(self, step: Parallel, path: str, scope: Scope) -> Walk:
        branches = {str(one.id): self._step(one, f"{path}/{one.id}", scope) for one in step.parallel.steps}
        failures, ends = yield from side_by_side(branches)
        if ends:
            # A branch that is held must be able to go on, so it stands before one that has stopped; the first to do so
            # says when.
            raise min(ends, key=lambda end: (end.state is not RunState.HELD, end.until is None, end.until))
        if failures and step.parallel.fail == "stop":
            raise failures[0]
        failed = [f"{failure.step}: {failure.message}" for failure in failures]
        self._record(path, step, StepState.DONE, {"failed": failed}, scope, because="; ".join(failed))

    def _call(self, step: Call, path: str, scope: Scope) -> Walk:
        if self._remembered(step, path, scope):
            return
        if path.count("/call:") >= MAX_CALLS:
            raise self._failed(path, step, f"Workflows call one another more than {MAX_CALLS} deep.", scope)
        callee = self._callee(step, path)
        if callee is None:
            raise self._failed(path, step, f"There is no enabled workflow `{step.call}`.", scope)
        values = self._render(step.with_, path, step, scope)
        try:
            called = {"id": "call", "inputs": self._kit.inputs(callee, values)}
        except InputError as error:
            raise self._failed(path, step, str(error), scope) from error
        if not self._begun(path):
            self._record(path, step, StepState.HELD, {"program": callee.fingerprint}, scope)
        inner = {**scope, "trigger": called, "inputs": callee.inputs, "steps": {}, "vars": {}}
        if callee.conditions and not self._decide(f"{path}/conditions", step, [(callee.conditions, "hold")], inner):
            asked = self._journal.recorded(f"{path}/conditions")
            self._record(path, step, StepState.SKIPPED, None, scope, because=asked.because if asked else "")
            return
        result = None
        try:
            yield from self._steps(callee.steps, f"{path}/call:{callee.id}/", inner)
        except Stopped as stop:
            result = stop.result
        self._record(path, step, StepState.DONE, result, scope)

    def _callee(self, step: Call, path: str) -> Program | None:
        """The workflow that is called, in the version in which the call began."""
        current = self._kit.programs(step.call)
        version = self._begun(path).get("program", "")
        if not version or (current is not None and current.fingerprint == version):
            return current
        return self._kit.store.programs.get(version)

    def _stop(self, step: Stop, path: str, scope: Scope) -> None:
        options = StopOptions(because=step.stop) if isinstance(step.stop, str) else step.stop
        told = self._render(options.because, path, step, scope)
        because = "" if told is None else str(told)
        result = self._render(options.result, path, step, scope)
        self._record(path, step, StepState.DONE, result, scope, because=because)
        if options.failed:
            raise StepFailed(path, because or "stopped as failed")
        raise Stopped(RunState.STOPPED, because or f"stopped at {path}", result)

    def _try(self, step: Try, path: str, scope: Scope) -> Walk:
        """`finally` comes after every end but that of a run which is held: it has not come to an end yet."""
        ending: StepFailed | Ended | None = None
        try:
            yield from self._tried(step, path, scope)
        except (StepFailed, Ended) as early:
            if isinstance(early, Ended) and early.state is RunState.HELD:
                raise
            ending = early
        seen = {**scope, ENDING: True} if isinstance(ending, Left | TimedOut) else scope
        yield from self._steps(step.finally_, f"{path}/", seen)
        if ending is not None:
            raise ending

    def _tried(self, step: Try, path: str, scope: Scope) -> Walk:
        try:
            yield from self._steps(step.try_, f"{path}/", scope)
        except StepFailed as failure:
            if not step.catch:
                raise
            error = without_seals({"message": failure.message, "step": failure.step})
            yield from self._steps(step.catch, f"{path}/", {**scope, "error": error})

    def _emit(self, step: Emit, path: str, scope: Scope) -> None:
        if self._remembered(step, path, scope):
            return
        data = shown(self._render(step.with_, path, step, scope))
        event = self._kit.emit(self._run, path, step.emit, data)
        state = StepState.DONE if self._run.live else StepState.PLANNED
        self._record(path, step, state, {"event": event}, scope, because=f"announced {step.emit}")
