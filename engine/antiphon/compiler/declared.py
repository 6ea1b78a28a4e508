"""Declared effects: a recipe says what it may do to the world outside, and contains nothing else that does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from antiphon.compiler.findings import Findings
from antiphon.compiler.names import walk
from antiphon.compiler.surroundings import Surroundings
from antiphon.components.action import Action
from antiphon.errors import Problem
from antiphon.language import Shelved
from antiphon.model.document import Path
from antiphon.model.workflow import Use


def check_declared(
    recipes: Sequence[Shelved], lists: Mapping[Path, Sequence[Any]], findings: Findings, around: Surroundings
) -> None:
    """Hold each recipe that declares its effects to what stands in its own file; the steps that a user puts into a slot
    are the user's. `lists` are all steps of the workflow that the recipes were unfolded to."""
    declared = {one.node.place.file: one for one in recipes if one.recipe.effects}
    for root, steps in lists.items():
        for path, step in walk(steps, root):
            if not isinstance(step, Use) or not _outward(step.use, around):
                continue
            recipe = declared.get(findings.node.place_of((*path, "use")).file)
            if recipe and step.use not in outbound(recipe):
                hint = "Add it to `effects: {outbound: […]}`, where those who use the recipe look."
                told = f"The recipe {recipe.recipe.recipe} does not declare the effect `{step.use}`."
                findings.add((*path, "use"), told, hint)
    for recipe in declared.values():
        for index, name in enumerate(outbound(recipe)):
            if not _outward(name, around):
                known = name in around.catalogue.actions
                told = f"`{name}` reaches nobody outside." if known else f"There is no action `{name}`."
                hint = "Take it out." if known else around.catalogue.suggest(name, "actions")
                place = recipe.node.place_of(("effects", "outbound", index))
                findings.problems.append(Problem(place, told, hint))


def outbound(shelved: Shelved) -> Sequence[str]:
    """The outward actions that a recipe declares."""
    return shelved.recipe.effects.outbound if shelved.recipe.effects else ()


def _outward(name: str, around: Surroundings) -> bool:
    component = around.catalogue.actions.get(name)
    return component is not None and issubclass(component, Action) and component.outward
