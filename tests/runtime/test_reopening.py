"""A run that has failed goes on from the step that failed, once the cause is mended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon import Done, Receipt
from antiphon.components.ports import Store
from antiphon.errors import InputError, StoreError
from antiphon.model.effect import EffectState
from antiphon.model.run import Run, RunState, StepRecord, StepState
from antiphon.testing.clock import VirtualClock

NEEDS: dict[str, Any] = {"id": "needs", "set": {"ready": "${{ workspace.flags.ready }}"}}
"""Fails until somebody has set the flag."""


def _send(text: str, id: str) -> dict[str, Any]:
    return {"use": "net.send", "id": id, "with": {"text": text}}


def _mend(workspace: Any) -> None:
    path = workspace.folder / "antiphon.toml"
    path.write_text(f"{path.read_text()}\n[flags]\nready = true\n")
    workspace.reopen()


def _again(workspace: Any, run: Run, **said: bool) -> Run:
    workspace.app.resume(run.id, **said)
    found: Run = workspace.app.store.runs.get(run.id)
    return found


def _states(run: Run) -> dict[str, str]:
    return {record.path: str(record.state) for record in run.steps}


def test_from_where_it_failed(workspace: Any, network: Any) -> None:
    """What was done stays done; the step that failed is taken again, and the run goes on behind it."""
    run = workspace.answer(_send("one", "one"), NEEDS, _send("two", "two"))
    assert (RunState.FAILED, ["one"]) == (run.state, network.texts)

    _mend(workspace)
    again = _again(workspace, run)

    assert (RunState.DONE, ["one", "two"]) == (again.state, network.texts)
    assert {"one": "done", "needs~1": "failed", "needs": "done", "two": "done"} == _states(again)


def test_not_mended(workspace: Any, network: Any) -> None:
    """While the cause lasts it fails again, as often as it is resumed, and every failure is kept."""
    run = workspace.answer(_send("one", "one"), NEEDS)
    for _ in range(2):
        run = _again(workspace, run)

    assert (RunState.FAILED, ["one"]) == (run.state, network.texts)
    assert {"one": "done", "needs~1": "failed", "needs~2": "failed", "needs": "failed"} == _states(run)


def test_within_a_loop(workspace: Any, network: Any) -> None:
    """A loop goes on with the item that failed."""
    only_two = {"if": "${{ item == 2 }}", "id": "way", "then": [NEEDS]}
    loop = {"id": "loop", "each": {"in": [1, 2, 3]}, "steps": [only_two, _send("item ${{ item }}", "send")]}
    run = workspace.answer(loop)
    assert ["item 1"] == network.texts

    _mend(workspace)

    assert RunState.DONE is _again(workspace, run).state
    assert ["item 1", "item 2", "item 3"] == network.texts


def test_side_by_side(workspace: Any, network: Any) -> None:
    """Every branch that has failed is taken again."""
    branches = [NEEDS, {**NEEDS, "id": "needs-too"}, _send("one", "one")]
    run = workspace.answer({"id": "both", "parallel": {"steps": branches}}, _send("two", "two"))
    assert RunState.FAILED is run.state

    _mend(workspace)

    assert RunState.DONE is _again(workspace, run).state
    assert ["one", "two"] == network.texts


@pytest.mark.parametrize(
    "tolerant",
    [
        {"id": "tries", "try": [{**NEEDS, "id": "early"}], "catch": [_send("caught", "caught")]},
        {
            "id": "both",
            "parallel": {"steps": [{**NEEDS, "id": "early"}, _send("caught", "caught")], "fail": "continue"},
        },
    ],
    ids=["try", "parallel"],
)
def test_tolerated(workspace: Any, network: Any, tolerant: dict[str, Any]) -> None:
    """A failure that the workflow itself has dealt with stands, since what came after it has happened."""
    run = workspace.answer(tolerant, NEEDS)
    assert ["caught"] == network.texts

    _mend(workspace)
    again = _again(workspace, run)

    assert (RunState.DONE, ["caught"]) == (again.state, network.texts)
    [early] = [record for record in again.steps if record.step == "early"]
    assert (StepState.FAILED, False) == (early.state, "~" in early.path)


def test_refused(workspace: Any, network: Any) -> None:
    """What a network has refused is not tried again, unless a person says so."""
    run = workspace.answer(_send("no way", "send"), _send("two", "two"))
    with pytest.raises(InputError, match=r"the network said no.*--retry-rejected"):
        workspace.app.resume(run.id)
    assert RunState.FAILED is workspace.app.store.runs.get(run.id).state

    network.receive = lambda effect, ctx: Done(Receipt(remote_id="1", at=ctx.clock.now()))
    again = _again(workspace, run, retry_rejected=True)

    assert RunState.DONE is again.state
    [entry] = [one for one in workspace.app.store.ledger.list(run=run.id) if one.effect.step == "send"]
    assert (EffectState.DONE, 2) == (entry.state, entry.attempts)


def test_current(workspace: Any, network: Any) -> None:
    """It goes on with the version that it began with, or with the document as it is now if that is asked for."""
    run = workspace.answer(_send("one", "one"), NEEDS)
    mended = {"id": "needs", "set": {"ready": True}}
    workspace.write({"id": "w", "actions": [_send("other", "one"), mended, _send("two", "two")]})

    assert RunState.FAILED is _again(workspace, run).state
    again = _again(workspace, run, current=True)

    assert (RunState.DONE, ["one", "two"]) == (again.state, network.texts)
    assert workspace.app.program("w").fingerprint == again.program


def test_audited(workspace: Any) -> None:
    """Who reopened a run, and why it had failed, stands in the audit."""
    run = workspace.answer(NEEDS)
    _again(workspace, run)
    [entry] = [one for one in workspace.app.store.audit.list() if one.what == "runs reopen"]

    assert run.id == entry.subject
    assert "workspace.flags.ready" in str(entry.before)


def test_condition(workspace: Any) -> None:
    """A run whose conditions could not be asked is asked them again."""
    run = workspace.answer(_send("one", "one"), conditions=[{"broken": {}}])
    workspace.write({"id": "w", "actions": [_send("one", "one")], "conditions": ["${{ event.n is undefined }}"]})
    again = _again(workspace, run, current=True)

    assert (RunState.DONE, ["event.n is undefined: true"]) == (
        again.state,
        [verdict.because for verdict in again.verdicts],
    )


def test_only_what_failed(store: Store, clock: VirtualClock) -> None:
    """Only a run that has failed is reopened; it may be worked on at once, and its failure stays to be read."""
    run = Run(id="r", key="w/t/c", workflow="w", program="p", trigger="t", cause="c", created_at=clock.now())
    store.runs.open([run])
    store.runs.record_step("r", StepRecord(path="s", step="s", kind="set", state=StepState.FAILED, at=clock.now()))
    with pytest.raises(StoreError, match="only one that has failed"):
        store.runs.reopen("r", ["s"], program="p")
    store.runs.finish("r", RunState.FAILED, because="s: no")
    store.runs.reopen("r", ["s"], program="q")

    [again] = store.runs.unfinished()
    assert (RunState.HELD, "q", None) == (again.state, again.program, again.finished_at)
    assert ["s~1"] == [record.path for record in again.steps]
    assert store.runs.claim("r", "worker", timedelta(minutes=2))


def test_given_up(workspace: Any, network: Any) -> None:
    """What the run had given up on, because it had tried for long enough, is tried again; nothing was sent before."""
    send = {**_send("offline", "send"), "retry": {"times": 1, "on": ["unavailable"]}}
    run = workspace.answer(send)
    while not run.state.ended:
        workspace.clock.advance(timedelta(minutes=20))
        workspace.app.activate("w")
        run = workspace.app.store.runs.get(run.id)
    assert RunState.FAILED is run.state

    network.receive = lambda effect, ctx: Done(Receipt(remote_id="1", at=ctx.clock.now()))

    assert RunState.DONE is _again(workspace, run).state


def test_on_error_anew(workspace: Any, network: Any) -> None:
    """What is done about a failure is done about the next one too; what it sent is not sent again."""
    alert = [_send("alert", "alert"), {"id": "told", "set": {"said": "${{ error.step }}"}}]
    run = workspace.answer(NEEDS, on_error=alert)
    again = _again(workspace, run)

    assert ["alert"] == network.texts
    assert {"on_error/told~1": "done", "on_error/told": "done"}.items() <= _states(again).items()
