"""Approvals: the group is known and large enough, and rework goes back to where the run has been."""

from __future__ import annotations

from antiphon.compiler.findings import Findings
from antiphon.compiler.references import References, Sight
from antiphon.compiler.surroundings import Surroundings
from antiphon.model.document import Path
from antiphon.model.workflow import Approve, Rework
from antiphon.suggest import nearest


def check_approve(
    step: Approve, path: Path, sight: Sight, findings: Findings, references: References, around: Surroundings
) -> None:
    """Check an `approve` step that stands at `path`."""
    here, options = (*path, "approve"), step.approve
    references.check(options.show, (*here, "show"), sight)
    if around.groups is not None:
        people, where = around.groups.get(options.by.group), (*here, "by", "group")
        if people is None:
            example = f'Name its people in antiphon.toml: [groups] {options.by.group} = ["ana", "ben"].'
            told = f"There is no group `{options.by.group}`."
            findings.add(where, told, nearest(options.by.group, around.groups) or example)
        elif len(people) < options.by.quorum:
            told = f"{options.by.quorum} people are to approve, and `{options.by.group}` has {len(people)}."
            findings.add((*here, "by", "quorum"), told, "Add people to it in antiphon.toml, or ask for fewer.")
    if isinstance(options.on_reject, Rework):
        _check_rework(options.on_reject.rework, path, (*here, "on_reject", "rework"), sight, findings)


def _check_rework(target: str, path: Path, where: Path, sight: Sight, findings: Findings) -> None:
    if target not in sight.steps:
        hint = nearest(target, sight.steps) or "Name a step that comes before this one."
        findings.add(where, f"`{target}` is not an earlier step.", hint)
        return
    found = sight.steps[target]
    around_both, between = path[: len(found) - 1], path[len(found) :]
    if found[:-1] != around_both or {"parallel", "steps"} & set(between):
        told = f"`{target}` does not stand in the same list of steps as this one, nor in one around it."
        findings.add(where, told, "Rework cannot leave an `each` or a `parallel`, nor begin inside another step.")
