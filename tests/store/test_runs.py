"""The port of runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from antiphon.components.ports import Store
from antiphon.errors import InputError, StoreError
from antiphon.model.run import Run, RunState, StepRecord, StepState, Verdict
from antiphon.testing.clock import VirtualClock

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def run(name: str, **given: object) -> Run:
    values: dict[str, object] = {
        "id": name,
        "key": f"greet/{name}",
        "workflow": "greet",
        "program": "0123456789ab",
        "trigger": "heard",
        "cause": "e1",
        "created_at": NINE,
    }
    return Run(**{**values, **given})


def step(path: str, **given: object) -> StepRecord:
    values = {"path": path, "step": "say", "kind": "log", "state": StepState.DONE, "at": NINE}
    return StepRecord(**{**values, **given})


def test_open(store: Store) -> None:
    """One workflow answers one call once: a key that is known, or comes twice, opens nothing."""
    assert store.runs.open([run("a"), run("b", key="greet/a")]) == [run("a")]
    assert store.runs.open([run("c", key="greet/a", workflow="other"), run("d")]) == [run("d")]
    assert store.runs.get("a") == run("a")
    assert store.runs.get("b") is None
    assert store.runs.open([]) == []


def test_faithful(store: Store) -> None:
    """A run comes back as it was opened, with all that it carries."""
    full = run(
        "a",
        live=False,
        scope={"event": {"text": "é"}},
        subject="mastodon:1",
        verdicts=(Verdict(holds=True, because="3 is above 2"),),
        steps=(step("[1]", result={"n": [1]}), step("[0]", effect="greet/say/-/e1", because="because")),
    )
    store.runs.open([full])
    assert store.runs.get("a") == full


def test_same_id(store: Store) -> None:
    """Two runs with one id are a mistake of the caller, who hears of it; neither batch is half kept."""
    store.runs.open([run("a")])
    with pytest.raises(StoreError):
        store.runs.open([run("b"), run("a", key="greet/other")])
    assert store.runs.get("b") is None


def test_claim(store: Store, clock: VirtualClock) -> None:
    """One worker holds a run until its lease lapses; the holder may renew it."""
    store.runs.open([run("a")])
    assert store.runs.claim("a", "ana", LEASE)
    assert not store.runs.claim("a", "ben", LEASE)
    clock.advance(LEASE / 2)
    assert store.runs.claim("a", "ana", LEASE)
    clock.advance(LEASE - timedelta.resolution)
    assert not store.runs.claim("a", "ben", LEASE)
    clock.advance(timedelta.resolution)
    assert store.runs.claim("a", "ben", LEASE)
    assert not store.runs.claim("a", "ana", LEASE)
    assert not store.runs.claim("nobody", "ana", LEASE)


def test_running(store: Store) -> None:
    """A run that is claimed is running, also one that was held."""
    store.runs.open([run("a")])
    for _ in range(2):
        assert store.runs.claim("a", "ana", LEASE)
        claimed = store.runs.get("a")
        assert claimed is not None
        assert claimed.state is RunState.RUNNING
        store.runs.finish("a", RunState.HELD, because="waits for a person")


def test_unfinished(store: Store, clock: VirtualClock) -> None:
    """What nobody works on and has not ended is unfinished, oldest first, with the steps it has taken."""
    store.runs.open(
        [run(name, created_at=NINE - timedelta(minutes=age)) for age, name in enumerate("abcde")]
        + [run("f", workflow="other")]
    )
    store.runs.claim("b", "ana", LEASE)
    store.runs.finish("c", RunState.HELD)
    store.runs.finish("d", RunState.FAILED)
    store.runs.record_step("e", step("[0]"))
    assert [run.id for run in store.runs.unfinished()] == ["e", "a", "f"]
    assert [run.id for run in store.runs.unfinished("greet", limit=1)] == ["e"]
    assert store.runs.unfinished()[0].steps == (step("[0]"),)
    clock.advance(LEASE)
    assert [run.id for run in store.runs.unfinished("greet")] == ["e", "b", "a"]


def test_steps(store: Store) -> None:
    """Steps are told in the order in which they first came; a path that comes again is replaced in its place."""
    store.runs.open([run("a"), run("b")])
    store.runs.record_step("b", step("[0]"))
    for path in ("[2]", "[0]", "[1]"):
        store.runs.record_step("a", step(path))
    store.runs.record_step("a", step("[2]", state=StepState.FAILED, because="no", result=None))
    expected = (step("[2]", state=StepState.FAILED, because="no"), step("[0]"), step("[1]"))
    found = store.runs.get("a")
    assert found is not None
    assert expected == found.steps


def test_verdicts(store: Store) -> None:
    """Verdicts are kept as they were given."""
    verdicts = (Verdict(holds=False, because="it is 21:14, not between 09:00 and 18:00"),)
    store.runs.open([run("a")])
    store.runs.record_verdicts("a", verdicts)
    found = store.runs.get("a")
    assert found is not None
    assert verdicts == found.verdicts


def test_finish(store: Store, clock: VirtualClock) -> None:
    """A run that ends keeps why and what came of it, and is nobody's."""
    store.runs.open([run("a")])
    store.runs.claim("a", "ana", LEASE)
    clock.advance(LEASE / 2)
    store.runs.finish("a", RunState.DONE, because="all done", result={"n": 1})
    ended = {"state": RunState.DONE, "because": "all done", "result": {"n": 1}, "finished_at": clock.now()}
    assert run("a", **ended) == store.runs.get("a")
    assert not store.runs.claim("a", "ana", LEASE)


def test_finish_twice(store: Store, clock: VirtualClock) -> None:
    """The first end counts: the same again changes nothing, another is refused."""
    store.runs.open([run("a")])
    store.runs.finish("a", RunState.DONE, because="first")
    ended = store.runs.get("a")
    clock.advance(LEASE)
    store.runs.finish("a", RunState.DONE, because="second")
    with pytest.raises(StoreError, match="has ended as done; it cannot become failed"):
        store.runs.finish("a", RunState.FAILED)
    assert ended == store.runs.get("a")


def test_held(store: Store) -> None:
    """A run that is held has not ended, and is nobody's."""
    store.runs.open([run("a")])
    store.runs.claim("a", "ana", LEASE)
    store.runs.finish("a", RunState.HELD, because="approval")
    assert run("a", state=RunState.HELD, because="approval") == store.runs.get("a")
    assert store.runs.claim("a", "ben", LEASE)


def test_due(store: Store, clock: VirtualClock) -> None:
    """A run that is held until a time is to be worked on from then; who takes it forgets the time."""
    store.runs.open([run("a")])
    store.runs.claim("a", "ana", LEASE)
    store.runs.finish("a", RunState.HELD, not_before=NINE + LEASE)
    assert run("a", state=RunState.HELD, not_before=NINE + LEASE) == store.runs.get("a")
    clock.advance(LEASE - timedelta.resolution)
    assert store.runs.unfinished() == []
    clock.advance(timedelta.resolution)
    assert [one.id for one in store.runs.unfinished("greet")] == ["a"]
    assert store.runs.claim("a", "ben", LEASE)
    assert run("a", state=RunState.RUNNING) == store.runs.get("a")
    store.runs.finish("a", RunState.HELD)
    clock.advance(timedelta(days=365))
    assert store.runs.unfinished() == []


def test_release(store: Store, clock: VirtualClock) -> None:
    """A run that waits for a person goes on when it is released; one that has ended, or does not wait, does not."""
    store.runs.open([run("a"), run("b")])
    store.runs.finish("a", RunState.HELD)
    store.runs.finish("b", RunState.DONE)
    ended = store.runs.get("b")
    store.runs.release("a")
    store.runs.release("b")
    assert [one.id for one in store.runs.unfinished()] == ["a"]
    assert ended == store.runs.get("b")
    with pytest.raises(StoreError, match="no run ghost"):
        store.runs.release("ghost")


def test_release_in_between(store: Store, clock: VirtualClock) -> None:
    """A run that is released while its worker is about to hold it is not forgotten."""
    store.runs.open([run("a")])
    store.runs.claim("a", "ana", LEASE)
    store.runs.release("a")
    store.runs.claim("a", "ana", LEASE)
    store.runs.finish("a", RunState.HELD, not_before=NINE + LEASE)
    assert [one.id for one in store.runs.unfinished()] == ["a"]


@pytest.mark.parametrize("state", [RunState.PENDING, RunState.RUNNING])
def test_no_end(store: Store, state: RunState) -> None:
    """A run cannot be finished as what is no end."""
    store.runs.open([run("a")])
    with pytest.raises(StoreError, match="not an end"):
        store.runs.finish("a", state)


def test_nobody(store: Store) -> None:
    """To write to a run that does not exist is refused by name."""
    with pytest.raises(StoreError, match="no run ghost"):
        store.runs.record_step("ghost", step("[0]"))
    with pytest.raises(StoreError, match="no run ghost"):
        store.runs.record_verdicts("ghost", ())
    with pytest.raises(StoreError, match="no run ghost"):
        store.runs.finish("ghost", RunState.DONE)


def test_beginning(store: Store) -> None:
    """A run is found by its id, also when that begins another's, or by as much of it as fits one run only."""
    store.runs.open([run("ab"), run("abc"), run("abd"), run("AB"), run("a%")])
    found = {beginning: store.runs.get(beginning) for beginning in ("ab", "abc", "A", "a%", "b", "")}
    assert {key: run and run.id for key, run in found.items()} == {
        "ab": "ab",
        "abc": "abc",
        "A": "AB",
        "a%": "a%",
        "b": None,
        "": None,
    }
    with pytest.raises(InputError, match="'a' is the beginning of several runs, among them a% and ab"):
        store.runs.get("a")


def test_list(store: Store) -> None:
    """A list has the newest first, without steps."""
    store.runs.open([run(name, created_at=NINE + timedelta(minutes=age)) for age, name in enumerate("abc")])
    store.runs.open([run("d", workflow="other", steps=(step("[0]"),))])
    store.runs.finish("b", RunState.HELD)
    assert [run.id for run in store.runs.list()] == ["c", "b", "d", "a"]
    assert [run.id for run in store.runs.list(limit=2)] == ["c", "b"]
    assert [run.id for run in store.runs.list(since=NINE + timedelta(minutes=1))] == ["c", "b"]
    assert [run.id for run in store.runs.list(state=RunState.HELD)] == ["b"]
    assert store.runs.list(workflow="other") == [run("d", workflow="other")]


def test_offset(store: Store) -> None:
    """A list begins after as many as are asked to be left out, and shows each run once."""
    store.runs.open([run(name) for name in ("a", "b", "c")])

    assert ["c", "b", "a"] == [one.id for at in range(3) for one in store.runs.list(limit=1, offset=at)]
    assert [] == list(store.runs.list(offset=3))


def test_upcoming(store: Store) -> None:
    """What waits for a time comes in the order of those times; what is due already, or waits for a person, does not."""
    waits = {"a": 3, "b": 1, "c": 0, "d": 2}
    store.runs.open([run(name) for name in (*waits, "e")])
    for name, hours in waits.items():
        store.runs.finish(name, RunState.HELD, not_before=NINE + timedelta(hours=hours))
    store.runs.finish("e", RunState.HELD)

    assert ["b", "d"] == [one.id for one in store.runs.upcoming(NINE, 2)]


def test_count(store: Store) -> None:
    """A count tells workflow and state of the runs created in the period."""
    store.runs.open([run("a"), run("b"), run("c", workflow="other"), run("d", created_at=NINE + LEASE)])
    store.runs.finish("b", RunState.DONE)
    expected = {("greet", RunState.PENDING): 1, ("greet", RunState.DONE): 1, ("other", RunState.PENDING): 1}
    assert expected == store.runs.count(since=NINE, until=NINE + LEASE)
