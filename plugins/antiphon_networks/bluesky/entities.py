"""The network's JSON as our nouns (lexicons app.bsky.{actor,feed,notification}, bluesky-social/atproto, 2026-08-20).

What people write into their own records, such as the time, is theirs to get wrong: it is read leniently. Otherwise the
functions here raise KeyError, TypeError or ValueError when the JSON is not what the lexicons say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from antiphon import Account, Event, Metrics, Person, Post
from antiphon_networks.bluesky.identifiers import Uri, moment

Json = Mapping[str, Any]

NO_HANDLE = "handle.invalid"
"""What an account is called whose handle does not lead back to it."""


def person(profile: Json) -> Person:
    """An account. Its id is made of its DID, which stays when the handle changes."""
    did, handle = str(profile["did"]), str(profile["handle"])
    known = handle != NO_HANDLE
    return Person(
        id=f"bluesky:{did}",
        network="bluesky",
        handle=handle if known else did,
        name=str(profile.get("displayName") or (handle if known else did)),
        url=f"https://bsky.app/profile/{handle if known else did}",
    )


def account(view: Json) -> Account:
    """An account with what it says of itself and its numbers (app.bsky.actor.defs#profileViewDetailed)."""
    born = _text(view.get("createdAt"))
    return Account(
        person=person(view),
        bio=_text(view.get("description")),
        followers=view.get("followersCount"),
        following=view.get("followsCount"),
        posts=view.get("postsCount"),
        created_at=moment(born) if born else None,
        pictured=bool(view.get("avatar")),
    )


def post(view: Json) -> Post:
    """A post, of a view or of a notification. Its id is its address; its time is when the network heard of it."""
    record = view["record"]
    uri, author = Uri.read(view["uri"]), person(view["author"])
    parent = _mapping(_mapping(record.get("reply")).get("parent"))
    return Post(
        id=str(uri),
        network="bluesky",
        url=uri.page,
        text=_text(record.get("text")),
        author=author,
        at=moment(view["indexedAt"]),
        language=next(map(_text, _list(record.get("langs"))), ""),
        in_reply_to=_text(parent.get("uri")),
        tags=tuple(dict.fromkeys(_tags(record))),
        links=tuple(dict.fromkeys(_links(record))),
        likes=view.get("likeCount"),
        shares=view.get("repostCount"),
        replies=view.get("replyCount"),
    )


def mention(notification: Json, connection: str) -> tuple[Event, Person]:
    """Somebody wrote to us, or of us."""
    return _heard("mention.received", "bluesky.mentions", "mention", notification, connection)


def comment(notification: Json, connection: str) -> tuple[Event, Person]:
    """Somebody answered us below a post of ours."""
    return _heard("comment.received", "bluesky.comments", "comment", notification, connection)


def published(item: Json, connection: str) -> tuple[Event, Person]:
    """We said something ourselves, here or elsewhere."""
    return _heard("post.published", "bluesky.own", "own", item["post"], connection)


def seen(view: Json, connection: str, source: str = "bluesky.search") -> tuple[Event, Person]:
    """Somebody wrote something."""
    return _heard("post.seen", source, "post", view, connection)


def followed(item: Json, connection: str) -> tuple[Event, Person]:
    """Somebody whom we follow wrote, or reposted, something; a repost stands for the post that it reposts."""
    event, author = seen(item["post"], connection, "bluesky.timeline")
    if _is_repost(item):
        event = Event(
            event.id,
            event.type,
            event.at,
            {**event.data, "boosted_by": str(item["reason"]["by"]["handle"])},
            event.source,
        )
    return event, author


def metrics(view: Json, at: datetime) -> Metrics:
    """What became of a post; Bluesky counts no views."""
    return Metrics(
        at=at,
        likes=view.get("likeCount"),
        shares=view.get("repostCount"),
        replies=view.get("replyCount"),
        quotes=view.get("quoteCount"),
        saves=view.get("bookmarkCount"),
        raw=view,
    )


def listed_at(item: Json) -> datetime:
    """When the network put it into a list: a notification, a view, or an item of a timeline."""
    if _is_repost(item):
        return moment(item["reason"]["indexedAt"])
    return moment(item.get("post", item)["indexedAt"])


def listed_as(item: Json) -> str:
    """What tells items of a list apart: the address, and who reposted it."""
    view = item.get("post", item)
    by = item["reason"]["by"]["did"] if _is_repost(item) else ""
    return f"{view['uri']} {by}".strip()


def is_ours(item: Json) -> bool:
    """Whether an item of our own timeline is a post of ours, and no repost."""
    return not _is_repost(item)


def _heard(kind: str, source: str, label: str, view: Json, connection: str) -> tuple[Event, Person]:
    said = post(view)
    reply = _mapping(view["record"].get("reply"))
    data = said.as_event_data()
    data["author"] = {**data["author"], "did": str(view["author"]["did"])}
    data |= {"cid": str(view["cid"]), "account": connection}
    if root := _mapping(reply.get("root")):
        data["root"] = {"uri": _text(root.get("uri")), "cid": _text(root.get("cid"))}
    if "reason" in view:
        data["reason"] = str(view["reason"])
    return Event(f"bluesky:{label}:{said.id}", kind, said.at, data, source), said.author


def _is_repost(item: Json) -> bool:
    return str(_mapping(item.get("reason")).get("$type", "")).endswith("#reasonRepost")


def _features(record: Json) -> Iterator[Json]:
    for facet in _list(record.get("facets")):
        yield from map(_mapping, _list(_mapping(facet).get("features")))


def _links(record: Json) -> Iterator[str]:
    embed = _mapping(record.get("embed"))
    external = _mapping(embed.get("external") or _mapping(embed.get("media")).get("external"))
    yield from (link for one in (*_features(record), external) if (link := _text(one.get("uri"))))


def _tags(record: Json) -> Iterator[str]:
    yield from (tag for one in _features(record) if (tag := _text(one.get("tag"))))
    yield from (tag for one in _list(record.get("tags")) if (tag := _text(one)))


def _mapping(value: Any) -> Json:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: Any) -> str:
    return value.replace("\0", "") if isinstance(value, str) else ""
