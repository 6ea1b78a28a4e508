"""Exits: what ends a run early, and the steps that each of these ends has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from antiphon.compiler.conditions import check_conditions
from antiphon.compiler.references import Sight
from antiphon.compiler.steps import StepChecker
from antiphon.model.workflow import Workflow
from antiphon.suggest import nearest


def check_exits(workflow: Workflow, sight: Sight, checker: StepChecker) -> dict[str, tuple[Any, ...]]:
    """The steps of every end, named; `sight` is what can be seen once all steps have run."""
    findings = checker.findings
    for index, exit in enumerate(workflow.exit):
        path = ("exit", index)
        if exit.event is not None:
            checker.check_event(exit.event, (*path, "event"), sight)
        if exit.if_ is not None:
            check_conditions(exit.if_, (*path, "if"), sight, findings, checker.references, checker.around)
    ends = {exit.called for exit in workflow.exit}
    steps = {}
    for name, inner in workflow.on_exit.items():
        if name not in ends:
            known = f"The ends are {', '.join(sorted(ends))}." if ends else "Add it under `exit:`, as a `then`."
            findings.add(("on_exit", name), f"Nothing ends this workflow as `{name}`.", nearest(name, ends) or known)
        steps[name] = checker.check_apart(inner, ("on_exit", name), replace(sight, exit=True))
    return steps
