"""A plan is performed exactly, or not at all."""

from __future__ import annotations

import pytest

from .conftest import ENDING, PLUGIN, Line

EVENT = ("--event", "events/complaint.json")
HAND = """
antiphon: 1
id: hand
name: Two tickets, the second about the first
tz: UTC
triggers: [{id: by_hand, manual: {}}]
actions:
  - {id: first, use: inbox.ticket, with: {title: First}}
  - {id: second, use: inbox.ticket, with: {title: "After ${{ steps.first.number }}"}}
"""


def planned(antiphon: Line, *words: str) -> str:
    """The id of a new plan."""
    found: str = antiphon("plan", *words, "--json").document["plan"]["id"]
    return found


def test_saved(antiphon: Line) -> None:
    """A plan says under which id it is kept, and what to do with it."""
    told = antiphon("plan", "complaints", *EVENT).out
    assert f"saved as {planned(antiphon, 'complaints', *EVENT)}; `antiphon apply " in told


def test_run_keeps_nothing(antiphon: Line) -> None:
    """A run without --live shows the same, and keeps no plan; neither is one kept that has nothing to do."""
    shown = antiphon("plan", "complaints", *EVENT).out.split("saved as")[0]
    told = antiphon("run", "complaints", *EVENT)
    assert shown.rstrip() == told.out.rstrip()
    assert None is antiphon("run", "complaints", *EVENT, "--json").document["plan"]["id"]
    antiphon("run", "complaints", *EVENT, "--live")
    assert None is antiphon("plan", "complaints", *EVENT, "--json").document["plan"]["id"]


def test_consent(antiphon: Line) -> None:
    """Where nobody can be asked, it shows the plan and does nothing: a person is needed."""
    told = antiphon("apply", planned(antiphon, "complaints", *EVENT))
    assert (5, True) == (told.code, "1 effect would be performed" in told.out)
    assert "--yes" in told.err
    assert [] == antiphon("effects", "list", "--json").document


def test_applied(antiphon: Line) -> None:
    """With --yes it is performed, once, and said to have been when it is applied again."""
    plan = planned(antiphon, "complaints", *EVENT)
    told = antiphon("apply", plan, "--yes", "--json")
    assert (0, ["done"]) == (told.code, [entry["state"] for entry in told.document["entries"]])
    again = antiphon("apply", plan[:6], "--yes", "--json")
    assert (0, []) == (again.code, again.document["entries"])
    assert "applied already" in again.err
    assert 1 == len(antiphon("effects", "list", "--json").document)


def test_refused(antiphon: Line) -> None:
    """When something has changed it exits as refused by policy, and lists every change."""
    plan = planned(antiphon, "complaints", *EVENT)
    path = antiphon.folder / "workflows" / "complaints.yaml"
    path.write_text(path.read_text().replace("Complaint by", "A complaint by"))
    told = antiphon("apply", plan, "--yes")
    assert 4 == told.code
    assert "The workflow complaints has changed" in told.err
    assert "A complaint by" in told.err
    assert 2 == len(antiphon("apply", plan, "--yes", "--json").document["changes"])
    assert [] == antiphon("effects", "list", "--json").document


def test_unknown(antiphon: Line) -> None:
    """A plan that is not there names those that are."""
    plan = planned(antiphon, "complaints", *EVENT)
    told = antiphon("apply", "ffffffffffff", "--yes")
    assert (1, True) == (told.code, f"{plan} (complaints)" in told.err)


@pytest.mark.parametrize("oldest", ["0s", "1ms"])
def test_too_old(antiphon: Line, oldest: str) -> None:
    """A plan may not be older than is allowed."""
    told = antiphon("apply", planned(antiphon, "complaints", *EVENT), "--yes", "--oldest", oldest)
    assert (4, True) == (told.code, "It was made on" in told.err)


def test_follow(antiphon: Line) -> None:
    """What the plan could not show waits for a person, who lets it go on with --follow."""
    antiphon.write("workflows/hand.yaml", HAND)
    assert "known only after first" in antiphon("plan", "hand").out
    plan = planned(antiphon, "hand")
    held = antiphon("apply", plan, "--yes")
    assert (5, True) == (held.code, "could not show its content before first" in " ".join(held.out.split()))
    assert 1 == len(antiphon("effects", "list", "--json").document)
    assert 0 == antiphon("apply", plan, "--yes", "--follow").code
    assert 2 == len(antiphon("effects", "list", "--json").document)


def test_policy(antiphon: Line) -> None:
    """What policy would refuse is told in the plan."""
    antiphon.write("plugin.py", PLUGIN)
    antiphon.write("workflows/ending.yaml", ENDING)
    told = antiphon("plan", "ending", "--input", "end=vetoed")
    assert "refuse by policy" in told.out
    assert "policy forbids it" in told.out
    document = antiphon("plan", "ending", "--input", "end=vetoed", "--json").document
    assert {"refuse": 1} == document["plan"]["policy"]
