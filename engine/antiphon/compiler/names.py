"""Names: every step gets an id that does not depend on its place, so that an inserted step renames no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from antiphon.compiler.findings import Findings
from antiphon.model.document import Path
from antiphon.model.workflow import Choose, Each, If, Parallel, StepBase, Try, Use, step_kind

_NO_IDENTIFIER = re.compile(r"[^a-z0-9_-]")


def blocks(step: Any) -> Iterator[tuple[Path, str, Sequence[Any]]]:
    """The lists of steps inside a step: where each stands below it, what it is called, and its steps."""
    match step:
        case If():
            yield ("then",), "then", step.then
            yield ("else",), "else", step.else_
        case Choose():
            for index, choice in enumerate(step.choose):
                yield ("choose", index, "then"), f"choice {index + 1}", choice.then
            yield ("else",), "else", step.else_
        case Each():
            yield ("steps",), "steps", step.steps
        case Parallel():
            yield ("parallel", "steps"), "steps", step.parallel.steps
        case Try():
            yield ("try",), "try", step.try_
            yield ("catch",), "catch", step.catch
            yield ("finally",), "finally", step.finally_


def walk(steps: Sequence[Any], path: Path = ("actions",)) -> Iterator[tuple[Path, StepBase]]:
    """Every step of a tree with its path, in reading order."""
    for index, step in enumerate(steps):
        here = (*path, index)
        yield here, step
        for way, _, inner in blocks(step):
            yield from walk(inner, (*here, *way))


def name_steps(steps: Sequence[Any], findings: Findings, root: Path = ("actions",)) -> tuple[Any, ...]:
    """The same tree, which stands at `root`, with an id on every step; ids that the author gave twice are problems."""
    given: dict[str, Path] = {}
    for path, step in walk(steps, root):
        if step.id is None:
            continue
        if step.id in given:
            line = findings.node.place_of((*given[step.id], "id")).line
            findings.add(
                (*path, "id"), f"The step id `{step.id}` is taken already on line {line}.", "Rename one of them."
            )
        given.setdefault(step.id, path)
    taken = set(given)
    return tuple(_named(step, taken) for step in steps)


def _named(step: Any, taken: set[str]) -> Any:
    if step.id is None:
        base = _NO_IDENTIFIER.sub("-", step.use.lower())[:70].lstrip("-_") if isinstance(step, Use) else step_kind(step)
        base = base or "use"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}-{count}"
        taken.add(name)
        step = step.model_copy(update={"id": name})
    return rebuilt(step, lambda inner: [_named(one, taken) for one in inner])


def rebuilt(step: Any, change: Any) -> Any:
    """The step with `change` applied to every list of steps directly inside it."""
    match step:
        case If():
            return step.model_copy(update={"then": change(step.then), "else_": change(step.else_)})
        case Choose():
            ways = [choice.model_copy(update={"then": change(choice.then)}) for choice in step.choose]
            return step.model_copy(update={"choose": ways, "else_": change(step.else_)})
        case Each():
            return step.model_copy(update={"steps": change(step.steps)})
        case Parallel():
            inner = step.parallel.model_copy(update={"steps": change(step.parallel.steps)})
            return step.model_copy(update={"parallel": inner})
        case Try():
            return step.model_copy(
                update={"try_": change(step.try_), "catch": change(step.catch), "finally_": change(step.finally_)}
            )
    return step
