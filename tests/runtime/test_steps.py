"""Every kind of step does what its page says."""

from __future__ import annotations

from typing import Any

import pytest

from antiphon.model.effect import EffectState
from antiphon.model.run import RunState, StepState


def send(text: Any, **keys: Any) -> dict[str, Any]:
    return {"use": "net.send", "with": {"text": text}, **keys}


def say(value: Any = None, how: str = "", **keys: Any) -> dict[str, Any]:
    return {"use": "net.say", "with": {"value": value, "how": how}, **keys}


def states(run: Any) -> dict[str, StepState]:
    return {record.path: record.state for record in run.steps}


def results(run: Any) -> dict[str, Any]:
    return {record.path: record.result for record in run.steps}


def test_use(workspace: Any, network: Any) -> None:
    """An action's receipt and a computation's value are the results of their steps, and the run tells what was done."""
    run = workspace.answer(
        send("hi ${{ event.name }}", id="a"), say("${{ steps.a.remote_id }}", id="b"), data={"name": "Ana"}
    )

    assert RunState.DONE == run.state
    assert ["hi Ana"] == network.texts
    assert {"a": {"text": "hi Ana", "remote_id": "1", "url": ""}, "b": "1"} == results(run)
    assert "send hi Ana" == run.because


@pytest.mark.parametrize(
    ("how", "told"),
    [("giveup", "it cannot be Change it."), ("boom", "ZeroDivisionError"), ("odd", "failed in its own code")],
)
def test_failing_computation(workspace: Any, network: Any, how: str, told: str) -> None:
    """A computation that fails, or gives what is no JSON, fails the run with a sentence; nothing after it is done."""
    run = workspace.answer(say(how=how, id="a"), send("after"))

    assert (RunState.FAILED, []) == (run.state, network.texts)
    assert told in run.because
    assert {"a": StepState.FAILED} == states(run)


def test_skip(workspace: Any, network: Any) -> None:
    """A step that decides to do nothing is passed over with its reason."""
    run = workspace.answer(say(how="skip", id="a"), send("after"))

    assert (RunState.DONE, ["after"]) == (run.state, network.texts)
    assert ("nothing to say", StepState.SKIPPED) == (run.steps[0].because, run.steps[0].state)


def test_retry_later(workspace: Any, network: Any) -> None:
    """A computation that must come back later holds the run, and resuming asks it again."""
    run = workspace.answer(say(how="retry", id="a"), send("after"))

    assert RunState.HELD == run.state
    assert RunState.HELD == workspace.app.resume(run.id).runs[0].state
    assert ["a", "a"] == network.computed


def test_no_effect(workspace: Any) -> None:
    """An action whose plan is no effect fails; it must not pass for done."""
    run = workspace.answer({"use": "net.nothing", "id": "a", "with": {"text": "x"}})

    assert RunState.FAILED == run.state
    assert "NoneType instead of an Effect" in run.because


def test_missing_value(workspace: Any) -> None:
    """An expression without a value fails its own step, with the path that is not there."""
    run = workspace.answer(send("${{ event.author.name }}", id="a"))

    assert RunState.FAILED == run.state
    assert "event.author.name is not there" in run.because
    assert {"a": StepState.FAILED} == states(run)


@pytest.mark.parametrize(("followers", "sent"), [(2000, ["large"]), (3, ["small"])])
def test_if(workspace: Any, network: Any, followers: int, sent: list[str]) -> None:
    """One of two ways is taken, and the decision is seen by later steps and kept with both values."""
    run = workspace.answer(
        {"id": "way", "if": "${{ event.followers > 1000 }}", "then": [send("large")], "else": [send("small")]},
        say("${{ steps.way }}", id="after"),
        data={"followers": followers},
    )

    assert sent == network.texts
    assert str(followers) in run.steps[0].because
    assert ("then" if sent == ["large"] else "") == results(run)["after"]


@pytest.mark.parametrize(("n", "sent"), [(1, ["one"]), (2, ["two"]), (3, ["other"])])
def test_choose(workspace: Any, network: Any, n: int, sent: list[str]) -> None:
    """The first way whose conditions hold is taken, and `else` when none does."""
    choices = [
        {"if": "${{ event.n == 1 }}", "then": [send("one")]},
        {"if": ["${{ event.n > 1 }}", "${{ event.n < 3 }}"], "then": [send("two")]},
    ]
    workspace.answer({"choose": choices, "else": [send("other")]}, data={"n": n})

    assert sent == network.texts


def test_each(workspace: Any, network: Any) -> None:
    """Loops go in order, nest, count from zero, and every effect in them has a key of its own."""
    inner = {
        "id": "inner",
        "each": {"in": "${{ row }}", "as": "cell"},
        "steps": [send("${{ index }} ${{ cell }}", id="s")],
    }
    run = workspace.answer(
        {"id": "outer", "each": {"in": "${{ event.rows }}", "as": "row"}, "steps": [inner]},
        data={"rows": [["a", "b"], ["a"]]},
    )

    assert ["0 a", "1 b", "0 a"] == network.texts
    assert 3 == len({key for key, _ in network.sent})
    assert {"outer[0]/inner[1]/s", "outer[1]/inner[0]/s", "outer"} < set(states(run))


def test_each_keeps_items_apart(workspace: Any, network: Any) -> None:
    """What one item's steps gave is not seen by the steps of the next item; variables are."""
    steps = [
        {"if": "${{ item == 1 }}", "then": [say("of ${{ item }}", id="found"), {"set": {"seen": "${{ item }}"}}]},
        send("${{ item }}: ${{ steps.found | default('none') }}, ${{ vars.seen }}"),
    ]
    workspace.answer({"each": {"in": [1, 2]}, "steps": steps})

    assert ["1: of 1, 1", "2: none, 1"] == network.texts


@pytest.mark.parametrize(
    ("value", "told"), [("text", "not a list"), ({"a": 1}, "not a list"), ([0] * 10_001, "10,000")]
)
def test_each_of_what(workspace: Any, value: Any, told: str) -> None:
    """A loop goes over a list of at most ten thousand items."""
    run = workspace.answer({"id": "l", "each": {"in": "${{ event.value }}"}, "steps": [say(1)]}, data={"value": value})

    assert RunState.FAILED == run.state
    assert told in run.because


def test_parallel(workspace: Any, network: Any) -> None:
    """The branches' requests of one round go out together."""
    two_steps = {"try": [send("a1"), send("a2")]}
    workspace.write({"id": "w", "actions": [{"parallel": {"steps": [two_steps, send("b1")]}}]})
    labels: list[tuple[str, int]] = []

    def around(label: str, count: int, work: Any) -> Any:
        labels.append((label, count))
        return work()

    workspace.app.start("w")
    workspace.app.activate("w", around=around)

    assert [("evaluate", 1), ("net.send", 2), ("net.send", 1)] == labels
    assert ["a1", "b1", "a2"] == network.texts


@pytest.mark.parametrize(
    ("fail", "state", "sent"), [("stop", RunState.FAILED, ["b"]), ("continue", RunState.DONE, ["b", "after"])]
)
def test_parallel_failing(workspace: Any, network: Any, fail: str, state: RunState, sent: list[str]) -> None:
    """A failing branch leaves the others alone; it fails the step unless that may go on."""
    run = workspace.answer(
        {"id": "p", "parallel": {"fail": fail, "steps": [send("no", id="a"), send("b")]}}, send("after")
    )

    assert (state, sent) == (run.state, network.texts)
    if fail == "continue":
        [told] = results(run)["p"]["failed"]
        assert "it said no" in told


def test_parallel_held(workspace: Any, network: Any) -> None:
    """A branch that is held or stops does not lose the others, and what is held goes on later."""
    branches = [{"stop": "enough"}, {"try": [send("later 1"), send("next")]}, {"try": [send("b1"), send("b2")]}]
    run = workspace.answer({"parallel": {"steps": branches}}, send("after"))

    assert (RunState.HELD, ["b1", "b2"]) == (run.state, network.texts)


def test_set(workspace: Any, network: Any) -> None:
    """Values have names from then on, and may be set anew."""
    workspace.answer(
        {"set": {"n": 1}},
        {"set": {"n": "${{ vars.n + 1 }}", "m": "${{ vars.n }}"}},
        send("${{ vars.n }} ${{ vars.m }}"),
    )

    assert ["2 1"] == network.texts


INPUTS = {"n": {"type": "integer", "required": True}, "m": {"type": "text", "default": "d"}}
CALLEE = {
    "id": "callee",
    "triggers": [{"id": "m", "manual": {"inputs": INPUTS}}],
    "actions": [
        {"if": "${{ trigger.inputs.n > 9 }}", "then": [send("big", id="big")]},
        {"stop": {"result": "${{ trigger.inputs.n + 1 }} ${{ trigger.inputs.m }}"}},
        send("never"),
    ],
}


def test_call(workspace: Any, network: Any) -> None:
    """A call hands over inputs, typed and completed; a `stop` of the callee is its result, and ends only the callee."""
    workspace.write(CALLEE)
    calls = [{"id": f"c{n}", "call": "callee", "with": {"n": n}} for n in (10, 11)]
    run = workspace.answer(*calls, send("${{ steps.c10 }}, ${{ steps.c11 }}"))

    assert RunState.DONE == run.state
    assert ["big", "big", "11 d, 12 d"] == network.texts


@pytest.mark.parametrize(
    ("given", "told"), [({}, "n"), ({"n": "ten"}, "whole number"), ({"n": 1, "k": 2}, "There is no input `k`")]
)
def test_call_wrongly(workspace: Any, network: Any, given: Any, told: str) -> None:
    """Wrong inputs fail the call, which a `try` may catch."""
    workspace.write(CALLEE)
    run = workspace.answer(
        {
            "try": [{"id": "c", "call": "callee", "with": given}],
            "catch": [send("${{ error.step }}: ${{ error.message }}")],
        }
    )

    assert RunState.DONE == run.state
    assert network.texts[0].startswith("try/c: ")
    assert told in network.texts[0]


def test_declined_callee(workspace: Any, network: Any) -> None:
    """A callee whose conditions do not hold is passed over, with the reason."""
    workspace.write({**CALLEE, "conditions": ["${{ trigger.inputs.n > 100 }}"]})
    run = workspace.answer({"id": "c", "call": "callee", "with": {"n": 7}}, send("after"))

    assert (RunState.DONE, ["after"]) == (run.state, network.texts)
    [skipped] = [record for record in run.steps if record.path == "c"]
    assert StepState.SKIPPED == skipped.state
    assert "7 > 100" in skipped.because


def test_call_of_what_is_disabled(workspace: Any) -> None:
    """A workflow that is not enabled cannot be called."""
    workspace.write({**CALLEE, "enabled": False})
    run = workspace.answer({"id": "c", "call": "callee", "with": {"n": 7}})

    assert RunState.FAILED == run.state
    assert "no enabled workflow `callee`" in run.because


def test_depth_of_calls(workspace: Any, network: Any) -> None:
    """Calls go eight deep."""
    workspace.write(
        *({"id": f"c{n}", "actions": [{"id": "down", "call": f"c{n + 1}"}]} for n in range(8)),
        {"id": "c8", "actions": [send("deep")]},
    )
    eight = workspace.answer({"call": "c1"}, inputs={})
    nine = workspace.answer({"call": "c0"}, inputs={})

    assert (RunState.DONE, ["deep"]) == (eight.state, network.texts)
    assert RunState.FAILED == nine.state
    assert "more than 8 deep" in nine.because


def test_stop(workspace: Any, network: Any) -> None:
    """A stop ends the run with reason and result; one that is failed fails it. A reason may be any value."""
    stopped = workspace.answer(
        {"stop": {"because": "${{ event.n }}", "result": ["${{ event.n }}"]}}, send("never"), data={"n": 7}
    )
    workspace.write({"id": "w2", "actions": [{"id": "s", "stop": {"because": "bad", "failed": True}}]})
    workspace.app.start("w2")
    [failed] = workspace.settle("w2").runs

    assert (RunState.STOPPED, "7", [7], []) == (stopped.state, stopped.because, stopped.result, network.texts)
    assert (RunState.FAILED, "s: bad") == (failed.state, failed.because)


def test_try(workspace: Any, network: Any) -> None:
    """What fails in a try is caught with its message, its conditions too; the run goes on, `finally` in any case."""
    one = {
        "try": [send("no", id="a"), send("never")],
        "catch": [send("${{ error.step }}|${{ error.message }}")],
        "finally": [send("f1")],
    }
    two = {
        "try": [{"id": "i", "if": {"broken": {}}, "then": [send("never")]}],
        "catch": [send("${{ error.step }}")],
        "finally": [send("f2")],
    }
    run = workspace.answer(one, two, send("after"))

    assert RunState.DONE == run.state
    assert ["try/a|send no: it said no Ask nicely.", "f1", "try-2/i", "f2", "after"] == network.texts


@pytest.mark.parametrize(
    ("tried", "catch", "state", "sent"),
    [
        ([{"stop": "enough"}], [], RunState.STOPPED, ["f"]),
        ([send("no")], [], RunState.FAILED, ["f"]),
        ([send("no")], [send("no 2")], RunState.FAILED, ["f"]),
        ([send("no")], [{"stop": "enough"}], RunState.STOPPED, ["f"]),
        ([send("dead")], [send("c")], RunState.HELD, []),
        ([send("ok")], [send("c")], RunState.DONE, ["ok", "f", "after"]),
    ],
)
def test_finally(workspace: Any, network: Any, tried: Any, catch: Any, state: RunState, sent: list[str]) -> None:
    """`finally` comes after every end, and waits with a run that is held."""
    run = workspace.answer({"try": tried, "catch": catch, "finally": [send("f")]}, send("after"))

    assert (state, sent) == (run.state, network.texts)


def test_emit(workspace: Any, network: Any) -> None:
    """What is announced wakes other workflows, and is the same event however often the step is done."""
    workspace.write(
        {
            "id": "hears",
            "triggers": [{"id": "t", "event": {"type": "campaign.posted"}}],
            "actions": [send("heard ${{ event.url }}")],
        }
    )
    run = workspace.answer({"emit": "campaign.posted", "with": {"url": "u"}})
    kit = workspace.app._kit()
    again = kit.emit(run, "emit", "campaign.posted", {"url": "u"})

    assert again == results(run)["emit"]["event"]
    assert ("hears",) == workspace.app.route()
    workspace.settle("hears")
    assert ["heard u"] == network.texts


def test_effect_key(workspace: Any, network: Any) -> None:
    """An author's key makes two steps one act; a key of any length and letters can be kept."""
    long = "\U0001f600" * 5000
    workspace.answer(
        send("one", effect={"key": "same"}), send("two", effect={"key": "same"}),
        send("three", effect={"key": "${{ event.long }}"}), send("four", effect={"key": "${{ event.nul }}"}),
        data={"long": long, "nul": "a\0b"},
    )  # fmt: skip

    assert ["one", "three", "four"] == network.texts
    assert all(len(key) < 500 and "\0" not in key for key, _ in network.sent)


def test_conditions(workspace: Any, network: Any) -> None:
    """A run whose conditions do not hold is declined with both values; a broken condition fails it in words."""
    declined = workspace.answer(send("x"), conditions=["${{ event.n > 5 }}"], data={"n": 3})
    workspace.write(
        {"id": "w2", "conditions": [{"broken": {}}]}, {"id": "w3", "conditions": [{"broken": {"how": "none"}}]}
    )
    for name in ("w2", "w3"):
        workspace.app.start(name)
    [raised], [odd] = workspace.settle("w2").runs, workspace.settle("w3").runs

    assert (RunState.DECLINED, []) == (declined.state, network.texts)
    assert "3 > 5" in declined.because
    assert (RunState.FAILED, RunState.FAILED) == (raised.state, odd.state)
    assert "The condition `broken` failed in its own code: ZeroDivisionError" in raised.because
    assert "instead of a Verdict" in odd.because


def test_plan(workspace: Any, network: Any) -> None:
    """A plan shows what is known only after a step in those words, wherever it goes, and decides nothing by it."""
    workspace.write(CALLEE)
    plan = workspace.plan(
        send("one", id="a"),
        {"set": {"v": "${{ steps.a.url }}"}},
        {"use": "net.numbered", "with": {"number": "${{ steps.a.remote_id }}"}},
        say("${{ steps.a.url }}"),
        {"id": "c", "call": "callee", "with": {"n": "${{ steps.a.remote_id }}"}},
        send("two ${{ vars.v }}"),
    )

    assert [] == network.texts
    assert ["one"] == [entry.effect.payload["text"] for entry in plan.entries]
    assert "cannot be decided before an earlier step is done" in plan.runs[0].because


def test_plan_of_a_stop(workspace: Any) -> None:
    """A stop in a plan may speak of what is known only later."""
    plan = workspace.plan(
        send("one", id="a"), {"stop": {"because": "${{ steps.a.url }}", "result": "${{ steps.a.url }}"}}
    )

    [run] = plan.runs
    assert ("‹known after a›", "‹known after a›", RunState.STOPPED) == (run.because, run.result, run.state)
    assert {EffectState.PLANNED: 1} == plan.effects
