"""What a person wants is written down before it is done: no crash hides who wanted it."""

from __future__ import annotations

import pytest

from .conftest import Line, Told

PLUGIN = '''
from antiphon import Action, Done, Options, Receipt, hookimpl


class Deed(Action):
    """Is done, or is interrupted by Ctrl-C while it is being done.

    use: local.deed
    with: {way: done}
    """

    name = "local.deed"

    class Options(Options):
        way: str

    def plan(self, options, ctx):
        return ctx.effect(self.name, f"Do: {options.way}", {"way": options.way}, reversible=True)

    def perform(self, effect, ctx):
        if effect.payload["way"] == "interrupted":
            raise KeyboardInterrupt
        return Done(Receipt(at=ctx.clock.now()))

    def undo(self, effect, receipt, ctx):
        return ctx.effect(self.name, "Do it back", {"way": "interrupted"})


@hookimpl
def register_actions():
    return (Deed,)
'''

DEED = """
antiphon: 1
id: deed
name: A deed
tz: UTC
triggers: [{id: by_hand, manual: {inputs: {way: {type: text, required: true}}}}]
actions: [{id: do, use: local.deed, with: {way: "${{ trigger.inputs.way }}"}}]
"""

INTERRUPTED = 130


@pytest.fixture
def deeds(antiphon: Line) -> Line:
    """A workspace in which deeds are done."""
    antiphon.write("plugin.py", PLUGIN)
    antiphon.write("workflows/deed.yaml", DEED)
    return antiphon


def audited(deeds: Line) -> list[tuple[str, str]]:
    """What was done to what, oldest first."""
    return [(one["what"], one["subject"]) for one in reversed(deeds("audit", "list", "--json").document)]


def applied(deeds: Line, way: str) -> tuple[str, Told]:
    """Plan a deed and apply it."""
    plan = deeds("plan", "deed", "--input", f"way={way}", "--json").document["plan"]["id"]
    return plan, deeds("apply", plan, "--yes", "--json")


def test_apply(deeds: Line) -> None:
    """A plan whose application is interrupted was applied by somebody; one that comes to its end says to which."""
    plan, told = applied(deeds, "interrupted")
    assert INTERRUPTED == told.code
    assert [("plan apply", plan)] == audited(deeds)
    other, told = applied(deeds, "done")
    assert 0 == told.code
    assert [("plan apply", other), ("plan applied", other)] == audited(deeds)[1:]
    [came_to] = deeds("audit", "list", "--what", "plan applied", "--json").document
    assert {"effects": {"done": 1}} == came_to["after"]


def test_undo(deeds: Line) -> None:
    """An undo that is interrupted was asked for by somebody, and of what is told."""
    _, told = applied(deeds, "done")
    run = told.document["runs"][0]["id"]
    assert INTERRUPTED == deeds("undo", run, "--yes").code
    assert ("undo", run) == audited(deeds)[-1]
    [wanted] = deeds("audit", "list", "--what", "undo", "--json").document
    key = deeds("effects", "show", "do", "--json").document["entry"]["effect"]["key"]
    assert {"effects": [key], "stops": []} == wanted["after"]


def test_undone(antiphon: Line) -> None:
    """An undo that comes to its end says what became of each effect."""
    run = antiphon("run", "complaints", "--event", "events/complaint.json", "--live", "--json").document["runs"][0][
        "id"
    ]
    assert 0 == antiphon("undo", run, "--yes").code
    undone, wanted = antiphon("audit", "list", "--what", "undo", "--json").document
    assert (["undo", "undone"], ["done"]) == ([wanted["what"], undone["what"]], list(undone["after"].values()))
