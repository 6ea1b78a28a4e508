"""The suite: every test of some documents, found, run and told of. Tests run side by side in processes of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cache, cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from antiphon.app import Antiphon
from antiphon.compiler import FIXTURES, compile_workflow, documents_in
from antiphon.components.clock import SystemClock
from antiphon.errors import AntiphonError, DocumentError, Place, Problem
from antiphon.language import Gallery, expand, kind_of, read_file, shape
from antiphon.model.document import Node
from antiphon.model.program import Program
from antiphon.model.recipe import Recipe, RecipeUse
from antiphon.model.rehearsal import TestCase
from antiphon.model.workflow import Workflow
from antiphon.rehearsal.compare import Line, compare, differs
from antiphon.rehearsal.fixtures import Fixtures
from antiphon.rehearsal.play import play
from antiphon.rehearsal.quiet import quietly

FEW = 8
"""So many tests are quicker in one process than in several."""


@dataclass(frozen=True, slots=True)
class Found:
    """A test and where it stands: `number` counts those of its document from 0."""

    file: Path
    document: str
    number: int
    name: str
    place: Place

    def __str__(self) -> str:
        return f"{self.document}: {self.name}"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a test. `lines` compare, `error` says why there is nothing to compare."""

    test: Found
    seconds: float
    lines: tuple[Line, ...] = ()
    error: str = ""

    @property
    def state(self) -> Literal["passed", "failed", "error"]:
        """Whether all was as expected."""
        if self.error:
            return "error"
        return "failed" if differs(self.lines) else "passed"


class Suite:
    """The tests of a workspace's documents."""

    def __init__(self, app: Antiphon) -> None:
        self._app = app
        self._documents: dict[Path, _Document] = {}

    def find(self, paths: Iterable[Path]) -> tuple[list[Found], list[Problem]]:
        """Every test of some files and folders, and what is wrong with the documents that cannot be read."""
        found: list[Found] = []
        problems: list[Problem] = []
        for path in documents_in(one.resolve() for one in paths):
            try:
                document = self._document(path)
                found += document.found
            except DocumentError as error:
                problems += error.problems
        return found, problems

    def run(self, test: Found) -> Result:
        """Run one test."""
        clock = SystemClock()
        began = clock.now()
        lines: Sequence[Line] = ()
        error = ""
        try:
            with quietly():
                lines = self._run(test)
        except AntiphonError as trouble:
            error = str(trouble)
        except Exception as trouble:
            error = f"{type(trouble).__name__}: {trouble}"
        return Result(test, (clock.now() - began).total_seconds(), tuple(lines), error)

    def _run(self, test: Found) -> Sequence[Line]:
        document = self._document(test.file)
        case = document.tests[test.number]
        fixtures = Fixtures(case.fixtures, test.file.parent / FIXTURES)
        program, connections = document.program(self._app, case, fixtures)
        # What a recipe is answered is in its program; a run of it by hand is given nothing more.
        asked = {} if document.kind == "recipe" else case.inputs
        case = case.model_copy(update={"connections": connections, "inputs": asked})
        by_hand = case.by_hand or (bool(case.inputs) and document.kind == "workflow")
        return compare(case, play(self._app, program, case, fixtures, by_hand=by_hand))

    def _document(self, path: Path) -> _Document:
        if path not in self._documents:
            self._documents[path] = _Document(path, read_file(path, self._app.settings.folder))
        return self._documents[path]


@dataclass(frozen=True)
class _Document:
    path: Path
    node: Node

    @cached_property
    def kind(self) -> Literal["workflow", "recipe", "use"]:
        return kind_of(self.node)

    @cached_property
    def tests(self) -> Sequence[TestCase]:
        if self.kind == "recipe":
            return shape(self.node, Recipe).tests
        return shape(self.node, RecipeUse).tests if self.kind == "use" else shape(self.node, Workflow).tests

    @property
    def found(self) -> Iterator[Found]:
        name = self.node.find(("recipe",) if self.kind == "recipe" else ("id",)).plain()
        for number, test in enumerate(self.tests):
            yield Found(self.path, str(name), number, test.name, self.node.place_of(("tests", number)))

    def program(self, app: Antiphon, case: TestCase, fixtures: Fixtures) -> tuple[Program, Mapping[str, str]]:
        """The program that a test is about, and the accounts that it makes up."""
        around = app.surroundings
        node, gallery, connections = self.node, app.gallery, dict(case.connections)
        if self.kind == "recipe":
            recipe = shape(self.node, Recipe)
            inputs = fixtures.put(case.inputs)
            connections = {**_accounts(recipe, inputs, app), **connections}
            gallery = Gallery([self.path.parent, *app.registry.catalogue.recipes, app.settings.folder / "recipes"])
            use = {"antiphon": 1, "id": recipe.recipe, "recipe": f"{recipe.recipe}@{recipe.version}", "inputs": inputs}
            node = Node.of(use, self.node.place)
        around = replace(
            around,
            timezone=around.timezone or "UTC",
            connections={**dict(around.connections or {}), **connections},
            workflows=frozenset(app.compiled.programs),
        )
        unfolded = expand(node, gallery, around.evaluator, plugins=around.plugins)
        return compile_workflow(unfolded.node, around, unfolded.recipes), connections


def _accounts(recipe: Recipe, inputs: Mapping[str, Any], app: Antiphon) -> dict[str, str]:
    """Accounts that the workspace lacks, for answers to a recipe's questions that say what a connection must offer."""
    made_up = {}
    for name, asked in recipe.inputs.items():
        answer, network = inputs.get(name, asked.default), str(asked.provides or "").partition(".")[0]
        lacking = isinstance(answer, str) and answer not in app.connections.names()
        if asked.type == "connection" and lacking and network in app.registry.catalogue.connectors:
            made_up[answer] = network
    return made_up


# -- side by side -----------------------------------------------------------------------------------------------------


def run_all(
    app: Antiphon, tests: Sequence[Found], *, jobs: int = 0, told: Callable[[Result], None] = lambda result: None
) -> list[Result]:
    """Run tests, in so many processes (0 means as many as are worth it), and return the results in the tests' order.

    Every process opens the workspace of the folder anew. `told` hears of each result as soon as it is there.
    """
    jobs = jobs or max(1, min(os.cpu_count() or 1, len(tests) // FEW))
    if jobs == 1 or len(tests) < 2:
        suite, results = Suite(app), []
        for test in tests:
            results.append(suite.run(test))
            told(results[-1])
        return results
    done: dict[Found, Result] = {}
    # Spawned, not forked: a forked process would share an open database.
    with ProcessPoolExecutor(min(jobs, len(tests)), mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(_run_there, app.settings.folder, test) for test in tests]):
            result = future.result()
            done[result.test] = result
            told(result)
    return [done[test] for test in tests]


def _run_there(folder: Path, test: Found) -> Result:
    return _suite(folder).run(test)


@cache
def _suite(folder: Path) -> Suite:
    """One a process: the workspace is compiled once."""
    return Suite(Antiphon.open(folder))
