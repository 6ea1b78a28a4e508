"""Compile: one workflow document becomes one program, or the list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.compiler.conditions import check_conditions
from antiphon.compiler.declared import check_declared
from antiphon.compiler.exits import check_exits
from antiphon.compiler.findings import Findings
from antiphon.compiler.limits import check_limits
from antiphon.compiler.names import name_steps
from antiphon.compiler.overlap import check_run_options
from antiphon.compiler.references import References, Sight
from antiphon.compiler.salvage import salvage
from antiphon.compiler.steps import StepChecker
from antiphon.compiler.surroundings import Surroundings
from antiphon.compiler.tests import check_tests
from antiphon.compiler.triggers import compile_triggers
from antiphon.errors import DocumentError
from antiphon.language import Shelved, shape
from antiphon.model.document import Node, Path
from antiphon.model.program import Program
from antiphon.model.workflow import Workflow
from antiphon.settings import is_timezone


def compile_workflow(node: Node, around: Surroundings, recipes: Sequence[Shelved] = ()) -> Program:
    """Compile a document; `recipes` are those that it was unfolded from, which are held to what they declare.

    Raises:
        DocumentError: with every problem of the document.
    """
    try:
        workflow, findings = shape(node, Workflow), Findings(node)
    except DocumentError as error:
        if (left := salvage(node)) is None:
            raise
        workflow, findings = left[0], Findings(left[1], error.problems)
    references = References(findings, around.evaluator)
    zone = _zone(workflow, findings, around)
    triggers = compile_triggers(workflow.triggers, zone, findings, around)
    sight = Sight(inputs=frozenset(workflow.inputs), manual_inputs=_manual_inputs(workflow))
    references.check(workflow.subject, ("subject",), sight)
    sight = replace(sight, subject=bool(workflow.subject))
    check_conditions(workflow.conditions, ("conditions",), sight, findings, references, around)
    steps = name_steps(workflow.actions, findings)
    checker = StepChecker(findings, references, around)
    after = checker.check(steps, ("actions",), sight)
    exits = check_exits(workflow, after, checker)
    on_error = checker.check_apart(workflow.on_error, ("on_error",), replace(after, error=True))
    check_run_options(workflow.run, sight, references)
    lists: dict[Path, Any] = {("actions",): steps, ("on_error",): on_error}
    lists |= {("on_exit", name): inner for name, inner in exits.items()}
    check_limits(workflow.limits, lists, findings, around)
    check_tests(workflow, lists, findings, around)
    check_declared(recipes, lists, findings, around)
    findings.finish()
    return Program(
        id=workflow.id,
        name=workflow.name,
        timezone=zone.key if zone else "UTC",
        enabled=workflow.enabled,
        labels=workflow.labels,
        triggers=triggers,
        conditions=workflow.conditions,
        subject=workflow.subject,
        inputs=workflow.inputs,
        limits=workflow.limits,
        priority=workflow.priority,
        run=workflow.run,
        liveness=workflow.liveness,
        steps=steps,
        exit=tuple(workflow.exit),
        on_exit=exits,
        on_error=on_error,
    )


def _zone(workflow: Workflow, findings: Findings, around: Surroundings) -> ZoneInfo | None:
    name = workflow.tz
    if name == "workspace":
        if not around.timezone:
            hint = 'Set timezone = "Europe/Paris" or yours under [workspace] in antiphon.toml.'
            findings.add(("tz",), "The workspace has no time zone to take over.", hint)
            return None
        name = around.timezone
    if not is_timezone(name):
        findings.add(
            ("tz",), f"`{name}` is not a time zone.", "Write an IANA name such as Europe/Paris, or `workspace`."
        )
        return None
    return ZoneInfo(name)


def _manual_inputs(workflow: Workflow) -> frozenset[str] | None:
    asked: list[Any] = [item.kinds["manual"] for item in workflow.triggers if "manual" in item.kinds]
    given = [options.get("inputs") for options in asked if isinstance(options, dict)]
    named = [set(inputs) for inputs in given if isinstance(inputs, dict)]
    return frozenset().union(*named) if named else None
