"""What comes from the network's index: mentions, answers, searches, timelines, counts. It takes a while to start."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from antiphon import Event, Page, RetryLater
from antiphon.builtins import posts
from antiphon.model.effect import Done
from antiphon_networks.bluesky.identifiers import written
from antiphon_networks.bluesky.publishing import Post, Reply
from antiphon_networks.bluesky.reactions import Like, Repost, Unlike, Unrepost
from antiphon_networks.bluesky.sources import Comments, Mentions, Search, Timeline

if TYPE_CHECKING:
    from tests.antiphon_networks.bluesky.conftest import SkyDesk
    from tests.servers.bluesky.server import Account, Bluesky

pytestmark = [pytest.mark.networks, pytest.mark.slow]


@pytest.fixture(scope="module")
def ana(indexed: Bluesky) -> Account:
    return indexed.account("ana")


def eventually(look: Callable[[], Any]) -> Any:
    """What a look finds at last: the index is some seconds behind."""
    for _ in range(150):
        with suppress(RetryLater):
            if found := look():
                return found
        time.sleep(0.2)
    raise AssertionError("the index has never heard of it")


def page(heard: SkyDesk, source: Any, cursor: str | None = None, **options: Any) -> Page:
    heard.clock.advance(timedelta(seconds=1))
    found = source().fetch(source.Options(**options), heard.connector.reader(), cursor)
    assert isinstance(found, Page)
    return found


def said(heard: SkyDesk, source: Any, **options: Any) -> list[str]:
    return [event.data["text"] for event in page(heard, source, **options).events]


def test_mentions(heard: SkyDesk, ana: Account) -> None:
    """What mentions, answers or quotes us is heard once, oldest first, and can be answered; also from somebody whose
    clock is behind."""
    ours = heard.perform(Post, heard.plan(Post, text="Nouvelle torréfaction")).receipt
    first = page(heard, Mentions)
    assert [] == first.events
    me = heard.account
    facet = {
        "index": {"byteStart": 0, "byteEnd": 1 + len(me.handle)},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": me.did}],
    }
    ref = {"uri": ours.remote_id, "cid": ours.data["cid"]}
    eventually(lambda: heard.connector.reader().posts([ours.remote_id]))
    late = written(datetime.now(UTC) - timedelta(minutes=50))
    heard.network.post(ana, f"@{me.handle} où ?", facets=[facet], createdAt=late)
    time.sleep(1.1)
    heard.network.post(ana, "À quel prix ?", reply={"root": ref, "parent": ref})

    def both() -> list[Event] | None:
        found = list(page(heard, Mentions, first.cursor).events)
        return found if len(found) == 2 else None

    events = eventually(both)

    assert [f"@{me.handle} où ?", "À quel prix ?"] == [event.data["text"] for event in events]
    assert ["mention", "reply"] == [event.data["reason"] for event in events]
    assert [ana.handle] * 2 == [event.data["author"]["handle"] for event in events]
    assert ["À quel prix ?"] == said(heard, Comments)
    again = page(heard, Mentions, page(heard, Mentions, first.cursor).cursor)
    assert [] == again.events
    heard.here = replace(heard.here, event="e-2")
    effect = heard.plan(Reply, to=dict(events[1].data), text="Cinq euros")
    assert {"root": ref, "parent": {"uri": events[1].data["id"], "cid": events[1].data["cid"]}} == effect.payload[
        "reply"
    ]
    assert isinstance(heard.perform(Reply, effect), Done)


def test_own_posts_and_counts(heard: SkyDesk, ana: Account) -> None:
    """Our posts are heard wherever they were written, and what became of them is counted."""
    uri = heard.network.post(heard.account, "Bonjour à tous")["uri"]
    gone = f"{uri[:-13]}3jzfcijpj2z2a"
    eventually(lambda: said(heard, posts.OwnPosts) == ["Bonjour à tous"])
    asked = posts.MetricsOptions(connection="brand", posts=(uri, gone))
    compute = posts.PostMetrics().compute

    heard.as_(ana)
    for act in (Like, Repost):
        heard.perform(act, heard.plan(act, post=uri))

    found = eventually(lambda: (compute(asked, heard.reading)[uri]["likes"] or None) and compute(asked, heard.reading))
    assert {uri} == set(found)
    assert (1, 0, None) == (found[uri]["likes"], found[uri]["replies"], found[uri]["views"])
    eventually(lambda: compute(asked, heard.reading)[uri]["shares"] == 1)


def test_by_hand(heard: SkyDesk, ana: Account) -> None:
    """A like or repost that was made by hand is taken back too."""
    post = heard.network.post(ana, "Aimez-moi")
    for kind in ("like", "repost"):
        record = {"subject": post, "createdAt": "2026-03-02T09:00:00.000Z", "$type": f"app.bsky.feed.{kind}"}
        asked = {"repo": heard.account.did, "collection": f"app.bsky.feed.{kind}", "record": record}
        heard.network.call("com.atproto.repo.createRecord", asked, heard.account.access)
    eventually(lambda: (heard.connector.reader().posts([post["uri"]]) or [{}])[0].get("viewer", {}).get("repost"))

    for act, collection in ((Unlike, "app.bsky.feed.like"), (Unrepost, "app.bsky.feed.repost")):
        effect = heard.plan(act, post=post["uri"])
        assert isinstance(heard.perform(act, effect), Done)
        assert [] == heard.network.records(heard.account, collection)
        assert isinstance(heard.reconcile(act, effect), Done)


def test_timeline(heard: SkyDesk, ana: Account) -> None:
    """What those say whom we follow is heard; a repost stands for what it reposts."""
    bob = heard.network.account("bob")
    record = {"subject": ana.did, "createdAt": "2026-03-02T09:00:00.000Z", "$type": "app.bsky.graph.follow"}
    asked = {"repo": heard.account.did, "collection": "app.bsky.graph.follow", "record": record}
    heard.network.call("com.atproto.repo.createRecord", asked, heard.account.access)
    theirs = heard.network.post(bob, "Vu ailleurs")
    me = heard.account
    heard.as_(ana)
    heard.perform(Repost, heard.plan(Repost, post=theirs["uri"]))
    heard.as_(me)

    event = eventually(
        lambda: next((one for one in page(heard, Timeline).events if one.data["text"] == "Vu ailleurs"), None)
    )
    assert (bob.handle, ana.handle) == (event.data["author"]["handle"], event.data["boosted_by"])


def test_search(heard: SkyDesk, ana: Account) -> None:
    """What the search finds is heard."""
    heard.network.post(ana, "Le meilleur espresso de la ville")

    eventually(lambda: said(heard, Search, q="espresso") == ["Le meilleur espresso de la ville"])


def test_reply_to_somebody(heard: SkyDesk, ana: Account) -> None:
    """A post on the network can be answered by its page, with the handle of its author."""
    ref = heard.network.post(ana, "Bonjour")
    page_of_it = f"https://bsky.app/profile/{ana.handle}/post/{ref['uri'].rpartition('/')[2]}"

    assert ref == heard.plan(Reply, to=page_of_it, text="Salut").payload["reply"]["parent"]


def test_accounts(heard: SkyDesk) -> None:
    """Somebody's account is told with its words and numbers, their posts without reposts, and who follows whom."""
    me, look, bea = heard.account, heard.connector.reader(), heard.network.account("bea")
    now = written(datetime.now(UTC))
    profile = {"displayName": "Bea B.", "description": "Café & vélo", "createdAt": now}
    where = {"repo": bea.did, "collection": "app.bsky.actor.profile", "rkey": "self"}
    heard.network.call("com.atproto.repo.putRecord", {**where, "record": profile}, bea.access)
    heard.network.post(bea, "Un mot de Bea")
    follow = {"repo": me.did, "collection": "app.bsky.graph.follow", "record": {"subject": bea.did, "createdAt": now}}
    heard.network.call("com.atproto.repo.createRecord", follow, me.access)

    followers = eventually(lambda: look.followers_of(bea.handle, 10))
    found = eventually(lambda: (told := look.account_of(bea.did)) and told.bio and told.posts and told)

    assert [me.did] == [one.person.id.removeprefix("bluesky:") for one in followers]
    assert ("Bea B.", "Café & vélo", 1, False) == (found.person.name, found.bio, found.followers, found.pictured)
    assert [bea.did] == [one.person.id.removeprefix("bluesky:") for one in look.followed_by(me.handle, 10)]
    assert "Un mot de Bea" in [post.text for post in look.posts_of(bea.handle, 30)]
    assert look.account_of("nobody.test") is None
    assert [] == list(look.followers_of("nobody.test", 10))
