"""The gallery: recipe documents in the folders of plugins and of the workspace, by name and version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Literal, TypeAlias

from antiphon.errors import DocumentError, Problem
from antiphon.language.reader import MAX_BYTES, read_bytes
from antiphon.language.shape import shape
from antiphon.model.document import Node
from antiphon.model.recipe import Recipe
from antiphon.suggest import did_you_mean

Version: TypeAlias = tuple[int, int, int]

_REFERENCE = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9_-]*)(?:@(?P<caret>\^?)(?P<version>\d{1,6}(?:\.\d{1,6}){0,2}))?", re.ASCII
)
_MAX_DEPTH = 4


def kind_of(node: Node) -> Literal["workflow", "recipe", "use"]:
    """What a document is: a workflow, a recipe, or the use of a recipe."""
    keys = node.value if isinstance(node.value, dict) else {}
    if "recipe" not in keys:
        return "workflow"
    return "recipe" if "version" in keys or "workflow" in keys else "use"


@dataclass(frozen=True, slots=True)
class Shelved:
    """A recipe of the gallery with the document that it comes from."""

    recipe: Recipe
    node: Node
    text: str = ""

    @property
    def version(self) -> Version:
        """The version as three numbers, which compare as versions do."""
        major, minor, patch = (int(part) for part in self.recipe.version.split("."))
        return major, minor, patch

    def __str__(self) -> str:
        return f"{self.recipe.recipe} {self.recipe.version}"


class Gallery:
    """Finds recipes. Folders are read when the first recipe is asked for; one that is not there is empty."""

    def __init__(self, folders: Iterable[Traversable]) -> None:
        self._folders = tuple(folders)
        self.problems: list[Problem] = []

    @cached_property
    def recipes(self) -> tuple[Shelved, ...]:
        """Every recipe, by name and ascending version. Broken documents are left out and told of in `problems`."""
        found: dict[tuple[str, Version], Shelved] = {}
        for folder in self._folders:
            for name, file in _documents(folder, folder.name):
                try:
                    with file.open("rb") as stream:
                        data = stream.read(MAX_BYTES + 1)
                    node = read_bytes(data, name)
                    if kind_of(node) != "recipe":
                        continue
                    shelved = Shelved(shape(node, Recipe), node, data.decode("utf-8-sig"))
                except DocumentError as error:
                    self.problems += error.problems
                    continue
                key = (shelved.recipe.recipe, shelved.version)
                if (first := found.setdefault(key, shelved)) is not shelved:
                    sentence = f"The recipe {shelved} is also in {first.node.place.file}, which is the one that counts."
                    self.problems.append(
                        Problem(node.place_of(("recipe",)), sentence, "Give one another name or version.")
                    )
        return tuple(found[key] for key in sorted(found))

    def find(self, reference: str) -> Shelved:
        """The newest recipe for `name`, `name@1.4.0` (exactly this one) or `name@^1.4` (this one or a compatible one).

        Raises:
            LookupError: with a sentence and a hint as its two arguments.
        """
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise LookupError(f"“{reference[:80]}” does not name a recipe.", "Write name, name@1.4.0 or name@^1.4.")
        name = match["name"]
        versions = [shelved for shelved in self.recipes if shelved.recipe.recipe == name]
        if not versions:
            known = {shelved.recipe.recipe for shelved in self.recipes}
            raise LookupError(f"There is no recipe `{name}`.", did_you_mean(name, known) or self._broken())
        fitting = [shelved for shelved in versions if _fits(shelved.version, match["version"], match["caret"])]
        if not fitting:
            there = ", ".join(shelved.recipe.version for shelved in versions)
            asked = f"{match['caret']}{match['version']}"
            raise LookupError(f"There is no version {asked} of the recipe `{name}`.", f"There is {there}.")
        return fitting[-1]

    def _broken(self) -> str:
        files = sorted({problem.place.file for problem in self.problems})
        return f"These recipes cannot be read: {', '.join(files[:5])}." if files else ""


def _fits(version: Version, asked: str | None, caret: str) -> bool:
    """Whether a version is the one asked for; with a caret, whether it keeps what semantic versioning promises."""
    if asked is None:
        return True
    numbers = [int(part) for part in asked.split(".")]
    if not caret:
        return list(version[: len(numbers)]) == numbers
    padded = (*numbers, 0, 0)[:3]
    fixed = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1) + 1
    return version >= padded and version[:fixed] == padded[:fixed]


def _documents(folder: Traversable, name: str, depth: int = 1) -> Iterator[tuple[str, Traversable]]:
    if depth > _MAX_DEPTH or not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir() and entry.name != "fixtures":  # values of tests
            yield from _documents(entry, path, depth + 1)
        elif entry.name.endswith((".yaml", ".yml")):
            yield path, entry
