"""A workspace's documents: read, unfolded and compiled together, with every problem of every one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from antiphon.compiler.compile import compile_workflow
from antiphon.compiler.listing import listing
from antiphon.compiler.steps import called
from antiphon.compiler.surroundings import Surroundings
from antiphon.errors import DocumentError, Place, Problem
from antiphon.language import Gallery, expand, kind_of, read_file, shape
from antiphon.model.document import Node
from antiphon.model.listing import Listing
from antiphon.model.program import Program
from antiphon.model.recipe import Recipe

ENDINGS = (".yaml", ".yml")
FIXTURES = "fixtures"
"""The folder beside documents that holds values of their tests."""


@dataclass
class Compiled:
    """What came of some documents. `listings` has the texts of each program by its fingerprint."""

    programs: dict[str, Program] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    documents: int = 0


def documents_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The documents that some files and folders hold, in order; folders are searched to any depth, but for fixtures."""
    for path in paths:
        if path.is_dir():
            found = (one for one in path.rglob("*") if one.suffix in ENDINGS and one.is_file())
            yield from sorted(one for one in found if FIXTURES not in one.relative_to(path).parts[:-1])
        else:
            yield path


def compile_documents(paths: Iterable[Path], around: Surroundings, gallery: Gallery, root: Path) -> Compiled:
    """Compile every document; a broken one costs its own problems and no other's."""
    result = Compiled()
    read: list[tuple[Path, Node]] = []
    for path in paths:
        result.documents += 1
        try:
            read.append((path, read_file(path, root)))
        except DocumentError as error:
            result.problems += error.problems
    around = replace(around, workflows=frozenset(_ids(read)) | around.workflows)
    owners: dict[str, Place] = {}
    for path, node in read:
        try:
            if kind_of(node) == "recipe":
                shape(node, Recipe)
                continue
            unfolded = expand(node, gallery, around.evaluator, plugins=around.plugins)
            result.warnings += unfolded.warnings
            program = compile_workflow(unfolded.node, around, unfolded.recipes)
        except DocumentError as error:
            result.problems += error.problems
            continue
        place = node.place_of(("id",))
        if program.id in owners:
            told = f"The id `{program.id}` belongs to {owners[program.id].file} already."
            result.problems.append(Problem(place, told, "Give every workflow its own id."))
            continue
        owners[program.id] = place
        result.programs[program.id] = program
        texts = {node.place.file: path.read_text(encoding="utf-8-sig")}
        texts |= {one.node.place.file: one.text for one in unfolded.recipes}
        result.listings[program.fingerprint] = listing(program, unfolded.node, texts)
    for circle in _circles(result.programs):
        chain = " → ".join([*circle, circle[0]])
        told = f"These workflows call one another for ever: {chain}."
        result.problems.append(Problem(owners[circle[0]], told, "Cut one call."))
        for name in circle:
            result.programs.pop(name, None)
    return result


def _ids(read: Iterable[tuple[Path, Node]]) -> Iterator[str]:
    for _, node in read:
        found = node.get(("id",))
        if found and isinstance(found.value, str):
            yield found.value


def _circles(programs: Mapping[str, Program]) -> list[list[str]]:
    """Workflows that call one another in a circle, in reading order; where circles share a call, one of them."""
    order = list(programs)
    found: list[list[str]] = []
    calls = {name: {callee for _, callee in called(program.all_steps)} for name, program in programs.items()}
    while True:
        try:
            TopologicalSorter(calls).prepare()
            return found
        except CycleError as error:
            circle = error.args[1][:0:-1]  # the sorter names whom is called before who calls, and the first one twice
        first = min(circle, key=order.index)
        found.append(circle[circle.index(first) :] + circle[: circle.index(first)])
        calls[found[-1][-1]].discard(first)
