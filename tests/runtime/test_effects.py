"""Effects: never lost, and never twice without asking; a plan touches nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from antiphon.model.effect import EffectState, Unknown
from antiphon.model.run import RunState


def send(text: str, **keys: Any) -> dict[str, Any]:
    return {"use": "net.send", "id": "s", "with": {"text": text, **keys}}


def entry(workspace: Any) -> Any:
    """The only entry of the ledger."""
    [found] = workspace.app.store.ledger.list()
    return found


def changes(workspace: Any) -> list[str]:
    return [str(change.after) for change in workspace.app.store.ledger.history(entry(workspace).effect.key)]


def test_way_of_an_effect(workspace: Any, network: Any) -> None:
    """An effect is planned, claimed, performed, and has its receipt."""
    workspace.answer(send("hello"))

    assert ["planned", "claimed", "done"] == changes(workspace)
    assert "1" == entry(workspace).receipt.remote_id


@pytest.mark.parametrize(
    ("text", "state", "run", "sent"),
    [
        ("no", EffectState.REJECTED, RunState.FAILED, 0),
        ("later", EffectState.HELD, RunState.HELD, 0),
        ("dead", EffectState.HELD, RunState.HELD, 0),
        ("offline", EffectState.HELD, RunState.HELD, 0),
        ("giveup", EffectState.REJECTED, RunState.FAILED, 0),
        ("retry", EffectState.HELD, RunState.HELD, 0),
        ("boom-before", EffectState.UNKNOWN, RunState.HELD, 0),
        ("boom-after", EffectState.UNKNOWN, RunState.HELD, 1),
        ("lost", EffectState.UNKNOWN, RunState.HELD, 1),
        ("nothing", EffectState.UNKNOWN, RunState.HELD, 0),
        ("slow", EffectState.CLAIMED, RunState.HELD, 1),
        ("odd", EffectState.DONE, RunState.DONE, 1),
    ],
)
def test_outcomes(workspace: Any, network: Any, text: str, state: EffectState, run: RunState, sent: int) -> None:
    """Every outcome has its state; whoever resumes never sends what has been sent."""
    ended = workspace.answer(send(text))

    assert (state, run, sent) == (entry(workspace).state, ended.state, len(network.sent))
    if run is RunState.HELD:
        workspace.reopen()
        workspace.app.resume(ended.id)
        assert sent == len(network.sent)


@pytest.mark.parametrize(
    ("text", "way", "state", "sent"),
    [
        ("lost", "lookup", EffectState.DONE, 1),
        ("boom-before", "lookup", EffectState.UNKNOWN, 0),
        ("lost", "cannot tell", EffectState.PARKED, 1),
        ("lost", "raises", EffectState.PARKED, 1),
        ("slow", "processing", EffectState.CLAIMED, 1),
        ("slow", "lookup", EffectState.DONE, 1),
        ("slow", "cannot tell", EffectState.PARKED, 1),
    ],
)
def test_reconcile(workspace: Any, network: Any, text: str, way: str, state: EffectState, sent: int) -> None:
    """What is in doubt, or still with the network, is looked up: found, absent, still at work, or for a person."""
    run = workspace.answer(send(text))
    network.reconcile = way
    workspace.app.resume(run.id)

    assert (state, sent, 1) == (entry(workspace).state, len(network.sent), len(network.asked))


def test_absent_is_sent(workspace: Any, network: Any) -> None:
    """What the network surely has not is sent then."""
    run = workspace.answer(send("hello ${{ event.mood }}"), data={"mood": "x"})
    ledger = workspace.app.store.ledger
    [other] = ledger.plan([entry(workspace).effect.model_copy(update={"key": "other", "run": run.id})])
    ledger.claim("other", "someone")
    ledger.settle("other", Unknown("no answer"))

    settled = workspace.app._performer("me").carry_out(other.effect)

    assert (EffectState.DONE, 2) == (settled.state, len(network.sent))
    assert ["planned", "claimed", "unknown", "planned", "claimed", "done"] == [
        str(change.after) for change in ledger.history("other")
    ]


def test_slow_network(workspace: Any, network: Any) -> None:
    """What the network is still working on is asked about, as often as it is resumed, and never sent again."""
    run = workspace.answer(send("slow film"))
    network.reconcile = "processing"
    for _ in range(3):
        workspace.reopen()
        assert RunState.HELD == workspace.app.resume(run.id).runs[0].state
    network.processing = False
    [ended] = workspace.app.resume(run.id).runs

    assert (RunState.DONE, 1) == (ended.state, len(network.sent))


def test_one_event_twice(workspace: Any, network: Any) -> None:
    """An event that is delivered twice is answered once, and two triggers of one workflow act once on one event."""
    triggers = [
        {"id": "a", "event": {"type": "mention.received"}},
        {"id": "b", "event": {"type": "mention.*"}},
    ]
    workspace.write({"id": "w", "triggers": triggers, "actions": [send("hello")]})
    for _ in range(2):
        workspace.app.store.events.ingest([workspace.event({})])
        workspace.app.route()
        workspace.app.activate("w")

    assert ["hello"] == network.texts
    assert [RunState.DONE] * 2 == [run.state for run in workspace.app.store.runs.list()]


def test_veto(workspace: Any, network: Any) -> None:
    """A reviewer's word stops the run, and what has been refused stays refused; one that fails refuses."""
    network.vetoes = lambda effect: "too loud" if "loud" in effect.summary else None
    vetoed = workspace.answer(send("loud"), {"use": "net.send", "with": {"text": "after"}})

    def broken(effect: Any) -> str:
        raise ZeroDivisionError("boom")

    network.vetoes = broken
    failed = workspace.answer(send("hello"), inputs={})

    assert [RunState.STOPPED] * 2 == [vetoed.state, failed.state]
    assert "too loud" in vetoed.because
    assert "the reviewer net failed" in failed.because
    assert [] == network.texts


def test_veto_in_a_callee(workspace: Any, network: Any) -> None:
    """A veto stops the whole run, also in a workflow that was called."""
    network.vetoes = lambda effect: "too loud" if "loud" in effect.summary else None
    workspace.write({"id": "callee", "actions": [send("loud")]})
    run = workspace.answer({"call": "callee"}, {"use": "net.send", "with": {"text": "after"}})

    assert (RunState.STOPPED, []) == (run.state, network.texts)


def test_live_claim_of_another(workspace: Any, network: Any) -> None:
    """What another worker is performing for another run is not touched, until it is too old to be alive."""
    workspace.answer(send("hello"))
    ledger = workspace.app.store.ledger
    [theirs] = ledger.plan([entry(workspace).effect.model_copy(update={"key": "k", "run": "theirs"})])
    assert ledger.claim("k", "them")
    ours = theirs.effect.model_copy(update={"run": "ours"})

    assert EffectState.CLAIMED == workspace.app._performer("me").carry_out(ours).state
    assert [] == network.asked
    workspace.clock.advance(timedelta(minutes=11))
    assert EffectState.DONE == workspace.app._performer("me").carry_out(ours).state
    assert ["k"] == network.asked


def test_rate_limit(workspace: Any, network: Any) -> None:
    """A rate limit holds until its time, and not longer."""
    run = workspace.answer(send("later"))
    key = entry(workspace).effect.key
    workspace.app.resume(run.id)
    assert 1 == entry(workspace).attempts
    workspace.clock.advance(timedelta(minutes=6))
    workspace.app.resume(run.id)

    assert 2 == entry(workspace).attempts
    assert key == entry(workspace).effect.key


def test_missing_secret(workspace: Any, network: Any) -> None:
    """A connection whose secret is missing sends nothing, says which one, and goes on once it is there."""
    (workspace.folder / "antiphon.toml").write_text(
        '[connections.brand]\nconnector = "net"\ntoken = "${{ secrets.key }}"\n', encoding="utf-8"
    )
    run = workspace.answer(send("hello", connection="brand"))
    assert (RunState.HELD, []) == (run.state, network.texts)
    assert "'key' is not set" in run.because
    network.secrets["key"] = "canary"
    workspace.app.resume(run.id)

    assert ["hello"] == network.texts


def counts(path: Any) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in tables}


def test_paper(workspace: Any, network: Any) -> None:
    """A plan opens no writer, sends nothing and keeps nothing; it shows what is known only later in those words."""
    dedupe = {"dedupe": {"key": "${{ event.id }}", "within": "30d"}}
    steps = [
        send("one", connection="brand"),
        {"use": "net.send", "with": {"text": "seen at ${{ steps.s.url }}"}},
        {"emit": "a.happened", "with": {"url": "${{ steps.s.url }}"}},
        {"wait": "3d"},
    ]
    workspace.plan(*steps, conditions=[dedupe])
    before, moment = counts(workspace.folder / ".antiphon" / "antiphon.db"), workspace.clock.now()
    plan = workspace.app.plan("w", events=[workspace.event({})])

    assert before == counts(workspace.folder / ".antiphon" / "antiphon.db")
    assert moment == workspace.clock.now()
    assert (0, []) == (network.writers, network.texts)
    assert ["one", "seen at ‹known after s›"] == [entry.effect.payload["text"] for entry in plan.entries]
    assert {EffectState.PLANNED: 2} == plan.effects
    assert RunState.DONE == plan.runs[0].state


def test_no_way_to_a_writer(workspace: Any, network: Any) -> None:
    """What only looks cannot reach a writer, not even where it breaks the rules."""
    run = workspace.answer({"use": "net.say", "with": {"how": "reach"}})

    assert (RunState.FAILED, 0) == (run.state, network.writers)
    assert "AttributeError" in run.because


def test_plan_knows_what_is_done(workspace: Any, network: Any) -> None:
    """A plan says what has been done already."""
    workspace.answer(send("hello"))
    plan = workspace.app.plan("w", events=[workspace.event({})])

    assert {EffectState.DONE: 1} == plan.effects


CANARY = "canary-7f3a"


def everything(workspace: Any) -> str:
    """All that is kept, as text."""
    with sqlite3.connect(workspace.folder / ".antiphon" / "antiphon.db") as connection:
        return "\n".join(connection.iterdump())


def test_secrets_stay_away(workspace: Any, network: Any, logged: Callable[[], str]) -> None:
    """An author's secret reaches the network, and neither the store, the plan, the log nor what observers see."""
    network.secrets["key"] = CANARY
    steps = [
        send("token ${{ secrets.key }}"),
        {"use": "log", "with": {"message": "${{ steps.s.text }} ${{ secrets.key }}"}},
    ]
    plan = workspace.plan(*steps)
    run = workspace.answer(*steps)

    assert [{"text": f"token {CANARY}"}] == network.revealed
    assert RunState.DONE == run.state
    for place in (everything(workspace), repr(plan), repr(run), repr(network.observed), logged()):
        assert CANARY not in place


@pytest.mark.parametrize("seal", ["", "\N{INVISIBLE SEPARATOR}"], ids=["bare", "sealed"])
@pytest.mark.parametrize(
    "steps",
    [
        [send("${{ event.text }}")],
        [{"use": "net.say", "id": "x", "with": {"value": "${{ event.text }}"}}, send("${{ steps.x }}")],
        [{"set": {"v": "${{ event.text }}"}}, send("a ${{ vars.v }}")],
        [{"use": "net.say", "id": "x", "with": {"value": "${{ secrets.key }}"}}, send("${{ steps.x }}")],
        [
            {
                "try": [{"use": "net.say", "with": {"how": "giveup", "value": "${{ secrets.key }} ${{ event.text }}"}}],
                "catch": [send("${{ error.message }}")],
            }
        ],
        [{"each": {"in": ["${{ event.text }}"]}, "steps": [send("${{ item }}")]}],
        [send("x", connection="brand"), {"use": "net.send", "with": {"text": "${{ steps.s.text }} ${{ event.text }}"}}],
    ],
    ids=["event", "result", "vars", "secret through a result", "error", "each", "receipt"],
)
def test_strangers_words_stay_words(workspace: Any, network: Any, steps: list[Any], seal: str) -> None:
    """A mark that a stranger wrote, sealed or not, is never replaced, whatever way it takes."""
    network.secrets["key"] = CANARY
    workspace.answer(*steps, data={"text": f"${{{{{seal} secrets.key }}}}"})

    assert network.revealed
    assert CANARY not in repr(network.revealed)


def test_emitted_words_stay_words(workspace: Any, network: Any) -> None:
    """A stranger's mark stays words also through an announced event, an input, and the end of a run."""
    network.secrets["key"] = CANARY
    ways: dict[str, tuple[dict[str, Any], str]] = {
        "h1": ({"event": {"type": "a.happened"}}, "${{ event.text }}"),
        "h2": ({"workflow": {"id": "w", "state": "stopped"}}, "${{ event.because }}"),
        "h3": ({"manual": {"inputs": {"x": {"type": "text"}}}}, "${{ trigger.inputs.x }}"),
    }
    hears = [
        {"id": id, "triggers": [{"id": "t", **kind}], "actions": [send(text)]} for id, (kind, text) in ways.items()
    ]
    workspace.write(*hears)
    text = "${{\N{INVISIBLE SEPARATOR} secrets.key }} ${{ secrets.key }}"
    workspace.answer(
        {"emit": "a.happened", "with": {"text": "${{ event.text }}"}},
        {"call": "h3", "with": {"x": "${{ event.text }}"}},
        {"stop": {"because": "${{ event.text }}"}},
        data={"text": text},
    )
    for workflow in workspace.app.route():
        workspace.app.activate(workflow)
    workspace.app.start("h3", inputs={"x": text})
    workspace.app.activate("h3")

    assert 4 == len(network.sent)
    assert CANARY not in repr(network.revealed)
