"""Capabilities: what a network can do, each a small protocol that a connector's reader or writer has or has not.

A connector names the classes of its clients, and what they have tells what it can: an action, a computation or a source
that is written against a capability works with every network that has it. Whatever only looks belongs to the reader.

Methods of a reader raise RetryLater when the network is not there or asks for patience, AccessLost when the credentials
are dead, and GiveUp when it will not work as it stands. Methods of a writer send once and tell what became of it; their
look-ups raise as a reader's do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from antiphon.components.media import Upload
from antiphon.components.source import Page
from antiphon.model.account import Account
from antiphon.model.draft import Composed, Draft
from antiphon.model.effect import Outcome, Receipt
from antiphon.model.metrics import Metrics
from antiphon.model.post import Post
from antiphon.model.profile import Profile

Made = Callable[[str], bool]
"""Whether another effect's receipt has this remote id: what looks the same is that one's then."""


@runtime_checkable
class Composes(Protocol):
    """A reader that knows what a post is there."""

    def compose(self, draft: Draft) -> Composed:
        """The exact content of a post. Pure, but for limits that are asked of the network.

        Raises GiveUp for what the network would refuse, naming the rule, the count and the limit.
        """


@runtime_checkable
class Replies(Protocol):
    """A reader that knows what an answer to a post is there."""

    def compose_reply(self, draft: Draft, to: str | Mapping[str, Any]) -> Composed:
        """The exact content of an answer to a post, named by its id or by the event that brought it."""


@runtime_checkable
class Threads(Protocol):
    """A reader that knows how a text too long for one post becomes several."""

    def split(self, text: str) -> Sequence[str]:
        """The texts of the posts, in order, each short enough; one when it fits. Raises GiveUp for what cannot be."""

    def continued(self, payload: Mapping[str, Any], first: Receipt, previous: Receipt) -> dict[str, Any]:
        """A post's payload as the continuation of one that was published."""


@runtime_checkable
class Identifies(Protocol):
    """A reader that knows its posts by their ids."""

    def identify(self, target: str | Mapping[str, Any]) -> str:
        """The id of the post that a target is about; `antiphon.id_of` does it for most networks. Raises GiveUp."""


@runtime_checkable
class Publishes(Protocol):
    """A writer that publishes posts, answers among them."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Publish what was composed, once. `key` (64 hexadecimal digits) is the same whenever it is the same act."""

    def find_published(self, payload: Mapping[str, Any], key: str, since: datetime, made: Made) -> Outcome | None:
        """After a doubt: Done when the network has it, None when it surely has not, Unknown when it cannot tell.

        What was there before `since` is not it, nor what is another effect's.
        """


@runtime_checkable
class Edits(Protocol):
    """A writer that changes what was published."""

    def edit(self, remote_id: str, payload: Mapping[str, Any], media: Sequence[Upload]) -> Outcome:
        """Put what was composed in the place of a post's content."""

    def find_edited(self, remote_id: str, payload: Mapping[str, Any]) -> Outcome | None:
        """Whether a post says so by now; as `find_published` tells it."""


@runtime_checkable
class Deletes(Protocol):
    """A writer that takes back what was published."""

    def delete(self, remote_id: str) -> Outcome:
        """Delete a post of ours."""

    def find_deleted(self, remote_id: str) -> Outcome | None:
        """Whether it is gone by now; as `find_published` tells it."""


@runtime_checkable
class ComposesMessages(Protocol):
    """A reader that knows what a message to somebody is there."""

    def compose_message(self, draft: Draft, to: str) -> Composed:
        """The exact content of a message to one address: a handle, a chat, a mailbox."""


@runtime_checkable
class Messages(Protocol):
    """A writer that sends messages to those who are named."""

    def message(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Send what was composed, once; `key` as in `publish`."""

    def find_message(self, payload: Mapping[str, Any], key: str, since: datetime, made: Made) -> Outcome | None:
        """Whether it was sent; as `find_published` tells it."""


@runtime_checkable
class ComposesProfile(Protocol):
    """A reader that knows what a profile is there."""

    def compose_profile(self, profile: Profile) -> Composed:
        """The exact words of a profile; its images are judged here and handed over by themselves. Raises GiveUp."""


@runtime_checkable
class SetsProfile(Protocol):
    """A writer that changes how the account presents itself; doing so again changes nothing."""

    def set_profile(self, payload: Mapping[str, Any], media: Mapping[str, Upload]) -> Outcome:
        """Set what was composed; `media` has the images by `avatar` and `banner`."""

    def find_profile(self, payload: Mapping[str, Any]) -> Outcome | None:
        """Whether the profile says so by now; as `find_published` tells it."""


@runtime_checkable
class UploadsMedia(Protocol):
    """A writer that takes media by themselves, before they are used."""

    def upload(self, media: Upload) -> str:
        """Hand a medium over; returns what the network calls it. Raises GiveUp, RetryLater or AccessLost."""


@runtime_checkable
class ReadsMentions(Protocol):
    """A reader of what mentions the account: events of type `mention.received`."""

    def mentions(self, cursor: str | None) -> Page:
        """The mentions after a cursor, as `Source.fetch` gives them."""


@runtime_checkable
class ReadsComments(Protocol):
    """A reader of what is said below our posts: events of type `comment.received`."""

    def comments(self, cursor: str | None) -> Page:
        """The comments after a cursor, as `Source.fetch` gives them."""


@runtime_checkable
class ReadsOwnPosts(Protocol):
    """A reader of what the account published: events of type `post.published`."""

    def own_posts(self, cursor: str | None) -> Page:
        """Our posts after a cursor, as `Source.fetch` gives them."""


@runtime_checkable
class Searches(Protocol):
    """A reader that finds what others say: events of type `post.seen`."""

    def search(self, query: str, cursor: str | None) -> Page:
        """What is found after a cursor, as `Source.fetch` gives it; the query is in the network's own language."""


@runtime_checkable
class ReadsMetrics(Protocol):
    """A reader of what became of posts."""

    def metrics(self, remote_ids: Sequence[str]) -> Mapping[str, Metrics]:
        """The numbers of posts by their ids; a post that is gone is left out."""


@runtime_checkable
class ReadsAccounts(Protocol):
    """A reader of what others are and say, by their handle or what the network calls them."""

    def account_of(self, handle: str) -> Account | None:
        """Somebody's account as it is now, or None when the network shows none of that name."""

    def posts_of(self, handle: str, most: int) -> Sequence[Post]:
        """Their newest posts first, without what they only passed on; none when there is no such account."""


@runtime_checkable
class ReadsFollows(Protocol):
    """A reader of who follows whom, in the network's own order; some people hide it, which looks like nobody."""

    def followers_of(self, handle: str, most: int) -> Sequence[Account]:
        """Those who follow somebody."""

    def followed_by(self, handle: str, most: int) -> Sequence[Account]:
        """Those whom somebody follows."""


class Ability(StrEnum):
    """What a connector can do, in words that go on from “it can”."""

    PUBLISH = "publish"
    REPLY = "reply"
    THREAD = "publish threads"
    EDIT = "edit posts"
    DELETE = "delete posts"
    MESSAGE = "send messages"
    PROFILE = "set its profile"
    UPLOAD = "upload media"
    MENTIONS = "read mentions"
    COMMENTS = "read comments"
    OWN_POSTS = "read its own posts"
    METRICS = "read metrics"
    SEARCH = "search"
    ACCOUNTS = "read others' accounts"
    FOLLOWS = "see who follows whom"


_NEEDED: Mapping[Ability, tuple[Sequence[type], Sequence[type]]] = {
    Ability.PUBLISH: ((Composes,), (Publishes,)),
    Ability.REPLY: ((Composes, Replies), (Publishes,)),
    Ability.THREAD: ((Composes, Threads), (Publishes,)),
    Ability.EDIT: ((Composes, Identifies), (Edits,)),
    Ability.DELETE: ((Identifies,), (Deletes,)),
    Ability.MESSAGE: ((ComposesMessages,), (Messages,)),
    Ability.PROFILE: ((ComposesProfile,), (SetsProfile,)),
    Ability.UPLOAD: ((), (UploadsMedia,)),
    Ability.MENTIONS: ((ReadsMentions,), ()),
    Ability.COMMENTS: ((ReadsComments,), ()),
    Ability.OWN_POSTS: ((ReadsOwnPosts,), ()),
    Ability.METRICS: ((Identifies, ReadsMetrics), ()),
    Ability.SEARCH: ((Searches,), ()),
    Ability.ACCOUNTS: ((ReadsAccounts,), ()),
    Ability.FOLLOWS: ((ReadsFollows,), ()),
}


def abilities_of(reader: type, writer: type) -> tuple[Ability, ...]:
    """What a connector with clients of these classes can do."""
    return tuple(
        ability
        for ability, (reads, writes) in _NEEDED.items()
        if all(issubclass(reader, one) for one in reads) and all(issubclass(writer, one) for one in writes)
    )
