"""The path of a run through its document, as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from antiphon.app import Antiphon
from antiphon.model.run import Run, StepRecord, StepState
from antiphon.runtime.tracing import Line, Sheet, trace

DOCUMENT = """antiphon: 1
id: w
name: Marked
tz: UTC
triggers:
  - id: heard
    event: {type: post.seen}
  - {id: by_hand, manual: {}}
conditions:
  - ${{ event.n > 1 }}

  - ${{ event.n < 5 }}
actions:
  - id: way
    if: ${{ event.n > 2 }}
    then:
      - {id: many, set: {a: 1}}
    else:
      - id: few
        each: {in: [1, 2]}
        steps:
          - {id: say, use: log, with: {message: "n ${{ item }}"}}
  - id: all
    try:
      - id: bad
        set: {x: "${{ event.missing }}"}
    catch: [{id: caught, call: other}]
  - id: end
    stop: |
      so

      be it
"""
OTHER = """antiphon: 1
id: other
name: Other
tz: UTC
triggers: [{id: by_hand, manual: {}}]
actions:
  - {id: bad, set: {b: 2}}
"""
RECIPE = """antiphon: 1
recipe: greet
version: 1.0.0
name: Greet
summary: Says hello.
inputs:
  besides: {label: Besides, type: steps, default: []}
workflow:
  triggers: [{id: by_hand, manual: {}}]
  actions:
    - id: hello
      use: log
      with: {message: hello}
    - slot: besides
"""
USE = """antiphon: 1
id: greeting
recipe: greet
tz: UTC
inputs:
  besides:
    - {id: mine, use: log, with: {message: mine}}
"""


def _run(workspace: Any, workflow: str, **data: Any) -> Run:
    app: Antiphon = workspace.app
    app.route()
    app.start(
        workflow, event=workspace.event(data, type="post.seen") if data else None, trigger="heard" if data else ""
    )
    [done] = app.activate(workflow).runs
    found = app.store.runs.get(done.id)
    assert found is not None
    return found


def _sheets(workspace: Any, run: Run) -> dict[str, dict[int, Line]]:
    sheets = trace(run, workspace.app.store, workspace.app.conceal_all)
    return {sheet.file: {line.number: line for line in sheet.lines} for sheet in sheets}


def _states(sheet: Sheet | dict[int, Line]) -> dict[int, list[str]]:
    lines = sheet.lines if isinstance(sheet, Sheet) else sheet.values()
    return {line.number: [mark.state for mark in line.marks] for line in lines if line.marks}


@pytest.fixture
def marked(workspace: Any) -> Any:
    """A workspace with a document whose line numbers are known, and one that it calls."""
    folder = workspace.folder / "workflows"
    folder.mkdir()
    (folder / "marked.yaml").write_text(DOCUMENT)
    (folder / "other.yaml").write_text(OTHER)
    workspace.reopen()
    return workspace


def test_path(marked: Any) -> None:
    """Each trigger, condition and step is marked where it stands with what became of it, once for each item."""
    sheets = _sheets(marked, _run(marked, "w", n=2))

    assert {
        6: ["fired"],
        10: ["holds"],
        12: ["holds"],
        14: ["done"],
        17: ["not reached"],
        19: ["done"],
        22: ["done", "done"],
        23: ["done"],
        25: ["failed"],
        27: ["done"],
        28: ["done"],
    } == _states(sheets["workflows/marked.yaml"])


def test_both_values(marked: Any) -> None:
    """Beside a condition stands its reason with both values, beside a step its result or why it failed."""
    lines = _sheets(marked, _run(marked, "w", n=2))["workflows/marked.yaml"]

    assert "event.n < 5: 2 < 5 is true" == lines[12].marks[0].because
    assert "event.n > 2: 2 > 2 is false" == lines[14].marks[0].because
    assert "event.missing is not there" in lines[25].marks[0].because
    assert ["few[0]/say", "few[1]/say"] == [mark.name.removeprefix("way/") for mark in lines[22].marks]


def test_lines_of_a_step(marked: Any) -> None:
    """The lines of a step's block belong to it: up to the next thing that stands no deeper, empty lines within."""
    lines = _sheets(marked, _run(marked, "w", n=2))["workflows/marked.yaml"]

    assert ["not reached", "done"] == [lines[17].state, lines[18].state]
    assert ["done"] * 5 == [lines[number].state for number in range(28, 33)]
    assert ["", ""] == [lines[11].state, lines[13].state]


def test_declined(marked: Any) -> None:
    """After a condition that does not hold, nothing was reached."""
    states = _states(_sheets(marked, _run(marked, "w", n=1))["workflows/marked.yaml"])

    assert (["fails"], ["not reached"], ["not reached"]) == (states[10], states[12], states[14])


def test_called(marked: Any) -> None:
    """A workflow that was called has a text of its own, with its own steps, whatever they are called."""
    assert {7: ["done"]} == _states(_sheets(marked, _run(marked, "w", n=2))["workflows/other.yaml"])


def test_as_it_was(marked: Any) -> None:
    """What is shown is the document of the version that the run began with."""
    run = _run(marked, "w", n=2)
    (marked.folder / "workflows" / "marked.yaml").write_text(DOCUMENT.replace("Marked", "Anew"))
    marked.reopen()

    assert "name: Marked" == _sheets(marked, run)["workflows/marked.yaml"][3].text


def test_recipe(workspace: Any) -> None:
    """The use of a recipe is shown with the recipe; a step that was handed in is marked where it was written."""
    for folder, text in (("workflows", USE), ("recipes", RECIPE)):
        (workspace.folder / folder).mkdir()
        (workspace.folder / folder / "one.yaml").write_text(text)
    workspace.reopen()
    sheets = _sheets(workspace, _run(workspace, "greeting"))

    assert ["workflows/one.yaml", "recipes/one.yaml"] == list(sheets)
    assert {7: ["done"]} == _states(sheets["workflows/one.yaml"])
    assert {9: ["fired"], 11: ["done"]} == _states(sheets["recipes/one.yaml"])


def test_no_secrets(marked: Any, network: Any) -> None:
    """A secret that somebody has typed into a document, or that came back in a result, is not shown."""
    network.secrets["shop"] = "do-not-show-me"
    path: Path = marked.folder / "workflows" / "other.yaml"
    said = """use: log, with: {message: do-not-show-me, data: "${{ secrets.shop }}"}"""
    path.write_text(OTHER.replace("set: {b: 2}", said))
    marked.reopen()
    run = _run(marked, "w", n=2)
    given = StepRecord(path="end", step="end", kind="stop", state=StepState.DONE, at=run.created_at)
    given = given.model_copy(update={"result": {"token": "do-not-show-me"}, "because": "it is do-not-show-me"})
    shown = str(_sheets(marked, run.model_copy(update={"steps": (*run.steps, given)})))

    assert "do-not-show-me" not in shown


def test_apart(workspace: Any) -> None:
    """Steps of `on_error` are marked where they stand, even when one of the run's own steps is called the same."""
    text = DOCUMENT.split("actions:")[0] + "actions:\n  - {set: {x: '${{ event.missing }}'}}\n"
    (workspace.folder / "workflows").mkdir()
    (workspace.folder / "workflows" / "w.yaml").write_text(text + "on_error:\n  - {set: {y: 1}}\n  - {set: {z: 1}}\n")
    workspace.reopen()

    states = _states(_sheets(workspace, _run(workspace, "w", n=2))["workflows/w.yaml"])

    assert (["failed"], ["done"], ["done"]) == (states[14], states[16], states[17])
