"""Execute: one run of one program, walked step by step.

The walk is pure but for what it is handed: it evaluates, asks conditions, plans effects and *requests* them. What an
earlier attempt recorded is taken from the journal instead of being done again, so a run is resumed, not restarted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from antiphon.components.action import Action
from antiphon.components.context import ReadContext
from antiphon.components.secret_marks import without_seals
from antiphon.errors import AntiphonError, RetryLater, Skip
from antiphon.language import ExpressionError, Later
from antiphon.model.base import describe
from antiphon.model.effect import Effect, EffectState, LedgerEntry
from antiphon.model.program import Program
from antiphon.model.run import Run, RunState, StepRecord, StepState, Verdict
from antiphon.model.workflow import (
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
    step_kind,
)
from antiphon.runtime.journal import Journal
from antiphon.runtime.judge import holds_later
from antiphon.runtime.kit import Kit
from antiphon.runtime.requests import Answer, Ended, Perform, Request, Sleep, StepFailed, Walk

MAX_ITEMS = 10_000
"""How many items one `each` may go over: more is taken for a mistake."""

MAX_CALLS = 8
"""How deep workflows may call one another."""

Scope = Mapping[str, Any]


class Execution:
    """One run on its way. Iterate `walk()`; it returns the run as it ended."""

    def __init__(self, program: Program, run: Run, kit: Kit, journal: Journal) -> None:
        self._program = program
        self._run = run
        self._kit = kit
        self._journal = journal
        self._done: list[str] = []

    def walk(self) -> Walk:
        """Do all of it. Whatever happens inside, the run comes to an end that is written down."""
        try:
            scope = self._kit.scope(self._program, self._run)
            if (refused := self._conditions(scope)) is not None:
                return self._journal.end(RunState.DECLINED, refused.because, None)
            yield from self._steps(self._program.steps, "", scope)
        except Ended as end:
            return self._journal.end(end.state, end.because, end.result)
        except StepFailed as failure:
            return self._journal.end(RunState.FAILED, f"{failure.step}: {failure.message}", None)
        except (AntiphonError, RecursionError) as error:
            return self._journal.end(RunState.FAILED, str(error), None)
        return self._journal.end(RunState.DONE, self._summary(), None)

    def _summary(self) -> str:
        return ", ".join(self._done) if self._done else "nothing outward was to be done"

    def _conditions(self, scope: Scope) -> Verdict | None:
        """The verdict that keeps the run from going on, if there is one."""
        ctx = self._kit.context(self._program, self._run, "conditions", scope)
        verdicts = self._kit.judge.verdicts(self._program.conditions, ctx)
        known = [verdict for verdict in verdicts if verdict is not None]
        self._journal.verdicts(known)
        return next((verdict for verdict in known if not verdict.holds), None)

    # -- the steps, one method a kind ---------------------------------------------------------------------------------

    def _steps(self, steps: Sequence[Any], under: str, scope: Scope) -> Walk:
        for step in steps:
            yield from self._step(step, under + step.id, scope)

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
                values = self._render(step.set, path, scope)
                scope["vars"].update(values)
                self._record(path, step, StepState.DONE, values, scope)
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

    def _use(self, step: Use, path: str, scope: Scope) -> Walk:
        if self._remembered(step, path, scope):
            return
        component = self._kit.catalogue.actions[step.use]
        ctx = self._kit.context(self._program, self._run, path, scope)
        values = self._render(step.with_, path, scope)
        if holds_later(values) and not issubclass(component, Action):
            self._record(
                path, step, StepState.PLANNED, Later(step.id or path), scope, because="depends on an earlier step"
            )
            return
        try:
            if issubclass(component, Action):
                made: Any = self._planned(step, component, values, ctx)
            else:
                made = component().compute(component.Options.model_validate(values), ctx)
        except Skip as skip:
            self._record(path, step, StepState.SKIPPED, None, scope, because=skip.sentence)
            return
        except RetryLater as later:
            self._record(path, step, StepState.HELD, None, scope, because=str(later))
            raise Ended(RunState.HELD, f"{path}: {later}") from later
        except ValidationError as error:
            raise self._failed(path, step, f"`{step.use}` cannot use this: {describe(error)}.", scope) from error
        except AntiphonError as error:
            raise self._failed(path, step, str(error), scope) from error
        except Exception as error:
            message = f"`{step.use}` failed in its own code: {type(error).__name__}: {error}"
            raise self._failed(path, step, message, scope) from error
        if isinstance(made, Effect):
            if step.effect is not None:
                key = self._render(step.effect.key, path, scope)
                made = made.model_copy(update={"key": f"{self._program.id}/{key}"})
            [entry] = yield [Perform(made)]
            assert entry is not None
            self._settled(step, path, entry, scope)
        else:
            self._record(path, step, StepState.DONE, without_seals(made), scope)

    def _planned(self, step: Use, component: type[Action], values: Any, ctx: ReadContext) -> Effect:
        return component().plan(component.Options.model_validate(self._shown(values)), ctx)

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
            case EffectState.PLANNED:
                self._done.append(effect.summary)
                later = Later(step.id or path)
                self._record(path, step, StepState.PLANNED, later, scope, because=effect.summary, effect=key)
            case EffectState.REJECTED:
                raise self._failed(path, step, f"{effect.summary}: {entry.reason}", scope, effect=key)
            case EffectState.VETOED:
                self._record(path, step, StepState.SKIPPED, None, scope, because=entry.reason, effect=key)
                raise Ended(RunState.STOPPED, f"{path} was vetoed: {entry.reason}")
            case _:
                self._record(path, step, StepState.HELD, None, scope, because=entry.reason, effect=key)
                raise Ended(RunState.HELD, f"{path} is {entry.state}: {entry.reason or effect.summary}")

    def _decide(self, path: str, step: Any, ways: Sequence[tuple[Any, str]], scope: Scope) -> str:
        """The first way whose conditions hold, or an empty text for none. A decision once taken stands."""
        if (record := self._journal.recorded(path)) is not None:
            return str(record.result)
        ctx = self._kit.context(self._program, self._run, path, scope)
        told = []
        for conditions, way in ways:
            verdict = self._kit.judge.judge(conditions, ctx)
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
        items = self._render(step.each.in_, path, scope)
        if isinstance(items, Later):
            self._record(path, step, StepState.PLANNED, items, scope, because="the list is known only later")
            return
        if not isinstance(items, list | tuple):
            raise self._failed(path, step, f"`in` is {type(items).__name__}, not a list.", scope)
        if len(items) > MAX_ITEMS:
            raise self._failed(path, step, f"`in` has {len(items):,} items; {MAX_ITEMS:,} is the most.", scope)
        for index, item in enumerate(items):
            inner = {**scope, step.each.as_: item, "index": index}
            yield from self._steps(step.steps, f"{path}[{index}]/", inner)
        self._record(path, step, StepState.DONE, {"count": len(items)}, scope)

    def _parallel(self, step: Parallel, path: str, scope: Scope) -> Walk:
        """Walk the branches side by side: what they request in one round goes out as one list."""
        branches = {str(one.id): self._step(one, f"{path}/{one.id}", scope) for one in step.parallel.steps}
        answers: dict[str, list[Answer] | None] = dict.fromkeys(branches)
        failures: list[StepFailed] = []
        held: list[Ended] = []
        while branches:
            asked: dict[str, list[Request]] = {}
            for name, walk in list(branches.items()):
                try:
                    asked[name] = next(walk) if answers[name] is None else walk.send(answers[name] or [])
                except StopIteration:
                    del branches[name]
                except StepFailed as failure:
                    failures.append(failure)
                    del branches[name]
                except Ended as end:
                    held.append(end)
                    del branches[name]
            if not asked:
                break
            left = iter((yield [request for requests in asked.values() for request in requests]))
            answers = {name: [next(left) for _ in requests] for name, requests in asked.items()}
        if held:
            raise held[0]
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
        values = self._render(step.with_, path, scope)
        called = {"id": "call", "inputs": self._kit.inputs(callee, values)}
        inner = {**scope, "trigger": called, "inputs": callee.inputs, "steps": {}, "vars": {}}
        ctx = self._kit.context(callee, self._run, f"{path}/conditions", inner)
        verdict = self._kit.judge.judge(callee.conditions, ctx)
        if verdict is not None and not verdict.holds:
            self._record(path, step, StepState.SKIPPED, None, scope, because=verdict.because)
            return
        result = None
        try:
            yield from self._steps(callee.steps, f"{path}/call:{callee.id}/", inner)
        except Ended as end:
            if end.state is not RunState.STOPPED:
                raise
            result = end.result
        self._record(path, step, StepState.DONE, result, scope)

    def _stop(self, step: Stop, path: str, scope: Scope) -> None:
        options = StopOptions(because=step.stop) if isinstance(step.stop, str) else step.stop
        because = self._render(options.because, path, scope)
        result = self._render(options.result, path, scope)
        self._record(path, step, StepState.DONE, result, scope, because=because)
        if options.failed:
            raise StepFailed(path, because or "stopped as failed")
        raise Ended(RunState.STOPPED, because or f"stopped at {path}", result)

    def _try(self, step: Try, path: str, scope: Scope) -> Walk:
        try:
            yield from self._steps(step.try_, f"{path}/", scope)
        except StepFailed as failure:
            if not step.catch:
                yield from self._steps(step.finally_, f"{path}/", scope)
                raise
            inner = {**scope, "error": {"message": failure.message, "step": failure.step}}
            yield from self._steps(step.catch, f"{path}/", inner)
        yield from self._steps(step.finally_, f"{path}/", scope)

    def _wait(self, step: Wait, path: str, scope: Scope) -> Walk:
        if self._remembered(step, path, scope):
            return
        now = self._kit.clock.now()
        until = self._journal_wait(path) or now + step.wait
        self._record(
            path, step, StepState.HELD, {"until": until.isoformat()}, scope, because=f"until {until:%F %T} UTC"
        )
        if self._run.live:
            yield [Sleep(until)]
        self._record(path, step, StepState.DONE, {"until": until.isoformat()}, scope)

    def _journal_wait(self, path: str) -> datetime | None:
        earlier = next((record for record in self._run.steps if record.path == path), None)
        return datetime.fromisoformat(earlier.result["until"]) if earlier and earlier.result else None

    def _emit(self, step: Emit, path: str, scope: Scope) -> None:
        if self._remembered(step, path, scope):
            return
        data = self._shown(self._render(step.with_, path, scope))
        event = self._kit.emit(self._run, path, step.emit, data)
        state = StepState.DONE if self._run.live else StepState.PLANNED
        self._record(path, step, state, {"event": event}, scope, because=f"announced {step.emit}")

    # -- what the methods above share ---------------------------------------------------------------------------------

    def _render(self, value: Any, path: str, scope: Scope) -> Any:
        try:
            return self._kit.evaluator.render(value, scope, self._kit.clock.now())
        except ExpressionError as error:
            raise StepFailed(path, str(error)) from error

    def _shown(self, value: Any) -> Any:
        """The same value with what is known only later put in words, for a plan."""
        match value:
            case Later():
                return str(value)
            case dict():
                return {key: self._shown(item) for key, item in value.items()}
            case list() | tuple():
                return [self._shown(item) for item in value]
        return value

    def _remembered(self, step: Any, path: str, scope: Scope) -> bool:
        record = self._journal.recorded(path)
        if record is None:
            return False
        scope["steps"][step.id] = record.result
        if record.effect:
            self._done.append(record.because)
        return True

    def _record(
        self, path: str, step: Any, state: StepState, result: Any, scope: Scope, *, because: str = "", effect: str = ""
    ) -> None:
        scope["steps"][step.id] = result
        self._journal.step(
            StepRecord(
                path=path,
                step=step.id,
                kind=step.use if isinstance(step, Use) else str(step_kind(step)),
                state=state,
                result=self._shown(result),
                because=because,
                effect=effect,
                at=self._kit.clock.now(),
            )
        )

    def _failed(self, path: str, step: Any, message: str, scope: Scope, *, effect: str = "") -> StepFailed:
        self._record(path, step, StepState.FAILED, None, scope, because=message, effect=effect)
        return StepFailed(path, message)
