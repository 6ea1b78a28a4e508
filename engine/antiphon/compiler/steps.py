"""Steps: every action known, every option typed, every reference to something that has run by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from antiphon.compiler.approvals import check_approve
from antiphon.compiler.conditions import check_conditions
from antiphon.compiler.connections import check_connection
from antiphon.compiler.findings import Findings
from antiphon.compiler.names import name_steps, walk
from antiphon.compiler.references import ROOTS, References, Sight
from antiphon.compiler.surroundings import Surroundings
from antiphon.components.action import Action
from antiphon.components.pattern import Pattern
from antiphon.language import has_expression
from antiphon.model.document import Path
from antiphon.model.waiting import EventMatch
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
    Try,
    Use,
    Wait,
    WaitFor,
    WaitUntil,
)
from antiphon.suggest import nearest


class StepChecker:
    """Walks the steps in the order in which they run, and carries along what can be seen."""

    def __init__(self, findings: Findings, references: References, around: Surroundings) -> None:
        self.findings = findings
        self.references = references
        self.around = around

    def check(self, steps: Sequence[Any], path: Path, sight: Sight) -> Sight:
        """Check a list of steps; returns what can be seen after it."""
        whole = {step.id or "": where for where, step in walk(steps, path)}
        for index, step in enumerate(steps):
            here = (*path, index)
            known = replace(sight, later={**sight.later, **{n: w for n, w in whole.items() if n not in sight.steps}})
            sight = replace(self._step(step, here, known), later=sight.later).after(step.id, here)
        return sight

    def check_apart(self, steps: Sequence[Any], path: Path, sight: Sight) -> tuple[Any, ...]:
        """Check a list of steps that stands apart from the others, such as `on_error`; returns it with names."""
        named = name_steps(steps, self.findings, path)
        self.check(named, path, sight)
        return named

    def check_event(self, event: EventMatch, path: Path, sight: Sight) -> None:
        """Check an event that a run looks out for; what its pattern compares with may be an expression of the run."""
        self.references.check(event.match, (*path, "match"), sight)
        self.findings.bind(Pattern, (*path, "match"))

    def _step(self, step: Any, path: Path, sight: Sight) -> Sight:
        """Check one step; returns what can be seen after it, its own result aside."""
        match step:
            case Use():
                self._use(step, path, sight)
            case If():
                self._conditions(step.if_, (*path, "if"), sight)
                return self._either([(step.then, (*path, "then")), (step.else_, (*path, "else"))], sight)
            case Choose():
                for index, choice in enumerate(step.choose):
                    self._conditions(choice.if_, (*path, "choose", index, "if"), sight)
                ways = [(c.then, (*path, "choose", i, "then")) for i, c in enumerate(step.choose)]
                return self._either([*ways, (step.else_, (*path, "else"))], sight)
            case Each():
                return self._each(step, path, sight)
            case Parallel():
                branches = step.parallel.steps
                ways = [([one], (*path, "parallel", "steps")) for one in branches]
                return self._side_by_side(ways, sight)
            case Set():
                self.references.check(step.set, (*path, "set"), sight)
                return replace(sight, vars=sight.vars | set(step.set))
            case Call():
                self._call(step, path, sight)
            case Stop():
                value = step.stop if isinstance(step.stop, str) else step.stop.model_dump()
                self.references.check(value, (*path, "stop"), sight)
            case Try():
                return self._try(step, path, sight)
            case Wait(wait=WaitUntil(until=until)):
                self.references.check(until, (*path, "wait", "until"), sight)
            case WaitFor():
                self.check_event(step.wait_for.event, (*path, "wait_for", "event"), sight)
            case Emit():
                self.references.check(step.with_, (*path, "with"), sight)
            case Approve():
                check_approve(step, path, sight, self.findings, self.references, self.around)
        return sight

    def _use(self, step: Use, path: Path, sight: Sight) -> None:
        catalogue = self.around.catalogue
        component = catalogue.actions.get(step.use)
        if component is None:
            family = step.use.partition(".")[0]
            siblings = [name for name in catalogue.actions if name.startswith(f"{family}.")]
            listed = f"{family} offers {', '.join(siblings)}." if siblings else "See `antiphon show` for every action."
            self.findings.add(
                (*path, "use"), f"There is no action `{step.use}`.", catalogue.suggest(step.use, "actions") or listed
            )
        else:
            self.findings.bind(component.Options, (*path, "with"))
            check_connection(component, step.with_, (*path, "with"), self.findings, self.around)
            if step.veto and not issubclass(component, Action):
                told = f"`{step.use}` does nothing outward that could be stopped."
                self.findings.add((*path, "veto"), told, "Take the `veto` out.")
        self.references.check(step.with_, (*path, "with"), replace(sight, secrets=True))
        if step.effect:
            self.references.check(step.effect.key, (*path, "effect", "key"), sight)

    def _each(self, step: Each, path: Path, sight: Sight) -> Sight:
        over = step.each.in_
        if not isinstance(over, list) and not (isinstance(over, str) and has_expression(over)):
            self.findings.add((*path, "each", "in"), "An `each` goes over a list or an expression that gives one.")
        self.references.check(over, (*path, "each", "in"), sight)
        if (name := step.each.as_) in ROOTS or name == "index" or not name.isidentifier():
            told = "means something else" if name.isidentifier() else "cannot be written in an expression"
            self.findings.add((*path, "each", "as"), f"`{name}` {told}.", "Choose another name for the item.")
        inner = replace(sight, names=sight.names | {name, "index"})
        end = self.check(step.steps, (*path, "steps"), inner)
        inside = {name: step.id or "each" for name in end.steps if name not in sight.steps}
        return replace(sight, hidden={**sight.hidden, **inside}, vars=end.vars)

    def _call(self, step: Call, path: Path, sight: Sight) -> None:
        self.references.check(step.with_, (*path, "with"), sight)
        known = self.around.workflows
        if known and step.call not in known:
            hint = nearest(step.call, known) or f"The workflows are {', '.join(sorted(known))}."
            self.findings.add((*path, "call"), f"There is no workflow `{step.call}`.", hint)

    def _try(self, step: Try, path: Path, sight: Sight) -> Sight:
        tried = self.check(step.try_, (*path, "try"), sight)
        caught = self.check(step.catch, (*path, "catch"), replace(tried, error=True))
        return self.check(step.finally_, (*path, "finally"), replace(caught, error=sight.error))

    def _either(self, ways: Sequence[tuple[Sequence[Any], Path]], sight: Sight) -> Sight:
        """After one of several ways, anything that any of them did may be there."""
        ends = [self.check(steps, path, sight) for steps, path in ways]
        steps = {name: where for end in ends for name, where in end.steps.items()}
        return replace(sight, steps={**sight.steps, **steps}, vars=sight.vars.union(*(end.vars for end in ends)))

    def _side_by_side(self, ways: Sequence[tuple[Sequence[Any], Path]], sight: Sight) -> Sight:
        """Branches do not see one another."""
        after = sight
        for index, (steps, path) in enumerate(ways):
            here = (*path, index)
            end = self._step(steps[0], here, sight).after(steps[0].id, here)
            after = replace(after, steps={**after.steps, **end.steps}, vars=after.vars | end.vars)
        return after

    def _conditions(self, value: Any, path: Path, sight: Sight) -> None:
        check_conditions(value, path, sight, self.findings, self.references, self.around)


def called(steps: Sequence[Any]) -> Iterator[tuple[Path, str]]:
    """Every workflow that the steps call, with the path of the `call`."""
    for path, step in walk(steps):
        if isinstance(step, Call):
            yield (*path, "call"), step.call
