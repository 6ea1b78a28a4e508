"""A bundle holds a run and all that it came by, and no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from antiphon.errors import InputError
from antiphon.model.bundle import Bundle
from antiphon.model.run import Run
from antiphon.runtime.anonymity import anonymous
from antiphon.runtime.bundling import read_bundle, without_tokens

SEND: dict[str, Any] = {"id": "send", "use": "net.send", "with": {"text": "hello ${{ event.author.name }}"}}
ANA = {"id": "1234567", "handle": "ana", "name": "Ana Lima", "url": "https://social.example/@ana"}


def _bundle(workspace: Any, run: Run, **said: Any) -> Bundle:
    found: Bundle = workspace.app.bundler.bundle(workspace.app.store.runs.get(run.id), **said)
    return found


def test_whole(workspace: Any) -> None:
    """The version with its text, the event, each step, each effect with its receipt and every change of its state."""
    event = workspace.event({"author": ANA}, "e1")
    workspace.app.store.events.ingest([event])
    run = workspace.answer(SEND, data={"author": ANA}, conditions=["${{ event.author.handle == 'ana' }}"])
    bundle = _bundle(workspace, run, lock="pinned: 1")
    [did] = bundle.effects

    assert {run.program} == set(bundle.programs) == set(bundle.listings)
    assert ["workflows/w.yaml"] == list(bundle.listings[run.program].texts)
    assert ["e1"] == [heard.id for heard in bundle.events]
    assert bundle.run.verdicts
    assert ["send"] == [record.path for record in bundle.run.steps]
    assert did.entry.receipt is not None
    assert ["planned", "claimed", "done"] == [change["after"] for change in did.history]
    assert "pinned: 1" == bundle.lock
    assert "net" in bundle.plugins


def test_called(workspace: Any) -> None:
    """The versions of the workflows that it called are there too."""
    workspace.write({"id": "callee", "actions": [{"id": "inner", "set": {"x": 1}}]})
    bundle = _bundle(workspace, workspace.answer({"id": "c", "call": "callee"}, data={}))

    assert {"w", "callee"} == {program.id for program in bundle.programs.values()}


def test_no_secret(workspace: Any, network: Any) -> None:
    """A secret is not in it, wherever it has stood: not even one that this process has never needed."""
    network.secrets["shop"] = "do-not-show-me"
    said = {"id": "say", "use": "net.say", "with": {"value": "${{ event.text }}"}}
    run = workspace.answer(said, data={"text": "they told me do-not-show-me", "mark": "${{ secrets.shop }}"})
    workspace.write({"id": "other", "actions": [{"use": "net.send", "with": {"text": "${{ secrets.shop }}"}}]})
    text = _bundle(workspace, run).model_dump_json()

    assert "do-not-show-me" not in text
    assert "they told me" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer abcdefghijklmnop123", "Authorization: Bearer [token]"),
        ("https://x.example/?access_token=abc123def&page=2", "https://x.example/?access_token=[token]&page=2"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "[token]"),
        ("it is ghp_abcdefghijklmnopqrstuvwxyz0123", "it is [token]"),
        ("xoxb-1234567890-abcdefghij", "[token]"),
        ("a token of thanks", "a token of thanks"),
        ("Basic instincts are not secret", "Basic instincts are not secret"),
        ("https://x.example/?page=2&key=a", "https://x.example/?page=2&key=a"),
    ],
)
def test_tokens(text: str, expected: str) -> None:
    """What looks like a token is taken out of texts, though nobody has told us of it; words are left alone."""
    assert {"a": [expected]} == without_tokens({"a": [text]})


def test_pseudonyms(workspace: Any) -> None:
    """Strangers get other names, the same one wherever they stand, and the run still replays by the same path."""
    data = {"author": ANA, "text": "I am Ana Lima, write to ana@lima.example or @ana; ask @ben too. banana"}
    run = workspace.answer(
        SEND, data=data, subject="${{ event.author }}", conditions=["${{ event.author.handle == 'ana' or true }}"]
    )
    bundle = _bundle(workspace, run, pseudonyms=True)
    text = bundle.model_dump_json(exclude={"programs", "listings"}, by_alias=True)

    assert not [name for name in ("Ana Lima", "1234567", "lima.example", "@ana", "@ben", '"ana"') if name in text]
    assert "banana" in text
    author = bundle.run.scope["event"]["author"]
    assert {"person-1"} == {author["handle"], author["name"], author["id"]}
    assert "hello person-1" == bundle.effects[0].entry.effect.payload["text"]
    assert bundle.run.steps[-1].effect == bundle.effects[0].entry.effect.key
    assert () == workspace.app.replayer.replay(bundle).differences


def test_one_person_one_number() -> None:
    """Who shares a name with somebody is that person; others are not."""
    data = {"scope": {"author": {"handle": "ana", "id": "10001"}, "mentions": [{"handle": "ben"}, {"handle": "ana"}]}}
    found = anonymous({**data, "result": "@ana and @ben, and ana"})

    assert "@person-1 and @person-2, and person-1" == found["result"]
    assert ["person-2", "person-1"] == [one["handle"] for one in found["scope"]["mentions"]]


def test_the_author_is_no_stranger() -> None:
    """The engine's own words and the names of workflows and actions stay; whom the author has named is renamed."""
    program = {"id": "ana", "name": "Ask @brand", "use": "net.ana", "with": {"text": "ana", "if": "x == 'ana'"}}
    whole = {
        "workflow": "ana",
        "programs": {"f": program},
        "state": "done",
        "scope": {"author": {"handle": "ana"}, "other": {"handle": "done"}, "state": "done"},
    }
    found = anonymous(whole)

    assert ("ana", "done") == (found["workflow"], found["state"])
    assert "person-2" == found["scope"]["state"]
    assert {"f": {**program, "with": {"text": "person-1", "if": "x == 'person-1'"}}} == found["programs"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"{", "is not JSON"),
        (b"[]", "is no bundle"),
        (b'{"bundle": 2}', "is no bundle"),
        (b'{"bundle": 1}', "cannot be used"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
    ],
    ids=["broken", "a list", "newer", "parts missing", "not UTF-8", "deep"],
)
def test_no_bundle(data: bytes, told: str) -> None:
    """A file that is no bundle is refused with what is wrong."""
    with pytest.raises(InputError, match=told):
        read_bundle(data, "b.json")


def test_version_missing(workspace: Any) -> None:
    """A bundle without the version that its run began with is refused."""
    bundle = _bundle(workspace, workspace.answer(SEND, data={"author": ANA}))
    document = bundle.model_dump(mode="json", by_alias=True)

    with pytest.raises(InputError, match="does not hold the version"):
        read_bundle(json.dumps({**document, "programs": {}}).encode(), "b.json")
