"""Posting and replying."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from pydantic import Field

from antiphon import (
    AccessLost,
    Action,
    AntiphonError,
    Done,
    Effect,
    GiveUp,
    Options,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    RetryLater,
    Unknown,
)
from antiphon_networks.mastodon.client import MastodonReader, MastodonWriter
from antiphon_networks.mastodon.entities import Json, moment
from antiphon_networks.mastodon.length import length, without_servers
from antiphon_networks.mastodon.receipts import of_status, published
from antiphon_networks.mastodon.targets import Target, original_of
from antiphon_networks.mastodon.undoing import taken_back
from antiphon_networks.plain import plain

Visibility = Literal["public", "unlisted", "private", "direct"]

_MOST_PAGES = 10
_SKEW = timedelta(minutes=5)
"""How far the server's clock may be behind ours."""
_SHOWN = 80


class TextOptions(Options):
    """What posts and replies have in common."""

    connection: str = Field(description="The connection to post with.")
    text: str = Field(description="What to say. A link counts 23 characters, a mention as much as its name.")
    language: str | None = Field(
        None,
        description="The language of the text, as an ISO 639 code such as fr.",
        pattern=r"^[a-z]{2,3}(-[A-Za-z]+)?$",
    )
    sensitive: bool = Field(False, description="Whether attached media are hidden until they are asked for.")
    spoiler_text: str = Field("", description="A content warning, shown first; the text is folded below it.")


class PostOptions(TextOptions):
    """What to post."""

    in_reply_to: str | None = Field(None, description="The id of the status that this one continues.", min_length=1)
    visibility: Visibility = Field("public", description="Who can read it.")


class ReplyOptions(TextOptions):
    """What to reply, and to what."""

    to: Target = Field(description="The status to answer: its id, or the event that brought it.")
    visibility: Visibility | None = Field(None, description="Who can read it; as the original when left out.")


class _Publication(Action):
    """What posting and replying have in common: the way out, and the look back."""

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        client = ctx.connections.writer(effect.connection, MastodonWriter)
        key = hashlib.sha256(effect.key.encode()).hexdigest()
        return client.publish(effect.payload, key, published(effect))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Looks among our own statuses for the same words in the same place. For an hour a doubt is harmless anyway:
        the server answers our key with the first status (methods/statuses.md "Idempotency-Key")."""
        try:
            client = ctx.connections.reader(effect.connection, MastodonReader)
            return _look_back(effect, client, ctx)
        except (AccessLost, RetryLater):
            raise
        except (AntiphonError, KeyError, TypeError, ValueError) as error:
            return Unknown(f"Nobody could look whether it was posted: {error}")

    def undo(self, effect: Effect, receipt: Receipt, ctx: ReadContext) -> Effect | None:
        """Deletes what was posted; what others answered stays, without what it answers."""
        return taken_back(effect, "delete", receipt.remote_id, ctx)

    def _plan(
        self,
        options: TextOptions,
        ctx: ReadContext,
        text: str,
        visibility: str,
        in_reply_to: str | None,
        verb: str,
        recipients: Sequence[str] = (),
    ) -> Effect:
        client = ctx.connections.reader(options.connection, MastodonReader)
        _fits(text, options.spoiler_text, client)
        form: dict[str, Any] = {"status": text, "visibility": visibility}
        if in_reply_to:
            form["in_reply_to_id"] = in_reply_to
        if options.language:
            form["language"] = options.language
        if options.spoiler_text:
            form["spoiler_text"] = options.spoiler_text
        if options.sensitive:
            form["sensitive"] = True
        answer = f" in answer to {in_reply_to}" if in_reply_to else ""
        return ctx.effect(
            self.name,
            f"Post as {options.connection} on {client.server}{answer}: “{_short(text)}”",
            form,
            connection=options.connection,
            verb=verb,
            reversible=True,
            recipients=recipients,
        )


class Post(_Publication):
    """Posts a status.

    use: mastodon.post
    with:
      connection: brand
      text: "New roast: ${{ event.title }} ${{ event.url }}"
      language: en
    """

    name = "mastodon.post"
    Options = PostOptions

    def plan(self, options: PostOptions, ctx: ReadContext) -> Effect:  # noqa: D102
        return self._plan(options, ctx, options.text.strip(), options.visibility, options.in_reply_to, "post")


class Reply(_Publication):
    """Replies to a status, and mentions its author, who would not hear of it otherwise.

    use: mastodon.reply
    with: {connection: brand, to: "${{ event }}", text: Thank you!}
    """

    name = "mastodon.reply"
    Options = ReplyOptions

    def plan(self, options: ReplyOptions, ctx: ReadContext) -> Effect:  # noqa: D102
        client = ctx.connections.reader(options.connection, MastodonReader)
        original = original_of(options.to, client)
        text = options.text.strip()
        if text and original.author and original.author != client.address() and not _mentions(text, original.author):
            text = f"@{original.author} {text}"
        visibility = options.visibility or original.visibility
        recipients = (original.author,) if original.author else ()
        return self._plan(options, ctx, text, visibility, original.id, "reply", recipients)


def _fits(text: str, spoiler_text: str, client: MastodonReader) -> None:
    """Refuse a text that the server would refuse."""
    if not text:
        raise GiveUp("There is nothing to post: the text is empty.", hint="Look at the expressions in `text`.")
    instance = client.instance()
    count = length(text, spoiler_text, instance.url_length)
    if count > instance.longest:
        raise GiveUp(
            f"The text has {count:,} characters as Mastodon counts them (a link {instance.url_length}, "
            f"of a mention the name, the content warning too); {instance.domain} takes {instance.longest:,}.",
            hint=f"Shorten it by {count - instance.longest:,}, or cut it with `| truncate({instance.longest})`.",
        )


def _mentions(text: str, address: str) -> bool:
    name, _, server = address.partition("@")
    return bool(re.search(rf"(?<!\w)@{re.escape(name)}(@{re.escape(server)}\b|(?![\w@]))", text, re.IGNORECASE))


def _look_back(effect: Effect, client: MastodonReader, ctx: PerformContext) -> Outcome | None:
    since = ctx.claimed_at - _SKEW
    before: str | None = None
    found: Json | None = None
    for _ in range(_MOST_PAGES):
        page = client.own_statuses(before)
        recent = [status for status in page if moment(status["created_at"]) >= since]
        ours = (status for status in reversed(recent) if _same(status, effect) and not ctx.made(str(status["id"])))
        found = next(ours, found)
        if not page or len(recent) < len(page):
            return Done(of_status(effect, found)) if found else None
        before = str(page[-1]["id"])
    return Done(of_status(effect, found)) if found else Unknown("There are too many posts since to look through.")


def _same(status: Json, effect: Effect) -> bool:
    """Whether a status says what the effect says, in the same place."""
    wanted = effect.payload
    return (
        str(status.get("in_reply_to_id") or "") == str(wanted.get("in_reply_to_id", ""))
        and str(status.get("spoiler_text") or "") == str(wanted.get("spoiler_text", ""))
        and _words(plain(status["content"]).text) == _words(str(wanted["status"]))
    )


def _words(text: str) -> list[str]:
    return without_servers(text).split()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
