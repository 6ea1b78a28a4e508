"""A run is resumed, not restarted: wherever it is cut off, its effects happen once and its end is the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.model.listing import Listing
from antiphon.model.program import Program
from antiphon.model.run import RunState, StepState

PROGRAM: list[dict[str, Any]] = [
    {"set": {"n": 1}},
    {"use": "net.send", "id": "a", "with": {"text": "one ${{ now() }}"}},
    {"if": "${{ steps.a.remote_id }}", "id": "way", "then": [{"use": "net.send", "with": {"text": "two"}}]},
    {"each": {"in": [1, 2]}, "steps": [{"use": "net.send", "with": {"text": "item ${{ item }} ${{ steps.way }}"}}]},
    {"wait": "10m"},
    {
        "try": [{"use": "net.say", "with": {"how": "giveup"}}],
        "catch": [{"use": "net.send", "with": {"text": "caught"}}],
        "finally": [{"emit": "a.happened", "with": {"n": "${{ vars.n }}"}}],
    },
    {
        "parallel": {
            "steps": [
                {"try": [{"use": "net.send", "with": {"text": "p1"}}, {"use": "net.send", "with": {"text": "p2"}}]},
                {"use": "net.send", "with": {"text": "q1"}},
            ]
        }
    },
    {"id": "c", "call": "callee", "with": {"n": 3}},
    {"stop": {"because": "enough", "result": "${{ steps.c }}"}},
]
CALLEE = {
    "id": "callee",
    "triggers": [{"id": "m", "manual": {"inputs": {"n": {"type": "integer"}}}}],
    "conditions": ["${{ trigger.inputs.n > 0 }}"],
    "actions": [
        {"use": "net.send", "with": {"text": "called"}},
        {"stop": {"result": "${{ trigger.inputs.n }}"}},
    ],
}
WHOLE = ["two", "item 1 then", "item 2 then", "caught", "p1", "q1", "p2", "called"]


def run_with_a_cut(workspace: Any, cut: Any, crash: type[BaseException], at: int, after: bool) -> tuple[Any, bool]:
    """Run the workflow `w`; the process dies at its n-th writing, and another goes on. Whether it died."""
    workspace.app.start("w", event=workspace.event({}))
    died = False
    workspace.app.__dict__["store"] = cut(workspace.app.store, at=at, after=after)
    try:
        workspace.through("w")
    except crash:
        died = True
    workspace.reopen()
    workspace.through("w")
    [run] = workspace.app.store.runs.list(workflow="w")
    return workspace.app.store.runs.get(run.id), died


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 50, 4))
def test_cut(workspace: Any, network: Any, cut: Any, crash: Any, at: int, after: bool) -> None:
    """Cut off before or after any writing, the run ends the same, and each effect and event happens once."""
    workspace.write({"id": "w", "actions": PROGRAM}, CALLEE)
    run, died = run_with_a_cut(workspace, cut, crash, at, after)

    assert (RunState.STOPPED, "enough", 3) == (run.state, run.because, run.result)
    assert WHOLE == network.texts[1:]
    assert len(network.sent) == len({key for key, _ in network.sent})
    assert 1 == len(workspace.app.store.events.list(type="a.happened"))
    assert 1 == len(workspace.app.store.events.list(type="run.finished"))
    assert died or at > 36


def test_crash_in_the_call(workspace: Any, network: Any, crash: Any) -> None:
    """A process that dies in the call itself asks the network afterwards, and sends only what is not there."""
    workspace.write({"id": "w", "actions": [{"use": "net.send", "with": {"text": "crash now"}}]})
    workspace.app.start("w")
    with pytest.raises(crash):
        workspace.app.activate("w")
    workspace.reopen()
    [run] = workspace.settle("w").runs

    assert (RunState.DONE, ["crash now"]) == (run.state, network.texts)
    assert 1 == len(network.asked)


@pytest.mark.parametrize("at", range(1, 7))
def test_vetoed_stays_vetoed(workspace: Any, network: Any, cut: Any, crash: Any, at: int) -> None:
    """A run that is cut off just after a veto does not go past it."""
    network.vetoes = lambda effect: "no" if "bad" in effect.summary else None
    workspace.write({"id": "w", "actions": [{"use": "net.send", "with": {"text": t}} for t in ("bad", "after")]})
    run, _ = run_with_a_cut(workspace, cut, crash, at, after=True)

    assert (RunState.STOPPED, []) == (run.state, network.texts)


def test_conditions_are_not_asked_again(workspace: Any, network: Any, clock: Any, cut: Any, crash: Any) -> None:
    """What was let through in time goes on after it: a verdict that was given stands."""
    until = (clock.now() + timedelta(minutes=30)).isoformat()
    workspace.write({"id": "w", "conditions": [f"${{{{ now() < date('{until}') }}}}"], "actions": PROGRAM[1:2]})
    workspace.app.start("w", event=workspace.event({}))
    workspace.app.__dict__["store"] = cut(workspace.app.store, at=3)
    with pytest.raises(crash):
        workspace.app.activate("w")
    clock.advance(timedelta(hours=1))
    workspace.reopen()
    [run] = workspace.settle("w").runs

    assert RunState.DONE == run.state
    assert 1 == len(network.sent)


def test_the_version_stays(workspace: Any, network: Any) -> None:
    """A run keeps the version it began with, even if its workflow is changed or gone by then."""
    for left in ({"id": "w", "actions": PROGRAM[:1]}, None):
        workspace.write({"id": "w", "actions": [{"use": "net.send", "with": {"text": "first version"}}]})
        workspace.app.start("w")
        if left is None:
            (workspace.folder / "workflows" / "w.yaml").unlink()
            workspace.reopen()
        else:
            workspace.write(left)
        workspace.settle("w")

    assert ["first version", "first version"] == network.texts


def test_what_is_no_more(workspace: Any, network: Any) -> None:
    """A run whose plugin or version is no more fails in words, and its neighbours go on."""
    workspace.write({"id": "w", "actions": [{"use": "net.send", "with": {"text": "x ${{ event.n }}"}}]})
    runs = [workspace.app.start("w", event=workspace.event({"n": n}, id=f"e{n}")) for n in range(3)]
    written = workspace.app.programs["w"].model_dump(mode="json", by_alias=True)
    old = Program.model_validate({**written, "conditions": [{"gone": {}}]})
    older = Program.model_validate({**written, "steps": [{"id": "s", "use": "gone.away"}]})
    workspace.app.store.programs.keep(older, Listing(texts={}))
    workspace.app.store.programs.keep(old, Listing(texts={}))
    extra = {"x1": old.fingerprint, "x2": older.fingerprint, "x3": "0" * 12}
    workspace.app.store.runs.open(
        [runs[0].model_copy(update={"id": id, "key": id, "program": version}) for id, version in extra.items()]
    )
    ended = {run.id: run for run in workspace.settle("w").runs}

    assert ["x 0", "x 1", "x 2"] == sorted(network.texts)
    assert "No plugin offers the condition `gone` any more" in ended["x1"].because
    assert "No plugin offers the action `gone.away` any more" in ended["x2"].because
    assert "the version it began with is gone" in ended["x3"].because
    assert {RunState.FAILED} == {ended[id].state for id in extra}


Steps: st.SearchStrategy[list[Any]] = st.deferred(
    lambda: st.lists(
        st.one_of(
            st.sampled_from(["ok", "no", "lost", "boom-after", "giveup"]).map(
                lambda word: {"use": "net.send", "with": {"text": word}}
            ),
            st.sampled_from(["", "giveup", "skip", "boom"]).map(
                lambda how: {"use": "net.say", "with": {"value": "${{ event.n }}", "how": how}}
            ),
            st.just({"set": {"v": "${{ now() }}"}}),
            st.just({"wait": "5m"}),
            st.just({"wait_for": {"event": {"type": "never.heard"}, "timeout": "5m"}}),
            st.just({"emit": "a.happened"}),
            st.just({"stop": "enough"}),
            st.builds(
                lambda a, b, n: {"if": f"${{{{ event.n > {n} }}}}", "then": a, "else": b},
                Steps,
                Steps,
                st.integers(0, 2),
            ),
            st.builds(lambda a: {"each": {"in": [1, 2]}, "steps": a}, Steps),
            st.builds(lambda a, f: {"parallel": {"steps": a, "fail": f}}, Steps, st.sampled_from(["stop", "continue"])),
            st.builds(lambda a, b, c: {"try": a, "catch": b, "finally": c}, Steps, Steps, Steps),
        ),
        min_size=1,
        max_size=3,
    )
)


@pytest.fixture
def numbered() -> Iterator[int]:
    """A number for every example, so that one store serves them all."""

    def count() -> Iterator[int]:
        number = 0
        while True:
            yield number
            number += 1

    return count()


def come_to_rest(workspace: Any, workflow: str, crash: type[BaseException]) -> None:
    """Go on as long as time alone brings the runs of a workflow further; a process that dies is followed by another."""
    for _ in range(40):
        try:
            workspace.app.activate(workflow)
        except crash:
            workspace.reopen()
        workspace.clock.advance(timedelta(hours=1))
        [run] = workspace.app.store.runs.list(workflow=workflow)
        if run.state.ended:
            return


def trace(run: Any) -> list[tuple[str, StepState]]:
    return sorted((record.path, record.state) for record in run.steps)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=Steps, at=st.integers(1, 30), after=st.booleans())
def test_any_cut(
    workspace: Any, network: Any, cut: Any, crash: Any, numbered: Any, steps: Any, at: int, after: bool
) -> None:
    """Any program, cut off anywhere, sends once what it sends uninterrupted, and ends the same."""
    number = next(numbered)
    document = {"actions": steps, "triggers": [{"id": "m", "manual": {}}]}
    for name in ("whole", "parts"):
        for old in (workspace.folder / "workflows").glob("*.yaml") if number or name == "parts" else ():
            old.unlink()
        workspace.write({"id": f"{name}-{number}", **document})
        network.sent.clear()
        workspace.app.start(f"{name}-{number}", event=workspace.event({"n": 1}, id=f"e{number}"))
        store = workspace.app.store
        if name == "parts":
            workspace.app.__dict__["store"] = cut(store, at=at, after=after)
        come_to_rest(workspace, f"{name}-{number}", crash)
        [listed] = workspace.app.store.runs.list(workflow=f"{name}-{number}")
        run = workspace.app.store.runs.get(listed.id)
        sent = sorted(key.split("/", 1)[1] for key, _ in network.sent)
        if name == "whole":
            expected = (run.state, run.because, trace(run), sent)

    assert len(set(sent)) == len(sent), json.dumps(steps)
    assert expected == (run.state, run.because, trace(run), sent)


def test_list_of_a_loop(workspace: Any, network: Any, crash: Any) -> None:
    """A loop that is resumed goes on with the list it began with, whatever its expression gives by now."""
    items = "${{ [1, 2, 3] if now() < event.end else [3] }}"
    send = {"use": "net.send", "with": {"text": "${{ 'crash now' if item == 1 else 'item ' ~ item }}"}}
    workspace.write({"id": "w", "actions": [{"each": {"in": items}, "steps": [send]}]})
    end = (workspace.clock.now() + timedelta(minutes=1)).isoformat()
    workspace.app.start("w", event=workspace.event({"end": end}))
    with pytest.raises(crash):
        workspace.app.activate("w")
    workspace.reopen()
    workspace.settle("w")

    assert ["crash now", "item 2", "item 3"] == network.texts
