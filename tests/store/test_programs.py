"""The port of programs."""

from __future__ import annotations

from datetime import timedelta

from antiphon.components.ports import InForce, Store
from antiphon.model.listing import Listing, Spot
from antiphon.model.program import Program, Trigger
from antiphon.model.workflow import Each, If, Loop, StopOptions, Use, Wait
from antiphon.model.workflow import Stop as StopStep
from antiphon.testing.clock import VirtualClock

PROGRAM = Program(
    id="greet",
    name="Grüß dich",
    timezone="Europe/Paris",
    triggers=(Trigger(id="heard", kind="event", options={"type": "mention.received"}),),
    conditions=["${{ event.text }}", {"any": [True]}],
    steps=(
        Use(id="say", use="log", **{"with": {"message": "${{ event.text }}"}}),
        If(id="if", **{"if": True, "then": [Wait(id="wait", wait="1h30m")]}),
        Each(id="each", each=Loop(**{"in": [1, 2]}), steps=[StopStep(id="stop", stop=StopOptions(because="so"))]),
    ),
)


def test_kept(store: Store) -> None:
    """A program comes back equal, with its fingerprint and the text of its document."""
    store.programs.keep(PROGRAM, Listing(texts={"greet.yaml": "antiphon: 1\nid: greet # é\n"}))
    kept = store.programs.get(PROGRAM.fingerprint)
    assert kept is not None
    assert kept == PROGRAM
    assert kept.fingerprint == PROGRAM.fingerprint
    assert store.programs.source(PROGRAM.fingerprint) == "antiphon: 1\nid: greet # é\n"


def test_again(store: Store) -> None:
    """A version that is kept already stays as it was."""
    store.programs.keep(PROGRAM, Listing(texts={"greet.yaml": "first"}))
    store.programs.keep(PROGRAM, Listing(texts={"greet.yaml": "second"}))
    assert store.programs.source(PROGRAM.fingerprint) == "first"


def test_unknown(store: Store) -> None:
    """A version that no run has begun with is None."""
    assert store.programs.get("000000000000") is None
    assert store.programs.source("000000000000") is None


def test_listing(store: Store) -> None:
    """The texts of a version, and where its parts stand, come back as they were."""
    kept = Listing(texts={"greet.yaml": "a", "recipe.yaml": "b"}, steps={"say": Spot(file="recipe.yaml", line=3)})
    store.programs.keep(PROGRAM, kept)

    assert kept == store.programs.listing(PROGRAM.fingerprint)
    assert "a" == store.programs.source(PROGRAM.fingerprint)


def test_in_force(store: Store, clock: VirtualClock) -> None:
    """What was in force at a moment is the version that was put there last; the same once more is no change."""
    begun = clock.now()
    for current in ({"a": "1", "b": "1"}, {"a": "1", "b": "2"}, {"a": "1"}):
        store.programs.put_in_force(current, clock.now())
        clock.advance(timedelta(hours=1))

    assert ["1"] == [one.fingerprint for one in store.programs.history("a")]
    assert ["", "2", "1"] == [one.fingerprint for one in store.programs.history("b")]
    assert store.programs.in_force("b", begun - timedelta(seconds=1)) is None
    assert InForce("b", begun, "1") == store.programs.in_force("b", begun + timedelta(minutes=59))
    assert InForce("b", begun + timedelta(hours=1), "2") == store.programs.in_force("b", begun + timedelta(hours=1))


def test_two_at_once(store: Store, clock: VirtualClock) -> None:
    """Of two versions that are put in force at one moment, the later one counts."""
    for fingerprint in ("1", "2"):
        store.programs.put_in_force({"a": fingerprint}, clock.now())

    assert ["2"] == [one.fingerprint for one in store.programs.history("a")]
