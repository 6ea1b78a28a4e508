from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_networks.bluesky.entities import (
    followed,
    is_ours,
    listed_as,
    listed_at,
    mention,
    metrics,
    post,
    published,
)

AT = datetime(2026, 3, 2, 9, 0, 0, 123_000, UTC)
AUTHOR = {"did": "did:plc:ana", "handle": "ana.test", "displayName": "Ana"}
RECORD = {
    "$type": "app.bsky.feed.post",
    "text": "Le café de Torréa #café example.org",
    "createdAt": "2026-03-02T08:59:00Z",
    "langs": ["fr", "en"],
    "tags": ["torréfaction", "café"],
    "facets": [
        {
            "index": {"byteStart": 21, "byteEnd": 27},
            "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "café"}],
        },
        {
            "index": {"byteStart": 28, "byteEnd": 39},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org/"}],
        },
    ],
    "embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://torrea.example/", "title": "Torréa"}},
    "reply": {
        "root": {"uri": "at://did:plc:bob/app.bsky.feed.post/1", "cid": "c1"},
        "parent": {"uri": "at://did:plc:bob/app.bsky.feed.post/2", "cid": "c2"},
    },
}
VIEW = {
    "uri": "at://did:plc:ana/app.bsky.feed.post/3",
    "cid": "c3",
    "author": AUTHOR,
    "record": RECORD,
    "indexedAt": "2026-03-02T09:00:00.123Z",
    "likeCount": 4,
    "repostCount": 2,
    "replyCount": 1,
    "quoteCount": 3,
    "bookmarkCount": 5,
}


def test_post() -> None:
    """A post is read whole: words, author, links and tags of marks and cards, thread, and counts."""
    said = post(VIEW)

    assert (VIEW["uri"], "bluesky", "fr", AT) == (said.id, said.network, said.language, said.at)
    assert "https://bsky.app/profile/did:plc:ana/post/3" == said.url
    assert ("bluesky:did:plc:ana", "ana.test", "Ana") == (said.author.id, said.author.handle, said.author.name)
    assert (("café", "torréfaction"), ("https://example.org/", "https://torrea.example/")) == (said.tags, said.links)
    assert ("at://did:plc:bob/app.bsky.feed.post/2", 4, 2, 1) == (
        said.in_reply_to,
        said.likes,
        said.shares,
        said.replies,
    )


def test_mention() -> None:
    """A mention brings what an answer needs: the post, its fingerprint, and the root of the thread."""
    event, person = mention({**VIEW, "reason": "mention", "isRead": False}, "brand")

    assert ("bluesky:mention:at://did:plc:ana/app.bsky.feed.post/3", "mention.received") == (event.id, event.type)
    assert ("c3", "brand", "mention") == tuple(event.data[name] for name in ("cid", "account", "reason"))
    assert RECORD["reply"]["root"] == event.data["root"]  # type: ignore[index]
    assert person.id == event.data["author"]["id"]


def test_metrics() -> None:
    """What the network counts is told; it counts no views."""
    found = metrics(VIEW, AT)

    assert (4, 2, 1, 3, 5, None) == (found.likes, found.shares, found.replies, found.quotes, found.saves, found.views)


def test_repost() -> None:
    """A repost stands for the post that it reposts, and in a list at its own time."""
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": "did:plc:bob", "handle": "bob.test"}}
    item = {"post": VIEW, "reason": {**reason, "indexedAt": "2026-03-02T10:00:00.000Z"}}

    event, person = followed(item, "brand")

    assert ("bob.test", "ana.test") == (event.data["boosted_by"], person.handle)
    assert (AT, datetime(2026, 3, 2, 10, tzinfo=UTC)) == (event.at, listed_at(item))
    assert listed_as(item) != listed_as({"post": VIEW})
    assert not is_ours(item)
    assert "post.published" == published({"post": VIEW}, "brand")[0].type


def test_no_handle() -> None:
    """Whose handle leads nowhere is called by the DID."""
    said = post({**VIEW, "author": {"did": "did:plc:ana", "handle": "handle.invalid", "displayName": ""}})

    assert ("did:plc:ana", "did:plc:ana") == (said.author.handle, said.author.name)
    assert "https://bsky.app/profile/did:plc:ana" == said.author.url


@pytest.mark.parametrize(
    "record",
    [
        {"text": "x"},
        {
            "text": "x",
            "createdAt": "yesterday",
            "langs": "fr",
            "tags": 7,
            "facets": {"a": 1},
            "embed": "no",
            "reply": [],
        },
        {"text": "x", "langs": [], "facets": [None, {"features": None}, {"features": ["x", {}]}], "reply": {"root": 7}},
        {"text": None, "embed": {"external": "x", "media": 7}},
    ],
)
def test_strange_record(record: dict[str, Any]) -> None:
    """Whatever somebody has put into a record of theirs, the rest is read."""
    said = post({**VIEW, "record": record})

    assert ("ana.test", record["text"] or "") == (said.author.handle, said.text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*RECORD, "root", "parent", "uri", "features", "external", "media"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted(RECORD)), JSON))
def test_any_record(record: dict[str, Any]) -> None:
    """A record is a stranger's own: none makes us stumble."""
    event, _ = mention({**VIEW, "record": record, "reason": "mention"}, "brand")

    assert "c3" == event.data["cid"]
