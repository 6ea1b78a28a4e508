"""Posting: actions that put words before people, on whatever network a connection leads to.

A network's own action is one of these with more options: it says in `draft` what they mean.
"""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from pydantic import Field

from antiphon.components.action import Action
from antiphon.components.capabilities import Ability, Composes, ComposesMessages, Messages, Publishes, Replies
from antiphon.components.component import Options
from antiphon.components.context import PerformContext, ReadContext
from antiphon.components.media import Upload
from antiphon.components.targets import Target, short
from antiphon.errors import AccessLost, AntiphonError, RetryLater
from antiphon.model.draft import Attachment, Composed, Draft, Medium
from antiphon.model.effect import Done, Effect, Outcome, Receipt, Unknown

SKEW = timedelta(minutes=5)
"""How far a network's clock may be behind ours."""


class WordsOptions(Options):
    """What all that is said has in common."""

    connection: str = Field(description="The connection to post with.")
    text: str = Field("", description="What to say.")
    title: str = Field("", description="A title or subject, for networks that have one.")
    language: str | None = Field(
        None,
        description="The language of the text, as an ISO 639 code such as fr.",
        pattern=r"^[a-z]{2,3}(-[A-Za-z]+)?$",
    )
    media: tuple[Attachment, ...] = Field((), description="Images, films and the like, each with its alt text.")


class ReplyOptions(WordsOptions):
    """What to answer, and to what."""

    to: Target = Field(description="The post to answer: its id, or the event that brought it.")


class MessageOptions(WordsOptions):
    """What to send, and to whom."""

    to: str = Field(min_length=1, description="Whom it goes to, as the network addresses people or chats.")


class SayAction(Action):
    """What posting, answering and sending have in common: the exact content in a plan, one call, and a look back."""

    verb: ClassVar[str]
    told: ClassVar[str] = "Post"

    def draft(self, options: Any) -> Draft:
        """What is to be said. A network's own action adds its own options here."""
        return draft_of(options)

    @abstractmethod
    def compose(self, draft: Draft, options: Any, ctx: ReadContext) -> Composed:
        """What the draft comes to on the network of the connection."""

    def plan(self, options: Any, ctx: ReadContext) -> Effect:
        """The exact content, as the network would take it."""
        media = tuple(ctx.files.look(one) for one in getattr(options, "media", ()))
        composed = self.compose(self.draft(options).model_copy(update={"media": media}), options, ctx)
        answer = f" in answer to {composed.answers}" if composed.answers else ""
        return ctx.effect(
            self.name,
            f"{self.told} as {options.connection} on {composed.place}{answer}: “{short(composed.text)}”",
            with_media(composed.payload, media),
            connection=options.connection,
            verb=self.verb,
            reversible=ctx.connections.can(options.connection, Ability.DELETE),
            recipients=composed.recipients,
            cost=composed.cost,
        )

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """Deletes what was posted, where the network allows that."""
        if not effect.reversible:
            return None
        told = f"Delete {receipt.remote_id} as {effect.connection}: takes back “{effect.summary}”"
        payload = {"post": receipt.remote_id}
        return ctx.effect("post.delete", told, payload, connection=effect.connection, verb="delete")


class PublishAction(SayAction):
    """Publishes a post on any network that publishes."""

    ability = Ability.PUBLISH
    verb = "post"
    Options: ClassVar[type[WordsOptions]] = WordsOptions

    def compose(self, draft: Draft, options: Any, ctx: ReadContext) -> Composed:  # noqa: D102
        return ctx.connections.reader(options.connection, Composes).compose(draft)

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        writer = ctx.connections.writer(effect.connection, Publishes)
        return receipted(effect, writer.publish(content_of(effect), network_key(effect), uploads_of(effect, ctx)))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:  # noqa: D102
        def look() -> Outcome | None:
            writer = ctx.connections.writer(effect.connection, Publishes)
            return writer.find_published(content_of(effect), network_key(effect), ctx.claimed_at - SKEW, ctx.made)

        return looked_up(effect, look)


class ReplyAction(PublishAction):
    """Answers a post on any network that has answers."""

    ability = Ability.REPLY
    verb = "reply"
    Options: ClassVar[type[WordsOptions]] = ReplyOptions

    def compose(self, draft: Draft, options: Any, ctx: ReadContext) -> Composed:  # noqa: D102
        return ctx.connections.reader(options.connection, Replies).compose_reply(draft, options.to)


class MessageAction(SayAction):
    """Sends a message to one address, on any network that has messages."""

    ability = Ability.MESSAGE
    verb = "message"
    told = "Write"
    Options: ClassVar[type[WordsOptions]] = MessageOptions

    def compose(self, draft: Draft, options: Any, ctx: ReadContext) -> Composed:  # noqa: D102
        return ctx.connections.reader(options.connection, ComposesMessages).compose_message(draft, options.to.strip())

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        writer = ctx.connections.writer(effect.connection, Messages)
        return receipted(effect, writer.message(content_of(effect), network_key(effect), uploads_of(effect, ctx)))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:  # noqa: D102
        def look() -> Outcome | None:
            writer = ctx.connections.writer(effect.connection, Messages)
            return writer.find_message(content_of(effect), network_key(effect), ctx.claimed_at - SKEW, ctx.made)

        return looked_up(effect, look)


def draft_of(options: WordsOptions) -> Draft:
    """The words of some options; media are looked at afterwards."""
    return Draft(text=options.text.strip(), title=options.title.strip(), language=options.language or "")


def network_key(effect: Effect, part: str = "") -> str:
    """What names an act to a network, in 64 hexadecimal digits: its key shows nothing of ours, and is short enough."""
    return hashlib.sha256(f"{effect.key}{part}".encode()).hexdigest()


def with_media(payload: dict[str, Any], media: Sequence[Medium]) -> dict[str, Any]:
    """A payload that says what goes with it: the fingerprint of every file is part of what is approved."""
    return {**payload, "media": [one.model_dump(exclude_defaults=True) for one in media]} if media else payload


def content_of(effect: Effect) -> dict[str, Any]:
    """The payload as the network composed it."""
    return {name: value for name, value in effect.payload.items() if name != "media"}


def uploads_of(effect: Effect, ctx: PerformContext) -> list[Upload]:
    """The media that go with an effect. Raises GiveUp when a file is not what was planned."""
    return [ctx.files.load(Medium.model_validate(one)) for one in effect.payload.get("media", ())]


def receipted(effect: Effect, outcome: Outcome) -> Outcome:
    """The same outcome, with the fingerprint of the whole payload in its receipt."""
    from antiphon.components.outcomes import payload_hash  # brings httpx, which the command line can do without

    if not isinstance(outcome, Done):
        return outcome
    return Done(outcome.receipt.model_copy(update={"payload_hash": payload_hash(effect.payload)}))


def looked_up(effect: Effect, look: Callable[[], Outcome | None]) -> Outcome | None:
    """What a look-up found; one that failed for another reason than an absent network has found nothing out."""
    try:
        found = look()
    except (AccessLost, RetryLater):
        raise
    except (AntiphonError, KeyError, TypeError, ValueError) as error:
        return Unknown(f"Nobody could look whether it was done: {error}")
    return receipted(effect, found) if found else None
