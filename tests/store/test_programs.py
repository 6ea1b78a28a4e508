"""The port of programs."""

from __future__ import annotations

from antiphon.components.ports import Store
from antiphon.model.program import Program, Trigger
from antiphon.model.workflow import Each, If, Loop, StopOptions, Use, Wait
from antiphon.model.workflow import Stop as StopStep

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
    store.programs.keep(PROGRAM, "antiphon: 1\nid: greet # é\n")
    kept = store.programs.get(PROGRAM.fingerprint)
    assert kept is not None
    assert kept == PROGRAM
    assert kept.fingerprint == PROGRAM.fingerprint
    assert store.programs.source(PROGRAM.fingerprint) == "antiphon: 1\nid: greet # é\n"


def test_again(store: Store) -> None:
    """A version that is kept already stays as it was."""
    store.programs.keep(PROGRAM, "first")
    store.programs.keep(PROGRAM, "second")
    assert store.programs.source(PROGRAM.fingerprint) == "first"


def test_unknown(store: Store) -> None:
    """A version that no run has begun with is None."""
    assert store.programs.get("000000000000") is None
    assert store.programs.source("000000000000") is None
