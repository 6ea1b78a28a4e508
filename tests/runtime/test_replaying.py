"""A bundle's run is taken once more offline: by the same path, or it is told where the ways part."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from antiphon.model.bundle import Bundle
from antiphon.model.run import Run, RunState
from antiphon.runtime.bundling import read_bundle
from antiphon.runtime.replaying import Replay

from .test_resume import CALLEE, PROGRAM

SEND: dict[str, Any] = {"id": "send", "use": "net.send", "with": {"text": "hello ${{ event.n }}"}}


def _bundle(workspace: Any, run: Run, **said: bool) -> Bundle:
    found: Bundle = workspace.app.bundler.bundle(workspace.app.store.runs.get(run.id), **said)
    return read_bundle(found.model_dump_json(by_alias=True).encode(), "b.json")


def _replay(workspace: Any, bundle: Bundle) -> Replay:
    found: Replay = workspace.app.replayer.replay(bundle)
    return found


def _through(workspace: Any, run: Run) -> Run:
    """The run, as long as the clock must be moved for it to end."""
    for _ in range(20):
        if run.state.ended:
            break
        workspace.clock.advance(timedelta(minutes=20))
        workspace.app.route()
        workspace.app.activate("w")
        run = workspace.app.store.runs.get(run.id)
    return run


def test_every_kind_of_step(workspace: Any, network: Any) -> None:
    """A run with every kind of step takes the same path; nothing is sent, computed or looked up."""
    workspace.write(CALLEE)
    run = _through(workspace, workspace.answer(*PROGRAM, data={"n": 1}))
    assert run.state.ended
    before = (list(network.sent), list(network.computed))
    found = _replay(workspace, _bundle(workspace, run))

    assert () == found.differences
    assert (run.state, run.because) == (found.state, found.because)
    assert before == (network.sent, network.computed)


@pytest.mark.parametrize(
    ("keys", "state"),
    [
        ({"conditions": ["${{ event.n > 5 }}"]}, RunState.DECLINED),
        ({"conditions": [{"dedupe": {"key": "${{ event.n }}", "within": "7d"}}]}, RunState.DONE),
        ({"actions": [{"set": {"x": "${{ event.missing }}"}}]}, RunState.FAILED),
        ({"actions": [{"use": "net.send", "id": "send", "with": {"text": "no"}}]}, RunState.FAILED),
        (
            {
                "actions": [{"set": {"x": "${{ event.missing }}"}}],
                "on_error": [{"set": {"said": "${{ error.message }}"}}],
            },
            RunState.FAILED,
        ),
        ({"actions": [{"wait": "3h"}, SEND], "run": {"timeout": "1h"}}, RunState.FAILED),
        (
            {
                "actions": [{"wait": "3h"}, SEND],
                "exit": [{"if": "${{ now() - event.at > '1h' }}", "then": "late"}],
                "on_exit": {"late": [{"set": {"x": 1}}]},
            },
            RunState.STOPPED,
        ),
    ],
    ids=["declined", "dedupe", "failed", "rejected", "on_error", "timeout", "exit"],
)
def test_every_end(workspace: Any, keys: dict[str, Any], state: RunState) -> None:
    """However a run ended, its replay ends so."""
    actions = keys.pop("actions", [SEND])
    run = _through(workspace, workspace.answer(*actions, data={"n": 1, "at": "2026-03-02T09:00:00+00:00"}, **keys))
    assert state is run.state
    found = _replay(workspace, _bundle(workspace, run))

    assert () == found.differences
    assert state is found.state


def test_what_looks_around_is_handed_in(workspace: Any) -> None:
    """A condition that looks at what is kept is not asked anew: its answer is handed in."""
    keys = {"conditions": ["${{ event.n == 1 }}", {"dedupe": {"key": "${{ event.n }}", "within": "7d"}}]}
    run = workspace.answer({"id": "say", "use": "net.say", "with": {"value": 3}}, data={"n": 1}, **keys)

    assert ("condition 2", "say") == _replay(workspace, _bundle(workspace, run)).handed_in


def _changed(bundle: Bundle, **values: Any) -> Bundle:
    """The bundle as if something in its text had been otherwise; `values` are texts to be replaced by others."""
    text = bundle.model_dump_json(by_alias=True)
    for old, new in values.values():
        assert old in text
        text = text.replace(old, new)
    return read_bundle(text.encode(), "b.json")


def test_parts(workspace: Any) -> None:
    """Where the program would do something else, the first step that differs is told, with both sides."""
    choice = {"id": "way", "if": "${{ event.n > 2 }}", "then": [SEND], "else": [{"id": "other", "set": {"x": 1}}]}
    run = workspace.answer(choice, data={"n": 3})
    found = _replay(workspace, _changed(_bundle(workspace, run), threshold=("event.n > 2", "event.n > 7")))
    first = found.differences[0]

    assert not found.same
    assert "way" == first.where
    assert ("then", "") == (first.recorded["result"], first.replayed["result"])
    assert "3 > 7 is false" in first.replayed["because"]


def test_other_content(workspace: Any) -> None:
    """An effect that would have other content is told with both."""
    run = workspace.answer(SEND, data={"n": 3})
    found = _replay(workspace, _changed(_bundle(workspace, run), words=("hello ${{", "goodbye ${{")))
    texts = [(one.recorded["payload"]["text"], one.replayed["payload"]["text"]) for one in found.differences[:1]]

    assert [("hello 3", "goodbye 3")] == texts


def test_other_condition(workspace: Any) -> None:
    """A condition that would be answered otherwise is told by its number."""
    run = workspace.answer(SEND, data={"n": 3}, conditions=["${{ event.n > 1 }}", "${{ event.n > 2 }}"])
    found = _replay(workspace, _changed(_bundle(workspace, run), second=("event.n > 2", "event.n > 7")))

    assert "condition 2" == found.differences[0].where
    assert "event.n > 7: 3 > 7 is false" == found.differences[0].replayed


def test_other_effect(workspace: Any) -> None:
    """What the run did not do then cannot be answered: the replay ends there and says so."""
    run = workspace.answer({"id": "x", "set": {"x": 1}}, data={"n": 3})
    bundle = _bundle(workspace, run)
    [(key, program)] = bundle.programs.items()
    other = program.model_validate({**program.model_dump(by_alias=True), "steps": [SEND]})
    found = _replay(workspace, bundle.model_copy(update={"programs": {key: other}}))

    assert "w/send/-/e1" in [one.where for one in found.differences]
    assert "did not do then" in found.because


def test_resumed(workspace: Any) -> None:
    """A run that had failed and was resumed is replayed as it went in the end."""
    run = workspace.answer({"id": "needs", "set": {"r": "${{ workspace.flags.ready }}"}}, SEND, data={"n": 3})
    path = workspace.folder / "antiphon.toml"
    path.write_text(f"{path.read_text()}\n[flags]\nready = true\n")
    workspace.reopen()
    workspace.app.resume(run.id)

    found = _replay(workspace, _bundle(workspace, run))
    assert (RunState.DONE, ()) == (found.state, found.differences)


def test_held(workspace: Any) -> None:
    """A run that waits is replayed as far as it has come."""
    run = workspace.answer(SEND, {"wait": "3h"}, data={"n": 3})
    assert RunState.HELD is run.state

    assert _replay(workspace, _bundle(workspace, run)).same


def test_no_database(workspace: Any, tmp_path: Any) -> None:
    """A replay opens no database."""
    from antiphon.app import Antiphon

    from .conftest import Network, plugin

    bundle = _bundle(workspace, workspace.answer(SEND, data={"n": 3}))
    other = tmp_path / "elsewhere"
    other.mkdir()
    app = Antiphon.open(other, plugins={"net": plugin(Network())})

    assert app.replayer.replay(bundle).same
    assert [] == list(other.iterdir())


def test_another_version(workspace: Any) -> None:
    """Plugins that were of another version then are told."""
    bundle = _bundle(workspace, workspace.answer(SEND, data={"n": 3}))
    older = bundle.model_copy(update={"antiphon": "0.0.1", "plugins": {**bundle.plugins, "gone": "2.0"}})

    found = _replay(workspace, older).versions
    assert {"antiphon", "gone"} == set(found)
    assert ("2.0", "") == found["gone"]


def test_from_json(workspace: Any) -> None:
    """What is written is what is read."""
    bundle = _bundle(workspace, workspace.answer(SEND, data={"n": 3}))
    assert bundle == Bundle.model_validate(json.loads(bundle.model_dump_json(by_alias=True)))
