"""Triggers: every kind known, every option typed, every source of a poll real."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.compiler.connections import check_connection, check_connections
from antiphon.compiler.findings import Findings
from antiphon.compiler.surroundings import Surroundings
from antiphon.components.source import WideSource
from antiphon.components.trigger import Trigger as Kind
from antiphon.language import ExpressionError, has_expression
from antiphon.model.document import Path
from antiphon.model.program import Trigger
from antiphon.model.workflow import TriggerItem


def compile_triggers(
    items: Sequence[TriggerItem], zone: ZoneInfo | None, findings: Findings, around: Surroundings
) -> tuple[Trigger, ...]:
    """The triggers with their options as they stand after defaults."""
    taken: dict[str, int] = {}
    compiled = []
    for index, item in enumerate(items):
        path: Path = ("triggers", index)
        if item.id in taken:
            line = findings.node.place_of(("triggers", taken[item.id], "id")).line
            findings.add((*path, "id"), f"The trigger id `{item.id}` is taken already on line {line}.", "Rename one.")
        taken.setdefault(item.id, index)
        if len(item.kinds) != 1:
            known = ", ".join(around.catalogue.triggers)
            found = " and ".join(f"`{kind}`" for kind in item.kinds) or "none"
            findings.add(path, f"A trigger has exactly one kind beside its id, not {found}.", f"One of {known}.")
            continue
        if trigger := _compile(item, next(iter(item.kinds)), path, zone, findings, around):
            compiled.append(trigger)
    return tuple(compiled)


def _compile(
    item: TriggerItem, kind: str, path: Path, zone: ZoneInfo | None, findings: Findings, around: Surroundings
) -> Trigger | None:
    here = (*path, kind)
    component = around.catalogue.triggers.get(kind)
    if component is None:
        hint = around.catalogue.suggest(kind, "triggers") or f"The triggers are {', '.join(around.catalogue.triggers)}."
        findings.add(here, f"There is no trigger `{kind}`.", hint)
        return None
    _check_expressions(component, here, findings, around)
    options = findings.bind(component.Options, here)
    if component.polls:
        _source(item.kinds[kind], here, findings, around)
    if options is None:
        return None
    if zone is not None and (told := component().refuses(options, zone)):
        findings.add(here, told)
    return Trigger(id=item.id, kind=kind, options=options.model_dump(mode="json", by_alias=True, exclude_unset=True))


def _check_expressions(component: type[Kind], path: Path, findings: Findings, around: Surroundings) -> None:
    """Nothing is known yet when a trigger waits, but for the event from which some of its options are computed."""
    for inner, node in findings.node.find(path).scalars(path):
        text = node.value
        if not isinstance(text, str) or not has_expression(text) or text.startswith("${{ secrets."):
            continue
        if inner[:-1] != path or inner[-1] not in component.computes:
            findings.add(inner, "A trigger waits before there is anything to compute with.", "Put it in `conditions:`.")
            continue
        try:
            references = around.evaluator.check(text)
        except ExpressionError as error:
            findings.add(inner, error.sentence, error.hint, offset=error.offset)
            continue
        for reference in references:
            if reference.path[0] != "event":
                told = f"`{inner[-1]}` is computed from `event` alone; there is no `{reference.path[0]}` yet."
                findings.add(inner, told, "Write such as ${{ event.author.id }}.", offset=reference.offset)


def _source(options: Any, path: Path, findings: Findings, around: Surroundings) -> None:
    name = options.get("source") if isinstance(options, dict) else None
    if not isinstance(name, str):
        return
    source = around.catalogue.sources.get(name)
    if source is None:
        hint = around.catalogue.suggest(name, "sources") or f"The sources are {', '.join(around.catalogue.sources)}."
        findings.add((*path, "source"), f"There is no source `{name}`.", hint)
        return
    given = options.get("with") or {}
    if not isinstance(given, dict):
        return
    rest = {key: value for key, value in given.items() if key != "connection"}
    if issubclass(source, WideSource):
        check_connections(given, (*path, "with"), findings, around)
    elif "connection" not in given:
        findings.add(
            (*path, "with" if "with" in options else "source"), "`connection` is missing.", "Name the account."
        )
    check_connection(source, given, (*path, "with"), findings, around)
    if rest or source.Options.model_fields:
        findings.bind_value(source.Options, rest, (*path, "with"))
