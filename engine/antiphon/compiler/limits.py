"""Limits: a document may tighten the workspace's policy, and never loosen it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from antiphon.compiler.findings import Findings
from antiphon.compiler.names import walk
from antiphon.compiler.surroundings import Surroundings
from antiphon.components.action import Action
from antiphon.model.document import Path
from antiphon.model.duration import format_duration
from antiphon.model.policy import Cap, CapRule, Limits
from antiphon.model.workflow import Use


def check_limits(limits: Limits, lists: Mapping[Path, Sequence[Any]], findings: Findings, around: Surroundings) -> None:
    """Check `limits` against the workspace's, and `hours` and `cap` of every step of some lists."""
    for name in Limits.model_fields:
        written, most = getattr(limits, name), getattr(around.policy, name)
        if written is not None and most is not None and written > most:
            told = f"`{name}` is {written:g}, which is looser than the {most:g} of the workspace."
            findings.add(("limits", name), told, f"Write {most:g} or less, or leave it out.")
    for path, step in (found for root, steps in lists.items() for found in walk(steps, root)):
        if isinstance(step, Use):
            _outward(step, path, findings, around)
            if step.cap is not None:
                _cap(step.cap, (*path, "cap"), findings, around)


def _outward(step: Use, path: Path, findings: Findings, around: Surroundings) -> None:
    component = around.catalogue.actions.get(step.use)
    if component is None or (issubclass(component, Action) and component.outward):
        return
    for key in ("hours", "cap"):
        if getattr(step, key) is not None:
            findings.add((*path, key), f"`{step.use}` reaches nobody outside, so it has no `{key}`.", "Leave it out.")


def _cap(cap: Cap, path: Path, findings: Findings, around: Surroundings) -> None:
    for rule in around.policy.caps:
        if _is_looser(cap, rule):
            told = f"This cap is looser than the workspace's, which is {rule.told()}."
            hint = f"Write at most {rule.max} per {format_duration(rule.per)}, or leave it out."
            findings.add(path, told, hint)
            return


def _is_looser(cap: Cap, rule: CapRule) -> bool:
    """Whether a cap can never be reached, since a rule of the workspace counts all that it counts, and is stricter."""
    if cap.max is None or cap.per is None or rule.each != "person" or rule.connection:
        return False
    counts_all = rule.channel in ("", cap.channel) and rule.group in ("", cap.group)
    return counts_all and cap.max >= rule.max and cap.per <= rule.per and (cap.max, cap.per) != (rule.max, rule.per)
