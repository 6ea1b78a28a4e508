"""A recipe: a workflow with questions, and the file a marketer keeps that answers them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from antiphon.model.base import Identifier, Noun
from antiphon.model.inputs import Input
from antiphon.model.rehearsal import TestCase


class Requirements(Noun):
    """What must be there before the recipe can be used."""

    antiphon: str = ">=1"
    plugins: list[str] = []


class DeclaredEffects(Noun):
    """The outward actions that the body may contain; verified against it."""

    outbound: list[str] = []


class RecipeCheck(Noun):
    """A remark on the answers: when `if` holds, the user is warned or refused."""

    if_: str = Field(alias="if")
    level: Literal["warn", "block"] = "block"
    say: str


class Recipe(Noun):
    """A parametric workflow. `workflow` is its body, kept as it stands until inputs are known."""

    antiphon: Literal[1]
    recipe: Identifier
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    name: str
    summary: str = ""
    requires: Requirements = Requirements()
    effects: DeclaredEffects | None = None
    inputs: dict[Identifier, Input] = {}
    checks: list[RecipeCheck] = []
    workflow: dict[str, Any]
    tests: list[TestCase] = Field([], description="What must come of what answers, on a clock that is moved.")


class RecipeUse(Noun):
    """A document that unfolds a recipe: `recipe: name@^1.4` and answers."""

    antiphon: Literal[1]
    id: Identifier
    name: str = ""
    tz: str = ""
    enabled: bool = True
    labels: dict[str, str] = {}
    recipe: str
    inputs: dict[str, Any] = {}
    tests: list[TestCase] = Field([], description="What must come of what, on a clock that is moved.")
