from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from antiphon import GiveUp
from antiphon.builtins import posts
from antiphon.model.effect import Disconnected, Done, Effect, Rejected, Unknown
from antiphon.testing.sandbox import FaultKind
from antiphon_networks.bluesky.publishing import Delete, Post, Reply

if TYPE_CHECKING:
    from tests.antiphon_networks.bluesky.conftest import SkyDesk
    from tests.servers.bluesky.server import Account

pytestmark = pytest.mark.networks

PUT = "com.atproto.repo.putRecord"


def failing(sky: SkyDesk, kind: FaultKind, **how: Any) -> Effect:
    sky.fail(PUT, kind, **how)
    return sky.plan(Post, text="Bonjour ☕")


def test_plan(sky: SkyDesk) -> None:
    """A plan is the exact content, and nothing is sent."""
    effect = sky.plan(Post, text="  Bonjour  ", language="fr")

    assert {"text": "Bonjour", "langs": ["fr"]} == effect.payload
    assert ("native", True, "brand") == (effect.idempotency, effect.reversible, effect.connection)
    assert [] == sky.called


def test_done(sky: SkyDesk) -> None:
    """A post is done once it stands there; the receipt tells where, what it was, and how much room is left."""
    outcome = sky.perform(Post, sky.plan(Post, text="Bonjour", language="fr"))

    assert isinstance(outcome, Done)
    (record,) = sky.network.records(sky.account)
    receipt = outcome.receipt
    assert (record["uri"], record["cid"], sky.clock.now()) == (receipt.remote_id, receipt.data["cid"], receipt.at)
    assert f"https://bsky.app/profile/{sky.account.did}/post/{record['uri'].split('/')[-1]}" == receipt.url
    assert {"text": "Bonjour", "langs": ["fr"]}.items() <= record["value"].items()
    assert ("2026-03-02T09:00:00.000Z", "3000") == (record["value"]["createdAt"], receipt.rate["limit"])


def test_twice(sky: SkyDesk) -> None:
    """One effect sent twice is one post, however much time lies between: the second is answered with the first."""
    effect = sky.plan(Post, text="Bonjour")
    first = sky.perform(Post, effect)
    sky.clock.sleep(86_400)

    second = sky.perform(Post, effect)

    assert first.receipt.remote_id == second.receipt.remote_id
    assert (first.receipt.data, first.receipt.at) == (second.receipt.data, second.receipt.at)
    assert ["Bonjour"] == sky.published()


def test_two_effects(sky: SkyDesk) -> None:
    """Two effects with the same words are two posts."""
    for event in ("e-1", "e-2"):
        sky.here = replace(sky.here, event=event)
        sky.perform(Post, sky.plan(Post, text="Merci !"))

    assert ["Merci !", "Merci !"] == sky.published()


def test_other_words(sky: SkyDesk) -> None:
    """An act that has happened does not happen again with other words."""
    sky.perform(Post, sky.plan(Post, text="Bonjour"))
    other = sky.plan(Post, text="Bonsoir")

    outcome = sky.perform(Post, other)

    assert isinstance(outcome, Rejected)
    assert isinstance(sky.reconcile(Post, other), Unknown)
    assert ["Bonjour"] == sky.published()


DONE_UNSEEN = [FaultKind.ACCEPT_THEN_RESET, FaultKind.TRUNCATED_JSON]
NOT_DONE_UNSEEN = [FaultKind.HTML_INSTEAD_OF_JSON, FaultKind.SERVER_ERROR, FaultKind.RESET, FaultKind.OK_WITH_ERROR]


@pytest.mark.parametrize("kind", DONE_UNSEEN)
def test_done_unseen(sky: SkyDesk, kind: FaultKind) -> None:
    """When it was done and the answer is lost, it is unknown, and a look finds it."""
    effect = failing(sky, kind)

    assert isinstance(sky.perform(Post, effect), Unknown)
    found = sky.reconcile(Post, effect)
    assert isinstance(found, Done)
    assert sky.network.records(sky.account)[0]["uri"] == found.receipt.remote_id


@pytest.mark.parametrize("kind", NOT_DONE_UNSEEN)
def test_not_done_unseen(sky: SkyDesk, kind: FaultKind) -> None:
    """When it was not done and the answer does not say so, it is unknown, and a look proves it absent."""
    effect = failing(sky, kind)

    assert isinstance(sky.perform(Post, effect), Unknown)
    assert sky.reconcile(Post, effect) is None
    assert [] == sky.published()


def test_silence(sky: SkyDesk) -> None:
    """A server that does it and never answers leaves it unknown, and a look finds it."""
    sky.http = replace(sky.http, timeout=0.5)
    sky.connect()
    effect = failing(sky, FaultKind.ACCEPT_THEN_TIMEOUT, seconds=3)

    assert isinstance(sky.perform(Post, effect), Unknown)
    assert isinstance(sky.reconcile(Post, effect), Done)


@pytest.mark.parametrize("kind", [*DONE_UNSEEN, *NOT_DONE_UNSEEN])
def test_sent_again(sky: SkyDesk, kind: FaultKind) -> None:
    """Whatever was lost, sending the same effect again leaves one post."""
    effect = failing(sky, kind)
    sky.perform(Post, effect)

    assert isinstance(sky.perform(Post, effect), Done)
    assert ["Bonjour ☕"] == sky.published()


def test_nobody_there(sky: SkyDesk) -> None:
    """A server that is not there was not told."""
    effect = sky.plan(Post, text="Bonjour")
    sky.wire.stop()

    assert isinstance(sky.perform(Post, effect), Disconnected)


def test_reply(sky: SkyDesk, ana: Account) -> None:
    """An answer refers to what it answers and to the root of the thread, whether an event or an address brought it."""
    root = sky.network.post(ana, "Question ?")
    page = root["uri"].replace("at://", "https://bsky.app/profile/").replace("app.bsky.feed.post", "post")
    first = sky.plan(Reply, to=page.replace(ana.did, ana.handle), text="Oui")
    done = sky.perform(Reply, first)

    sky.here = replace(sky.here, event="e-2")
    second = sky.plan(posts.ReplyToPost, to=done.receipt.remote_id, text="Et encore")
    event = {"network": "bluesky", "id": root["uri"], "cid": root["cid"]}

    assert {"root": root, "parent": root} == first.payload["reply"]
    parent = {"uri": done.receipt.remote_id, "cid": done.receipt.data["cid"]}
    assert {"root": root, "parent": parent} == second.payload["reply"]
    assert first.payload == sky.plan(Reply, to=event, text="Oui").payload
    assert (f"bluesky:{ana.did}",) == first.recipients


@pytest.mark.parametrize(
    ("to", "complaint"),
    [
        ("https://example.org/post/1", "not the address of a record"),
        ("https://bsky.app/profile/nobody.test/post/3jzfcijpj2z2a", "Nobody is called nobody.test"),
        ({"network": "mastodon", "id": "1"}, "not about a post on Bluesky"),
    ],
)
def test_nothing_to_answer(sky: SkyDesk, to: Any, complaint: str) -> None:
    """What is not a post there is not answered."""
    with pytest.raises(GiveUp, match=complaint):
        sky.plan(Reply, to=to, text="Oui")


def test_deleted_original(sky: SkyDesk) -> None:
    """A post that is deleted can be answered no more."""
    gone = sky.perform(Post, sky.plan(Post, text="Bonjour")).receipt.remote_id
    sky.perform(Delete, sky.plan(Delete, post=gone))

    with pytest.raises(GiveUp, match="may have been deleted"):
        sky.plan(Reply, to=gone, text="Oui")


def test_undo(sky: SkyDesk) -> None:
    """What was posted is deleted by what undoes it, and deleting again changes nothing."""
    effect = sky.plan(Post, text="Bonjour")
    undone = Post().undo(effect, sky.perform(Post, effect).receipt, sky.reading)
    assert undone is not None
    assert sky.reconcile(posts.DeletePost, undone) is None

    first, second = sky.perform(posts.DeletePost, undone), sky.perform(posts.DeletePost, undone)

    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert isinstance(sky.reconcile(posts.DeletePost, undone), Done)
    assert [] == sky.published()


def test_delete_of_others(sky: SkyDesk, ana: Account) -> None:
    """Nobody deletes what somebody else has said, nor a post of ours that has the same key."""
    theirs = sky.network.post(ana, "À moi")

    outcome = sky.perform(Delete, sky.plan(Delete, post=theirs["uri"]))

    assert isinstance(outcome, Rejected)
    assert "À moi" in [record["value"]["text"] for record in sky.network.records(ana)]


def test_quote_and_card(sky: SkyDesk, ana: Account) -> None:
    """A post shows another post below, or a page; the network takes both as they were planned."""
    quoted = sky.network.post(ana, "Question ?")
    card = {"uri": "https://example.org/", "title": "Torréa", "description": "Cafés"}

    for event, options in (("e-1", {"quote": quoted["uri"]}), ("e-2", {"card": card})):
        sky.here = replace(sky.here, event=event)
        effect = sky.plan(Post, text="Voyez", **options)
        assert isinstance(sky.perform(Post, effect), Done)
        assert effect.payload["embed"] in [record["value"].get("embed") for record in sky.network.records(sky.account)]

    with pytest.raises(GiveUp, match="a quote or a card, not both"):
        sky.plan(Post, text="Voyez", quote=quoted["uri"], card=card)


def test_refused(sky: SkyDesk) -> None:
    """A refusal by the network's rules is told in its words."""
    effect = sky.plan(Post, text="Bonjour", language="fr")
    broken = effect.model_copy(update={"payload": {"text": "x" * 301}})

    outcome = sky.perform(Post, broken)

    assert isinstance(outcome, Rejected)
    assert "grapheme too big (maximum 300, got 301)" in outcome.reason
    assert "(InvalidRequest)" in outcome.reason
