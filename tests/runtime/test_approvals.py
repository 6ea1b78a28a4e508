"""Approval of exact content, from the question to what the network gets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from antiphon.errors import InputError, Vetoed
from antiphon.model.approval import Approval, ApprovalState
from antiphon.model.effect import EffectState
from antiphon.model.run import Run, RunState, StepRecord, StepState
from antiphon.runtime.approvals import MOST_ROUNDS
from antiphon.runtime.identity import person
from antiphon.testing.clock import VirtualClock

from .brand import Brand, branded

GROUPS = '[groups]\nbrand = ["ana", "ben", "root"]\n'
COPY = {"id": "copy", "set": {"text": "New drop ${{ review.round }} ${{ review.comment }}"}}
SHOWN = "${{ vars.text }}"
POST = {"id": "post", "use": "mastodon.post", "with": {"connection": "brand", "text": SHOWN}}


def sign(**options: Any) -> dict[str, Any]:
    """A step that asks one of the group about the text."""
    return {"id": "sign", "approve": {"show": SHOWN, "by": {"group": "brand"}, **options}}


@pytest.fixture
def brand(tmp_path: Path, store_url: str, clock: VirtualClock) -> Iterator[Brand]:
    with branded(tmp_path, store_url, clock) as brand:
        brand.settle(server=brand.network.url, token=brand.account.token, policy=GROUPS)
        yield brand


def begin(brand: Brand, *steps: Any, by: str = "dora", **keys: Any) -> Approval:
    """A run that has come as far as its question."""
    brand.write(*steps, **keys)
    brand.app.start("w", by=by)
    brand.app.activate("w")
    return asked(brand)


def asked(brand: Brand) -> Approval:
    """The one question that waits."""
    [found] = brand.app.store.approvals.list(state=ApprovalState.PENDING)
    return found


def go_on(brand: Brand) -> Run:
    """The one run, after all that can be done of it now by a new process."""
    work(brand)
    [run] = brand.app.store.runs.list(workflow="w")
    found = brand.app.store.runs.get(run.id)
    assert found is not None
    return found


def work(brand: Brand) -> None:
    """Do all that can be done now, in a new process; rework is for the second look."""
    brand.reopen()
    for _ in range(2):
        for workflow in brand.app.unfinished():
            brand.app.activate(workflow)


def step(run: Run, path: str) -> StepRecord:
    return next(record for record in run.steps if record.path == path)


def test_waits(brand: Brand) -> None:
    """A run that asks is held without a process, sends nothing, and goes on by itself when somebody has approved."""
    approval = begin(brand, COPY, sign(due="4h"), POST)
    assert ("New drop 0 ", [], RunState.HELD) == (approval.content, brand.texts, go_on(brand).state)
    assert () == brand.app.unfinished()

    brand.app.deciding.approve(approval.id, "ana", comment="Lovely")
    run = go_on(brand)

    assert (RunState.DONE, ["New drop 0"]) == (run.state, brand.texts)
    result = step(run, "sign").result
    assert (True, ["ana"], "Lovely", False) == tuple(result[key] for key in ("approved", "by", "comment", "edited"))


def test_edit(brand: Brand) -> None:
    """What the network gets is, letter by letter, what the approver has made of it, wherever later steps read it."""
    reading = {**POST, "id": "again", "with": {"connection": "brand", "text": "${{ steps.sign.content.text }}?"}}
    ask = sign(show={"text": SHOWN, "note": "As agreed"})
    approval = begin(brand, COPY, ask, POST, reading)

    edited = {"text": "Neu: “Überraschung” <b>&amp;</b> ☕", "note": "As agreed"}
    brand.app.deciding.approve(approval.id, "ana", edited=edited)
    run = go_on(brand)

    assert RunState.DONE == run.state, run.because
    effects = [entry.effect.payload["status"] for entry in brand.app.store.ledger.list()]
    assert {edited["text"], f"{edited['text']}?"} == set(effects)
    assert {"Neu: “Überraschung” <b>&amp;</b> ☕", "Neu: “Überraschung” <b>&amp;</b> ☕?"} == set(brand.texts)
    kept = brand.app.deciding.find(approval.id)
    assert (approval.content, approval.hash) == (kept.content, kept.hash)
    assert kept.hash != kept.edited_hash


@pytest.mark.parametrize(
    ("edited", "told"),
    [
        ({"text": "a"}, "is a mapping, and what was shown is a text"),
        ("", "is empty"),
    ],
)
def test_edit_of_another_kind(brand: Brand, edited: Any, told: str) -> None:
    """An edit changes what is said, and not what it is."""
    approval = begin(brand, COPY, sign(), POST)
    with pytest.raises(InputError, match=told):
        brand.app.deciding.approve(approval.id, "ana", edited=edited)
    assert ApprovalState.PENDING == asked(brand).state


def test_secret_in_an_edit(brand: Brand) -> None:
    """An approver's mark of a secret is words, like anybody's: no secret takes its place."""
    approval = begin(brand, COPY, sign(), POST)
    brand.app.deciding.approve(approval.id, "ana", edited="${{\N{INVISIBLE SEPARATOR} secrets.token }}")
    go_on(brand)
    assert ["${{ secrets.token }}"] == brand.texts


def test_void(brand: Brand) -> None:
    """Content that is another one when the run comes back was not approved: it is asked anew, and says so."""
    approval = begin(brand, COPY, sign(), POST)
    brand.app.deciding.approve(approval.id, "ana")
    change(brand, approval.run, "copy", {"text": "Something else"})
    run = go_on(brand)

    again = asked(brand)
    assert (RunState.HELD, []) == (run.state, brand.texts)
    assert (ApprovalState.VOID, "Something else", 2) == (
        brand.app.deciding.find(approval.id).state,
        again.content,
        again.number,
    )
    assert f"is not what approval {approval.id} was about" in again.because
    assert again.because in run.because

    brand.app.deciding.approve(again.id, "ben")
    assert (RunState.DONE, ["Something else"]) == (go_on(brand).state, brand.texts)


def test_void_before_a_word(brand: Brand) -> None:
    """A question whose content has changed cannot be answered any more."""
    approval = begin(brand, COPY, sign(due="4h"), POST)
    change(brand, approval.run, "copy", {"text": "Something else"})
    brand.app.resume(approval.run)
    with pytest.raises(InputError, match="is void; nobody is asked any more"):
        brand.app.deciding.approve(approval.id, "ana")


def change(brand: Brand, run: str, path: str, result: Any) -> None:
    """What a step gave is changed behind the run's back."""
    record = StepRecord(path=path, step=path, kind="set", state=StepState.DONE, result=result, at=brand.clock.now())
    brand.app.store.runs.record_step(run, record)


def test_rejected(brand: Brand) -> None:
    """A rejection stops the run, with the comment as its reason."""
    approval = begin(brand, COPY, sign(), POST)
    brand.app.deciding.reject(approval.id, "ben", comment="Not our voice")
    run = go_on(brand)
    assert (RunState.STOPPED, "sign: rejected by ben: Not our voice", []) == (run.state, run.because, brand.texts)


def test_rework(brand: Brand) -> None:
    """Rework does the named step and all after it again with the comment, and asks about what comes of it."""
    steps = [{"id": "before", "set": {"a": "${{ now() }}"}}, COPY, sign(on_reject={"rework": "copy"}), POST]
    approval = begin(brand, *steps)
    first = step(_kept(brand, approval.run), "before").result
    brand.app.deciding.reject(approval.id, "ben", comment="say more")
    run = go_on(brand)

    again = asked(brand)
    assert ("New drop 1 say more", 2, approval.run) == (again.content, again.number, again.run)
    assert first == step(run, "before").result, "what stands before it is not done again"
    assert {"text": "New drop 0 "} == step(run, f"copy~{approval.id}").result, "and what was set aside can be seen"

    brand.app.deciding.approve(again.id, "ana")
    assert (RunState.DONE, ["New drop 1 say more"]) == (go_on(brand).state, brand.texts)


def test_rework_around(brand: Brand) -> None:
    """Rework reaches out of the branch in which it is asked for, and never repeats an effect that is done."""
    early = {**POST, "id": "early"}
    branch = {"id": "way", "if": "${{ true }}", "then": [early, sign(on_reject={"rework": "copy"})]}
    approval = begin(brand, COPY, branch)
    brand.app.deciding.reject(approval.id, "ben", comment="again")
    go_on(brand)
    brand.app.deciding.approve(asked(brand).id, "ana")
    assert (RunState.DONE, ["New drop 0"]) == (go_on(brand).state, brand.texts)


def test_rework_ends(brand: Brand) -> None:
    """Work goes back a bounded number of times; then a rejection stops the run."""
    approval = begin(brand, COPY, sign(on_reject={"rework": "copy"}), POST)
    for count in range(MOST_ROUNDS):
        brand.app.deciding.reject(approval.id, "ben", comment=str(count))
        assert RunState.HELD == go_on(brand).state
        approval = asked(brand)
    brand.app.deciding.reject(approval.id, "ben", comment="enough")
    run = go_on(brand)
    assert RunState.STOPPED == run.state
    assert f"sent back {MOST_ROUNDS} times already" in run.because


@pytest.mark.parametrize(
    ("on_timeout", "state", "texts"), [("stop", RunState.STOPPED, []), ("continue", RunState.DONE, ["New drop 0"])]
)
def test_due(brand: Brand, on_timeout: str, state: RunState, texts: list[str]) -> None:
    """When the time is over the run goes on by itself, as its author has said."""
    approval = begin(brand, COPY, sign(due="4h", on_timeout=on_timeout), POST)
    assert approval.due is not None
    brand.clock.set(approval.due - timedelta(minutes=12))
    assert RunState.HELD == go_on(brand).state

    brand.clock.advance(timedelta(minutes=2))
    run = go_on(brand)
    assert (state, texts) == (run.state, brand.texts)
    assert ApprovalState.EXPIRED == brand.app.deciding.find(approval.id).state
    assert step(run, "sign").result["approved"] is False


def test_permission(brand: Brand) -> None:
    """Only the group may decide, and whoever has started the run only where the document lets them."""
    approval = begin(brand, COPY, sign(by={"group": "brand", "not_author": True}), POST, by="ana")
    with pytest.raises(Vetoed, match=r"dora is not of the group brand \(ana, ben, root\)"):
        brand.app.deciding.approve(approval.id, "dora")
    with pytest.raises(Vetoed, match="ana has started the run"):
        brand.app.deciding.approve(approval.id, "ana")
    with pytest.raises(Vetoed, match="ana has started the run"):
        brand.app.deciding.reject(approval.id, "ana")
    assert () == asked(brand).decisions
    assert ApprovalState.APPROVED == brand.app.deciding.approve(approval.id, "ben").state


def test_author(brand: Brand) -> None:
    """The author of a run that an event has called is the workflow."""
    brand.write({"id": "copy", "set": {"text": "Hello"}}, sign(by={"group": "brand", "not_author": True}))
    brand.app.store.events.ingest([brand.event()])
    brand.app.route()
    brand.app.activate("w")
    assert "workflow:w" == asked(brand).author


def test_leaver(brand: Brand) -> None:
    """Who has left the group since the question was asked may not decide."""
    approval = begin(brand, COPY, sign(), POST)
    brand.settle(server=brand.network.url, token=brand.account.token, policy='[groups]\nbrand = ["ben"]\n')
    brand.reopen()
    with pytest.raises(Vetoed, match="ana is not of the group"):
        brand.app.deciding.approve(approval.id, "ana")


def test_ended(brand: Brand) -> None:
    """Nobody decides about a run that has ended."""
    approval = begin(brand, COPY, sign(), POST)
    assert brand.app.store.runs.claim(approval.run, "somebody", timedelta(minutes=2))
    brand.app.store.runs.finish(approval.run, RunState.STOPPED, because="cancelled")
    with pytest.raises(InputError, match="has ended"):
        brand.app.deciding.approve(approval.id, "ana")


def test_parallel(brand: Brand) -> None:
    """A branch that asks keeps no other branch from what it has to do."""
    other = {"id": "other", "use": "mastodon.post", "with": {"connection": "brand", "text": "Meanwhile"}}
    approval = begin(brand, COPY, {"id": "both", "parallel": {"steps": [sign(), other]}}, POST)
    assert ["Meanwhile"] == brand.texts
    brand.app.deciding.approve(approval.id, "ana")
    assert (RunState.DONE, 2) == (go_on(brand).state, len(brand.texts))


def test_each(brand: Brand) -> None:
    """Every item of a loop is asked about on its own."""
    loop = {
        "id": "loop",
        "each": {"in": ["one", "two"], "as": "word"},
        "steps": [{**sign(), "approve": {"show": "${{ word }}", "by": {"group": "brand"}}}],
    }
    first = begin(brand, loop)
    brand.app.deciding.approve(first.id, "ana")
    go_on(brand)
    second = asked(brand)
    assert [("loop[0]/sign", "one"), ("loop[1]/sign", "two")] == [(one.path, one.content) for one in (first, second)]
    brand.app.deciding.approve(second.id, "ana")
    assert RunState.DONE == go_on(brand).state


def test_plan(brand: Brand) -> None:
    """A plan asks nobody: it says who would be asked, and shows what would go out as it stands."""
    brand.write(COPY, sign(due="4h"), POST)
    activation = brand.app.plan("w")
    [entry] = activation.entries
    assert ("New drop 0", EffectState.PLANNED) == (entry.effect.payload["status"], entry.state)
    assert "brand is asked (1 needed, due in 4h)" in step(activation.runs[0], "sign").because
    assert [] == brand.app.store.approvals.list()


def test_nothing_to_show(brand: Brand) -> None:
    """A question about nothing is the author's mistake, and fails."""
    brand.write({"id": "copy", "set": {"text": ""}}, sign())
    brand.app.start("w")
    [run] = brand.app.activate("w").runs
    assert (RunState.FAILED, "sign: There is nothing to approve: `show` gives nothing.") == (run.state, run.because)


def test_announced(brand: Brand) -> None:
    """A question is an event, so that a workflow can tell those who are asked."""
    approval = begin(brand, COPY, sign(due="4h"), POST)
    [event] = brand.app.store.events.list(type="approval.asked")
    assert (approval.id, "brand", "w") == tuple(event.data[key] for key in ("approval", "group", "workflow"))


def test_audit(brand: Brand) -> None:
    """Every word is in the audit: of what content, in whose name, and who it was by the machine's word."""
    approval = begin(brand, COPY, sign(), POST)
    brand.app.deciding.approve(approval.id, "ana", comment="Fine")
    [entry] = brand.app.store.audit.list(what="approvals")
    assert ("approvals approve", approval.id, "ana") == (entry.what, entry.subject, entry.after["by"])
    assert person() == entry.who
    assert (approval.hash, "Fine") == (entry.after["hash"], entry.after["comment"])


def _kept(brand: Brand, run: str) -> Run:
    found = brand.app.store.runs.get(run)
    assert found is not None
    return found


class Crash(BaseException):
    """The process dies here."""


def cut(brand: Brand, at: int, *, after: bool) -> None:
    """Let this process die at its n-th writing, just before it or just after."""
    store, count = brand.app.store, 0

    def fused(write: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == at and not after:
                raise Crash
            done = write(*given, **named)
            if count == at:
                raise Crash
            return done

        return call

    for port, names in (
        (store.runs, ("record_step", "finish")),
        (store.approvals, ("ask", "close", "send_back")),
        (store.events, ("ingest",)),
        (store.ledger, ("plan", "claim", "settle")),
    ):
        for name in names:
            setattr(port, name, fused(getattr(port, name)))


def survive(brand: Brand, at: int, *, after: bool) -> bool:
    """Go on until nothing is left to do; the first process dies at its n-th writing. Whether it got that far."""
    brand.reopen()
    cut(brand, at, after=after)
    try:
        for workflow in brand.app.unfinished():
            brand.app.activate(workflow)
    except Crash:
        work(brand)
        return True
    work(brand)
    return False


@pytest.mark.parametrize("after", [False, True])
def test_crashes(brand: Brand, after: bool) -> None:
    """Wherever the process dies, the question is asked once a round, and the answer is taken up once."""
    brand.write(COPY, sign(due="4h", on_reject={"rework": "copy"}), POST)
    died = True
    at = 0
    while died:
        at += 1
        run = brand.app.start("w", cause=f"{at}", by="dora")
        told = []
        for word in ("ask", "no", "yes"):
            told.append(survive(brand, at, after=after))
            found = brand.app.store.approvals.list(run=run.id)
            if word == "yes":
                assert [ApprovalState.APPROVED, ApprovalState.SENT_BACK] == [one.state for one in found]
                continue
            assert 1 + (word == "no") == len(found), f"cut at {at}, {word}"
            pending = asked(brand)
            assert f"New drop {len(found) - 1} {'' if word == 'ask' else at}" == pending.content
            if word == "ask":
                brand.app.deciding.reject(pending.id, "ana", comment=str(at))
            else:
                brand.app.deciding.approve(pending.id, "ana")
        assert RunState.DONE == _kept(brand, run.id).state
        assert 1 == brand.texts.count(f"New drop 1 {at}")
        died = any(told)
    assert at > 5, "it died on the way"


@pytest.mark.parametrize("name", ["ana", "Ana ", "@ANA"])
def test_two_spellings(brand: Brand, name: str) -> None:
    """One person in two spellings is one person: a link does not make up a quorum, nor lets the author approve."""
    approval = begin(brand, COPY, sign(by={"group": "brand", "quorum": 2}), POST)
    deciding = brand.app.deciding
    deciding.approve(approval.id, "ana")
    token = deciding.link(approval.id, "ben", name=name, valid=timedelta(hours=1))
    with pytest.raises(InputError, match="has decided"):
        deciding.follow(deciding.links.read(token), approves=True, seen=approval.hash)
    assert ApprovalState.PENDING == asked(brand).state


@pytest.mark.parametrize("name", ["ana", "Ana ", "@ANA"])
def test_author_spelt_otherwise(brand: Brand, name: str) -> None:
    """Whoever has started the run is given no link to it, however their name is written."""
    approval = begin(brand, COPY, sign(by={"group": "brand", "not_author": True}), POST, by="ana")
    with pytest.raises(Vetoed, match="started the run"):
        brand.app.deciding.link(approval.id, "ben", name=name, valid=timedelta(hours=1))
