"""Explain: a program in a few lines that a person can check against what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from antiphon.compiler.names import blocks
from antiphon.model.duration import format_duration
from antiphon.model.program import Program
from antiphon.model.waiting import ExitEvent
from antiphon.model.workflow import Approve, Call, Each, Emit, If, Set, Stop, Use, Wait, WaitFor, WaitUntil, step_kind


def explain(program: Program) -> str:
    """The program as indented text."""
    lines = [f"{program.id}  {program.fingerprint}  {program.name}", f"  time zone   {program.timezone}"]
    lines += [f"  when        {trigger.id}: {trigger.kind} {_brief(trigger.options)}" for trigger in program.triggers]
    if program.conditions:
        lines.append(f"  only if     {_brief(program.conditions)}")
    if program.subject:
        lines.append(f"  about       {program.subject}")
    if limits := program.limits.model_dump(exclude_none=True):
        lines.append(f"  at most     {_brief(limits)}")
    if program.priority != Program.model_fields["priority"].default:
        lines.append(f"  priority    {program.priority}")
    lines += [*_course(program), *_steps(program.steps, "  ")]
    apart = {f"on exit {name}": steps for name, steps in program.on_exit.items()} | {"on error": program.on_error}
    for told, steps in apart.items():
        if steps:
            lines += [f"  {told}", *_steps(steps, "    ")]
    return "\n".join(lines)


def _course(program: Program) -> Iterator[str]:
    """How runs get along, how often there must be one, and what ends one early."""
    for label, written in {"runs": program.run, "liveness": program.liveness}.items():
        if options := written.model_dump(mode="json", exclude_defaults=True) if written else {}:
            yield f"  {label:<11} {_brief(options)}"
    for exit in program.exit:
        way = exit.event or exit.if_
        told = way.model_dump(mode="json", exclude={"then"}) if isinstance(way, ExitEvent) else way
        yield f"  ends as     {exit.called}: {_brief(told)}"


def _steps(steps: Sequence[Any], indent: str) -> Iterator[str]:
    for step in steps:
        yield f"{indent}{step.id:<14} {_line(step)}".rstrip()
        for _, called, inner in blocks(step):
            if inner:
                yield f"{indent}  {called}"
                yield from _steps(inner, indent + "    ")


def _line(step: Any) -> str:
    match step:
        case Use():
            return f"{step.use} {_brief(step.with_)}{_terms(step)}"
        case Wait(wait=WaitUntil(until=until)):
            return f"wait until {until}"
        case Wait(wait=timedelta() as length):
            return f"wait {format_duration(length)}"
        case WaitFor():
            return f"wait for {_brief(step.wait_for.model_dump(mode='json', exclude_defaults=True))}"
        case Set():
            return f"set {_brief(step.set)}"
        case Emit():
            return f"emit {step.emit} {_brief(step.with_)}"
        case Call():
            return f"call {step.call} {_brief(step.with_)}"
        case Each():
            return f"each {step.each.as_} of {_brief(step.each.in_)}"
        case If():
            return f"if {_brief(step.if_)}"
        case Stop():
            told = step.stop if isinstance(step.stop, str) else step.stop.model_dump(exclude_defaults=True)
            return f"stop {_brief(told)}"
        case Approve():
            return f"approve {_brief(step.approve.model_dump(mode='json', exclude_defaults=True))}"
    return str(step_kind(step))


def _terms(step: Use) -> str:
    """When, how often, and whether it can be stopped: what a step adds to the workspace's policy."""
    written = {"hours": step.hours, "cap": step.cap, "veto": step.veto, "retry": step.retry}
    told = (
        f"; {key}: {_brief(terms.model_dump(mode='json', exclude_defaults=True))}"
        for key, terms in written.items()
        if terms
    )
    return "".join(told)


def _brief(value: Any) -> str:
    match value:
        case dict():
            return ", ".join(f"{key}={_brief(item)}" for key, item in value.items())
        case list() | tuple():
            return "[" + ", ".join(_brief(item) for item in value) + "]"
        case _:
            return str(value)
