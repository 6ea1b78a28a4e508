"""Conditions: an expression, a group, or one key that names a condition of the catalogue."""

from __future__ import annotations

from typing import Any

from antiphon.compiler.findings import Findings
from antiphon.compiler.references import References, Sight
from antiphon.compiler.surroundings import Surroundings
from antiphon.language import has_expression
from antiphon.model.document import Path

GROUPS = ("any", "all", "not")


def check_conditions(
    value: Any, path: Path, sight: Sight, findings: Findings, references: References, around: Surroundings
) -> None:
    """Check conditions as they are written; a list means that all must hold."""

    def check(value: Any, path: Path) -> None:
        match value:
            case bool():
                return
            case str():
                if not has_expression(value):
                    hint = f"Write ${{{{ {value} }}}} for an expression, or use a condition such as text: or time:."
                    findings.add(path, f"“{value}” is neither an expression nor a condition.", hint)
                references.check(value, path, sight)
            case list():
                for index, item in enumerate(value):
                    check(item, (*path, index))
            case dict() if len(value) == 1:
                named(*next(iter(value.items())), path)
            case _:
                found = f"{len(value)} keys" if isinstance(value, dict) else repr(value)
                findings.add(path, f"A condition is an expression or has one key, not {found}.", "Make a list of them.")

    def named(name: str, options: Any, path: Path) -> None:
        here = (*path, name)
        if name in GROUPS:
            check(options, here)
            return
        component = around.catalogue.conditions.get(name)
        if component is None:
            known = [*GROUPS, *around.catalogue.conditions]
            hint = around.catalogue.suggest(name, "conditions") or f"The conditions are {', '.join(known)}."
            findings.add(here, f"There is no condition `{name}`.", hint)
            return
        references.check(options, here, sight)
        bind_condition(component, options, here, findings)

    check(value, path)


def bind_condition(component: Any, options: Any, path: Path, findings: Findings) -> None:
    """Check a condition's options, written as a mapping or, where it has a shorthand, as one value."""
    if isinstance(options, dict) or not component.shorthand:
        findings.bind(component.Options, path)
        return
    inner = Findings(type(findings.node).of({component.shorthand: options}, findings.node.find(path).place))
    inner.bind(component.Options, ())
    findings.problems += inner.problems
