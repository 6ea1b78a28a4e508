"""Approvals: what people are asked, and what they say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.components.ports import Store
from antiphon.errors import InputError, StoreError
from antiphon.model.approval import Approval, ApprovalState, Decision, content_hash
from antiphon.model.run import Run, RunState, StepRecord, StepState
from antiphon.testing.clock import VirtualClock

CONTENT = {"text": "New drop", "tags": ["a", "é", "\ud83d"]}


@pytest.fixture
def run(store: Store, clock: VirtualClock) -> Run:
    """A run that waits."""
    run = Run(id="r1", key="w/t/1", workflow="w", program="p", trigger="t", cause="1", created_at=clock.now())
    store.runs.open([run])
    store.runs.finish("r1", RunState.HELD)
    return run


def question(clock: VirtualClock, **change: Any) -> Approval:
    known = {"id": "a1", "run": "r1", "workflow": "w", "path": "sign", "number": 1, "group": "brand"}
    asked = {"content": CONTENT, "hash": content_hash(CONTENT), "asked_at": clock.now()}
    return Approval(**{**known, **asked, **change})


def word(clock: VirtualClock, by: str, approves: bool = True, comment: str = "") -> Decision:
    return Decision(by=by, approves=approves, at=clock.now(), hash="", comment=comment)


def test_ask(store: Store, run: Run, clock: VirtualClock) -> None:
    """A question is kept as it is, and asking it again gives what stands."""
    asked = store.approvals.ask(question(clock, due=clock.now() + timedelta(hours=4)))
    store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash)

    again = store.approvals.ask(question(clock))

    assert ApprovalState.APPROVED == again.state
    assert CONTENT == again.content
    assert again == store.approvals.get("a") == store.approvals.latest("r1", "sign")


def test_no_run(store: Store, clock: VirtualClock) -> None:
    """A question belongs to a run."""
    with pytest.raises(StoreError):
        store.approvals.ask(question(clock))


def test_quorum(store: Store, run: Run, clock: VirtualClock) -> None:
    """It takes as many different people as the quorum says; nobody counts twice."""
    asked = store.approvals.ask(question(clock, quorum=2))

    assert ApprovalState.PENDING == store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash).state
    with pytest.raises(InputError, match="ana has decided on approval a1 already"):
        store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash)
    after = store.approvals.decide("a1", word(clock, "ben"), seen=asked.hash)

    assert (ApprovalState.APPROVED, ("ana", "ben")) == (after.state, after.approvers)


def test_one_rejection(store: Store, run: Run, clock: VirtualClock) -> None:
    """One rejection is enough, and its comment is the reason."""
    asked = store.approvals.ask(question(clock, quorum=2))
    store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash)
    after = store.approvals.decide("a1", word(clock, "ben", approves=False, comment="too loud"), seen=asked.hash)

    assert (ApprovalState.REJECTED, "rejected by ben: too loud") == (after.state, after.because)
    with pytest.raises(InputError, match="a1 is rejected; nobody is asked any more"):
        store.approvals.decide("a1", word(clock, "cleo"), seen=asked.hash)


def test_edit(store: Store, run: Run, clock: VirtualClock) -> None:
    """Who approved before an edit approved something else, and may look again; who looks at the old is refused."""
    asked = store.approvals.ask(question(clock, quorum=2))
    store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash)
    changed = {**CONTENT, "text": "New drop!"}
    edited = store.approvals.decide("a1", word(clock, "ben"), seen=asked.hash, edited=changed)

    assert (ApprovalState.PENDING, ("ben",)) == (edited.state, edited.approvers)
    assert (asked.hash, content_hash(changed)) == (edited.hash, edited.current_hash)
    with pytest.raises(InputError, match="has changed since you looked"):
        store.approvals.decide("a1", word(clock, "cleo"), seen=asked.hash)
    after = store.approvals.decide("a1", word(clock, "ana"), seen=edited.current_hash)

    assert (ApprovalState.APPROVED, changed) == (after.state, after.current)


def test_late(store: Store, run: Run, clock: VirtualClock) -> None:
    """From the due time on nobody decides any more."""
    asked = store.approvals.ask(question(clock, due=clock.now() + timedelta(hours=4)))
    clock.advance(timedelta(hours=4))

    with pytest.raises(InputError, match="it is too late"):
        store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash)


def test_wakes(store: Store, run: Run, clock: VirtualClock) -> None:
    """What settles a question lets its run go on; a word that settles nothing does not."""
    asked = store.approvals.ask(question(clock, quorum=2))

    store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash)
    assert [] == store.runs.unfinished()
    store.approvals.decide("a1", word(clock, "ben"), seen=asked.hash)
    assert ["r1"] == [one.id for one in store.runs.unfinished()]


def test_wakes_one_that_lies_down(store: Store, run: Run, clock: VirtualClock) -> None:
    """A word that comes while the run is still being laid down is not slept over."""
    asked = store.approvals.ask(question(clock))
    assert store.runs.claim("r1", "worker", timedelta(minutes=2))

    store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash)
    store.runs.finish("r1", RunState.HELD, not_before=clock.now() + timedelta(hours=4))

    assert ["r1"] == [one.id for one in store.runs.unfinished()]


def test_close(store: Store, run: Run, clock: VirtualClock) -> None:
    """What is settled stays so: only an approval may still become void."""
    asked = store.approvals.ask(question(clock))
    store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash)

    assert ApprovalState.APPROVED == store.approvals.close("a1", ApprovalState.EXPIRED, because="late").state
    assert ApprovalState.VOID == store.approvals.close("a1", ApprovalState.VOID, because="changed").state
    assert "changed" == store.approvals.close("a1", ApprovalState.EXPIRED, because="late").because


def test_send_back(store: Store, run: Run, clock: VirtualClock) -> None:
    """Rework sets aside the records of the named steps and of all inside them, once, and no others."""
    paths = ["copy", "copy-2", "loop", "loop[0]/say", "loop[0]/way/say", "sign"]
    for path in paths:
        store.runs.record_step("r1", StepRecord(path=path, step="s", kind="k", state=StepState.DONE, at=clock.now()))
    asked = store.approvals.ask(question(clock))
    store.approvals.send_back("a1", ["copy", "loop"])
    assert paths == [record.path for record in _run(store).steps], "it was not rejected yet"

    store.approvals.decide("a1", word(clock, "ana", approves=False), seen=asked.hash)
    store.approvals.send_back("a1", ["copy", "loop"])
    store.runs.record_step("r1", StepRecord(path="copy", step="s", kind="k", state=StepState.DONE, at=clock.now()))
    store.approvals.send_back("a1", ["copy", "loop"])

    kept = [record.path for record in _run(store).steps]
    assert ["copy~a1", "copy-2", "loop~a1", "loop[0]/say~a1", "loop[0]/way/say~a1", "sign", "copy"] == kept


def test_race(store: Store, run: Run, clock: VirtualClock) -> None:
    """Of people who approve and reject at the same moment one settles it; the others hear that it is settled."""
    asked = store.approvals.ask(question(clock))
    barrier = Barrier(8)

    def decide(number: int) -> str:
        barrier.wait()
        try:
            by = word(clock, f"p{number}", approves=number % 2 == 0)
            return str(store.approvals.decide("a1", by, seen=asked.hash).state)
        except InputError as error:
            return error.sentence

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(decide, range(8)))

    found = _get(store)
    assert 1 == len(found.decisions)
    assert 1 == told.count(str(found.state))
    assert 7 == sum("nobody is asked any more" in one for one in told)


def test_race_of_one(store: Store, run: Run, clock: VirtualClock) -> None:
    """A person who sends a word twice at the same moment is counted once."""
    asked = store.approvals.ask(question(clock, quorum=2))
    barrier = Barrier(4)

    def decide(_: int) -> bool:
        barrier.wait()
        try:
            store.approvals.decide("a1", word(clock, "ana"), seen=asked.hash)
        except InputError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(decide, range(4)))

    assert [True] == [one for one in told if one]
    assert (ApprovalState.PENDING, ("ana",)) == (_get(store).state, _get(store).approvers)


WORDS = st.tuples(st.sampled_from("abcd"), st.sampled_from(["yes", "no", "edit"]), st.booleans())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(quorum=st.integers(1, 3), words=st.lists(WORDS, max_size=12))
def test_law(clock: VirtualClock, quorum: int, words: list[tuple[str, str, bool]]) -> None:
    """Whatever is said in whatever order: approved is what `quorum` different people approved in exactly this form."""
    approval = question(clock, quorum=quorum)
    said: dict[str, set[str]] = {}
    rejected = False
    for number, (by, what, fresh) in enumerate(words):
        seen = approval.current_hash if fresh else "stale"
        edited = {**CONTENT, "text": str(number)} if what == "edit" else None
        try:
            approval = approval.decided(word(clock, by, what != "no"), seen=seen, edited=edited)
        except InputError:
            continue
        assert fresh
        if what == "no":
            rejected = True
        else:
            said.setdefault(approval.current_hash, set()).add(by)

    approved = len(said.get(approval.current_hash, ())) >= quorum
    assert (ApprovalState.REJECTED if rejected else ApprovalState.APPROVED if approved else ApprovalState.PENDING) == (
        approval.state
    )
    assert content_hash(approval.current) == approval.current_hash


def _get(store: Store) -> Approval:
    found = store.approvals.get("a1")
    assert found is not None
    return found


def _run(store: Store) -> Run:
    found = store.runs.get("r1")
    assert found is not None
    return found
