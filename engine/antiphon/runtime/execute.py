"""Execute: one run of one program, walked step by step.

The walk is pure but for what it is handed: it evaluates, asks conditions, plans effects and *requests* them. What an
earlier attempt recorded is taken from the journal instead of being done again, so a run is resumed, not restarted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from antiphon.components.secret_marks import without_seals
from antiphon.errors import (
    AccessLost,
    AntiphonError,
    InputError,
    RetryLater,
    SecretMissing,
    SettingsError,
    Skip,
    StoreError,
)
from antiphon.language import Later
from antiphon.model.base import describe
from antiphon.model.effect import Effect, EffectState, LedgerEntry
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
)
from antiphon.runtime.approvals import SentBack, answer, put_back
from antiphon.runtime.branches import side_by_side
from antiphon.runtime.kit import storable
from antiphon.runtime.later import holds_later, shown
from antiphon.runtime.make import make, with_terms
from antiphon.runtime.recording import Recording, Scope
from antiphon.runtime.requests import Ended, Perform, Sleep, StepFailed, Stopped, Walk

MAX_ITEMS = 10_000
"""How many items one `each` may go over: more is taken for a mistake."""

MAX_CALLS = 8
"""How deep workflows may call one another."""


class Execution(Recording):
    """One run on its way. Iterate `walk()`; it returns the run as it ended."""

    def walk(self) -> Walk:
        """Do all of it. Whatever happens inside, the run comes to an end that is written down.

        Raises:
            StoreError: nothing can be written down; the run goes on from here when it is resumed.
        """
        try:
            scope = self._kit.scope(self._program, self._run)
            if (refused := self._conditions(scope)) is not None:
                return self._journal.end(RunState.DECLINED, refused.because, None)
            yield from self._steps(self._program.steps, "", scope)
        except Ended as end:
            return self._journal.end(end.state, end.because, shown(end.result), end.until)
        except StepFailed as failure:
            return self._journal.end(RunState.FAILED, f"{failure.step}: {failure.message}", None)
        except StoreError:
            raise
        except AntiphonError as error:
            return self._journal.end(RunState.FAILED, str(error), None)
        except Exception as error:
            return self._journal.end(RunState.FAILED, f"{type(error).__name__}: {error}", None)
        return self._journal.end(RunState.DONE, self._summary(), None)

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
                yield from self._wait(step, path, scope)
            case Emit():
                self._emit(step, path, scope)
            case Approve():
                self._approve(step, path, scope)

    def _use(self, step: Use, path: str, scope: Scope) -> Walk:
        if self._remembered(step, path, scope):
            return
        component = self._kit.catalogue.actions.get(step.use)
        if component is None:
            raise self._failed(path, step, f"No plugin offers the action `{step.use}` any more.", scope)
        ctx = self._kit.context(self._program, self._run, path, scope)
        values = self._render(step.with_, path, step, scope)
        try:
            made = make(component, values, ctx)
        except Skip as skip:
            self._record(path, step, StepState.SKIPPED, None, scope, because=skip.sentence)
            return
        except RetryLater as later:
            raise self._held(path, step, str(later), scope, self._kit.clock.now() + later.after) from later
        except (AccessLost, SettingsError, SecretMissing) as error:
            raise self._held(path, step, str(error), scope, None) from error
        except ValidationError as error:
            if not holds_later(values):
                raise self._failed(path, step, f"`{step.use}` cannot use this: {describe(error)}.", scope) from error
            made = Later(step.id or path)
        except StoreError:
            raise
        except AntiphonError as error:
            raise self._failed(path, step, str(error), scope) from error
        except Exception as error:
            message = f"`{step.use}` failed in its own code: {type(error).__name__}: {error}"
            raise self._failed(path, step, message, scope) from error
        match made:
            case Effect():
                if step.effect is not None:
                    key = self._render(step.effect.key, path, step, scope)
                    if key is None or not str(key).strip():
                        # All effects would have this one key, and all but the first would be taken for done.
                        raise self._failed(path, step, "`effect.key` gives nothing, and must tell acts apart.", scope)
                    made = made.model_copy(update={"key": f"{self._program.id}/{key}"})
                made = with_terms(made, step, self._program)
                [entry] = yield [Perform(made.model_copy(update={"key": storable(made.key)}))]
                assert entry is not None
                self._settled(step, path, entry, scope)
            case Later():
                self._record(path, step, StepState.PLANNED, made, scope, because="depends on an earlier step")
            case _:
                self._record(path, step, StepState.DONE, made, scope)

    def _settled(self, step: Use, path: str, entry: LedgerEntry, scope: Scope) -> None:
        """Turn what became of an effect into what becomes of the step."""
        effect, key = entry.effect, entry.effect.key
        match entry.state:
            case EffectState.DONE:
                receipt = entry.receipt
                told = {**receipt.data, "remote_id": receipt.remote_id, "url": receipt.url} if receipt else {}
                result = without_seals(told)
                self._done.append(effect.summary)
                self._record(path, step, StepState.DONE, result, scope, because=effect.summary, effect=key)
            case EffectState.PLANNED if not self._run.live:
                self._done.append(effect.summary)
                later, because = Later(step.id or path), entry.reason or effect.summary
                self._record(path, step, StepState.PLANNED, later, scope, because=because, effect=key)
            case EffectState.REJECTED:
                raise self._failed(path, step, f"{effect.summary}: {entry.reason}", scope, effect=key)
            case EffectState.VETOED:
                self._record(path, step, StepState.SKIPPED, None, scope, because=entry.reason, effect=key)
                if entry.skipped:
                    return
                raise Ended(RunState.STOPPED, f"{path} was vetoed: {entry.reason}")
            case EffectState.PARKED:
                raise self._held(path, step, entry.reason, scope, None, entry)
            case EffectState.HELD:
                raise self._held(path, step, entry.reason, scope, entry.not_before, entry)
            case _:  # somebody is at it, or the network is to be asked
                raise self._held(path, step, entry.reason, scope, self._kit.clock.now(), entry)

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
        if begun is None:
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
        callee = self._kit.programs(step.call)
        if callee is None:
            raise self._failed(path, step, f"There is no enabled workflow `{step.call}`.", scope)
        values = self._render(step.with_, path, step, scope)
        try:
            called = {"id": "call", "inputs": self._kit.inputs(callee, values)}
        except InputError as error:
            raise self._failed(path, step, str(error), scope) from error
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
        yield from self._steps(step.finally_, f"{path}/", scope)
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

    def _wait(self, step: Wait, path: str, scope: Scope) -> Walk:
        if self._remembered(step, path, scope):
            return
        now = self._kit.clock.now()
        begun = self._begun(path)
        until = datetime.fromisoformat(begun["until"]) if begun else now + step.wait
        self._record(
            path, step, StepState.HELD, {"until": until.isoformat()}, scope, because=f"until {until:%F %T} UTC"
        )
        while self._run.live and self._kit.clock.now() < until:
            yield [Sleep(until)]
        self._record(path, step, StepState.DONE, {"until": until.isoformat()}, scope)

    def _begun(self, path: str) -> dict[str, Any] | None:
        """What an earlier attempt wrote down when it began this step, which it did not end."""
        earlier = next((record for record in self._run.steps if record.path == path), None)
        return earlier.result if earlier and earlier.state is StepState.HELD and earlier.result else None

    def _emit(self, step: Emit, path: str, scope: Scope) -> None:
        if self._remembered(step, path, scope):
            return
        data = shown(self._render(step.with_, path, step, scope))
        event = self._kit.emit(self._run, path, step.emit, data)
        state = StepState.DONE if self._run.live else StepState.PLANNED
        self._record(path, step, state, {"event": event}, scope, because=f"announced {step.emit}")

    def _approve(self, step: Approve, path: str, scope: Scope) -> None:
        if not self._remembered(step, path, scope):
            told = answer(self._kit, self._run, path, step.approve, self._render(step.approve.show, path, step, scope))
            self._record(path, step, told.state, told.result, scope, because=told.because)
            if told.ending is not None:
                raise told.ending
        put_back(step.approve.show, scope["steps"][step.id], scope)
