"""Two workers that want the same effect: whoever comes second leaves it as the first has made it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon.components.ports import Overtaken
from antiphon.errors import InputError
from antiphon.model.effect import Effect, EffectState, Unknown
from antiphon.model.ruling import Ruling, Way
from antiphon.model.run import RunState
from antiphon.runtime.policy import braking
from antiphon.runtime.resolving import Answer, resolve

KEY = "w/once"


def wanted(run: str, text: str = "hello") -> Effect:
    """The same effect, as another run wants it."""
    return Effect(key=KEY, action="net.send", workflow="w", run=run, step="s", summary="send", payload={"text": text})


def doubtful(workspace: Any) -> None:
    """An effect that was claimed, and nobody knows what became of it."""
    workspace.write({"id": "w"})
    ledger = workspace.app.store.ledger
    ledger.plan([wanted("r0")])
    assert ledger.claim(KEY, "somebody")
    ledger.settle(KEY, Unknown("no answer came"))


def test_both_look(workspace: Any, network: Any) -> None:
    """Two that look for the same effect at once, and do not find it, send it once."""
    doubtful(workspace)
    look, others = network.look, ["r2"]

    def slowly(effect: Effect, ctx: Any) -> Any:
        answer = look(effect, ctx)
        if others:
            workspace.app._performer("second").carry_out(wanted(others.pop()))
        return answer

    network.look = slowly
    entry = workspace.app._performer("first").carry_out(wanted("r1"))

    assert (EffectState.DONE, ["hello"]) == (entry.state, network.texts)


@pytest.mark.parametrize("answer", ["lookup", "cannot tell", "raises"])
def test_claim_of_another(workspace: Any, network: Any, answer: str) -> None:
    """What a look-up found before another worker has claimed the effect does not take that claim away."""
    doubtful(workspace)
    network.reconcile = answer
    look, ledger = network.look, workspace.app.store.ledger

    def slowly(effect: Effect, ctx: Any) -> Any:
        ledger.release(KEY, because="the second has looked, too")
        assert ledger.claim(KEY, "second")
        return look(effect, ctx)

    network.look = slowly
    entry = workspace.app._performer("first").carry_out(wanted("r1"))

    assert (EffectState.CLAIMED, "second", []) == (entry.state, entry.claimed_by, network.texts)


def test_held_meanwhile(workspace: Any, network: Any) -> None:
    """A rule that would hold an effect does not take it back from a worker who has claimed it meanwhile."""
    doubtful(workspace)
    store = workspace.app.store
    store.ledger.release(KEY, because="it was not there")
    braking.put(store, "workspace", "stop", by="ana", now=workspace.clock.now())
    record = store.rulings.record

    def slowly(key: str, rulings: Any) -> None:
        record(key, rulings)
        assert store.ledger.claim(KEY, "second")

    store.rulings.record = slowly
    entry = workspace.app._performer("first").carry_out(wanted("r1"))

    assert (EffectState.CLAIMED, "second") == (entry.state, entry.claimed_by)


def test_lifted_meanwhile(workspace: Any) -> None:
    """Lifting a brake twice at once lets an effect go once: what has been claimed since stays claimed."""
    doubtful(workspace)
    store, now = workspace.app.store, workspace.clock.now()
    store.ledger.release(KEY, because="it was not there")
    store.ledger.hold(KEY, now, because="the brake of workspace is on")
    store.rulings.record(KEY, [Ruling(rule="brake", verdict=Way.HOLD, because="on")])
    latest = store.rulings.latest

    def slowly(key: str) -> Any:
        assert store.ledger.claim(KEY, "second")
        return latest(key)

    store.rulings.latest = slowly

    assert 0 == braking.let_go(store, "workspace", now, because="lifted")
    assert EffectState.CLAIMED == store.ledger.get(KEY).state


@pytest.mark.parametrize("until", [None, timedelta(), timedelta(hours=1)])
def test_late_proof(workspace: Any, network: Any, until: timedelta | None) -> None:
    """A receipt that comes after its claim was taken for a crash still settles the effect, so nobody sends it again."""
    workspace.write({"id": "w"})
    receive, ledger, clock = network.receive, workspace.app.store.ledger, workspace.clock

    def slowly(effect: Effect, ctx: Any) -> Any:
        ledger.release(KEY, because="the network was asked and does not have it")
        if until is not None:
            ledger.hold(KEY, clock.now() + until, because="quiet hours")
        return receive(effect, ctx)

    network.receive = slowly
    workspace.app._performer("first").carry_out(wanted("r1"))
    entry = workspace.app._performer("second").carry_out(wanted("r2"))

    assert (EffectState.DONE, ["hello"]) == (entry.state, network.texts)


@pytest.mark.parametrize("text", ["later", "offline", "no", "lost"])
def test_late_word(workspace: Any, network: Any, text: str) -> None:
    """Any other answer that comes that late says nothing about the claim of another."""
    workspace.write({"id": "w"})
    receive, ledger = network.receive, workspace.app.store.ledger

    def slowly(effect: Effect, ctx: Any) -> Any:
        ledger.release(KEY, because="the network was asked and does not have it")
        assert ledger.claim(KEY, "second")
        return receive(effect, ctx)

    network.receive = slowly
    entry = workspace.app._performer("first").carry_out(wanted("r1", text))

    assert (EffectState.CLAIMED, "second") == (entry.state, entry.claimed_by)


def test_left_claim(workspace: Any) -> None:
    """A claim that a dead worker left behind can be settled by a person; one that may be at work cannot."""
    doubtful(workspace)
    ledger, clock = workspace.app.store.ledger, workspace.clock
    ledger.release(KEY, because="it was not there")
    assert ledger.claim(KEY, "first")
    with pytest.raises(InputError, match="claimed"):
        resolve(ledger, ledger.get(KEY), Answer.NOT_SENT, clock)
    clock.advance(timedelta(minutes=11))

    assert EffectState.PLANNED == resolve(ledger, ledger.get(KEY), Answer.NOT_SENT, clock).state


def test_answered_twice(workspace: Any) -> None:
    """A person's answer about what they saw is not applied to what has become of it since."""
    doubtful(workspace)
    ledger = workspace.app.store.ledger
    seen = ledger.get(KEY)
    resolve(ledger, seen, Answer.NOT_SENT, workspace.clock)
    assert ledger.claim(KEY, "first")
    with pytest.raises(Overtaken):
        resolve(ledger, seen, Answer.NOT_SENT, workspace.clock)

    assert EffectState.CLAIMED == ledger.get(KEY).state


@pytest.mark.parametrize("key", ["${{ event.campaign }}", "${{ event.none }}", " "])
def test_empty_key(workspace: Any, network: Any, key: str) -> None:
    """A key that comes out empty fails the step: it would make one act of all, and lose all but the first."""
    step = {"use": "net.send", "id": "s", "with": {"text": "hello"}, "effect": {"key": key}}
    run = workspace.answer(step, data={"campaign": "", "none": None})

    assert (RunState.FAILED, []) == (run.state, network.texts)


@pytest.mark.parametrize("word", ["brake", "suppression"])
def test_said_before_the_claim(workspace: Any, network: Any, word: str) -> None:
    """A brake or a suppression that comes after the rules were asked, and before the claim, still keeps the effect."""
    workspace.write({"id": "w"})
    store, now = workspace.app.store, workspace.clock.now()
    claim = store.ledger.claim

    def slowly(*args: Any) -> bool:
        if word == "brake":
            braking.put(store, "workspace", "stop", by="ana", now=now)
        else:
            store.suppressions.add("mia", reason="asked us to stop", by="ana")
        won: bool = claim(*args)
        return won

    store.ledger.claim = slowly
    entry = workspace.app._performer("first").carry_out(wanted("r1").model_copy(update={"subject": "mia"}))
    store.ledger.claim = claim
    assert (EffectState.HELD, []) == (entry.state, network.texts)
    workspace.clock.advance(timedelta(minutes=2))
    after = workspace.app._performer("first").carry_out(wanted("r1"))

    stands = {"brake": (EffectState.HELD, None), "suppression": (EffectState.VETOED, None)}
    assert (*stands[word], []) == (after.state, after.not_before, network.texts)
