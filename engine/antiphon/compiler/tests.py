"""Tests of a document: what they name must be there, or they would never find anything wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from antiphon.compiler.findings import Findings
from antiphon.compiler.names import walk
from antiphon.compiler.surroundings import Surroundings
from antiphon.model.document import Path
from antiphon.model.rehearsal import OWN_ENDS, TestCase
from antiphon.model.workflow import Workflow
from antiphon.suggest import nearest

_FIRST = re.compile(r"[^/\[]+")


def check_tests(
    workflow: Workflow, lists: Mapping[Path, Sequence[Any]], findings: Findings, around: Surroundings
) -> None:
    """Check the actions, steps, ends and accounts that the tests of a workflow name; `lists` are all of its steps."""
    steps = {str(step.id) for root, inner in lists.items() for _, step in walk(inner, root)}
    ends = {*OWN_ENDS, *(one.called for one in workflow.exit), *workflow.on_exit}
    for number, test in enumerate(workflow.tests):
        path: Path = ("tests", number)
        for used, where in _actions(test, path):
            if used and used not in around.catalogue.actions:
                hint = around.catalogue.suggest(used, "actions") or "See `antiphon show` for what there is."
                findings.add(where, f"No plugin offers the action `{used}`.", hint)
        for name in test.expect.steps:
            first = _FIRST.match(name)
            _known(first[0] if first else name, steps, (*path, "expect", "steps", name), "step", findings)
        for end in test.expect.finished:
            _known(end, ends, (*path, "expect", "finished"), "end", findings)
        for account, network in test.connections.items():
            if network not in around.catalogue.connectors:
                hint = around.catalogue.suggest(network, "connectors") or "See `antiphon plugins list`."
                findings.add((*path, "connections", account), f"There is no connector `{network}`.", hint)


def _actions(test: TestCase, path: Path) -> Iterator[tuple[str, Path]]:
    for key, effects in (("effects", test.expect.effects or []), ("not_effects", test.expect.not_effects)):
        yield from ((one.use, (*path, "expect", key, index, "use")) for index, one in enumerate(effects))
    yield from ((one.use, (*path, "answers", index, "use")) for index, one in enumerate(test.answers))


def _known(name: str, known: Collection[str], path: Path, what: str, findings: Findings) -> None:
    if name not in known:
        hint = nearest(name, known) or f"There is {', '.join(sorted(known))}."
        findings.add(path, f"There is no {what} `{name}` in this workflow.", hint)
