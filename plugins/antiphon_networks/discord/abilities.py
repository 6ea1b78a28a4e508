"""What a Discord bot can do, by the capabilities that actions and sources are written against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx

from antiphon import (
    Clock,
    Composed,
    Done,
    Draft,
    GiveUp,
    Metrics,
    Outcome,
    Page,
    Receipt,
    Unknown,
    Upload,
    id_of,
    payload_hash,
    rates,
    split_text,
)
from antiphon_networks.discord import composing
from antiphon_networks.discord.client import DiscordReader, DiscordWriter
from antiphon_networks.discord.entities import link, moment, post, remote_id
from antiphon_networks.discord.escaping import escaped
from antiphon_networks.discord.looking import TooMany, look_back, says
from antiphon_networks.discord.pages import page_of
from antiphon_networks.discord.rules import LIMITS

Json = Mapping[str, Any]

NONCE = 25
"""The longest nonce that Discord takes."""


class Reader(DiscordReader):
    """A bot that composes, listens and looks."""

    def __init__(self, connection: str, client: httpx.Client, clock: Clock, channel: str) -> None:
        super().__init__(connection, client, clock)
        self.home = channel
        self._clock = clock

    def compose(self, draft: Draft) -> Composed:  # noqa: D102
        return self._placed(composing.message_of(draft, str(draft.options.get("channel") or self.home)))

    def compose_reply(self, draft: Draft, to: str | Mapping[str, Any]) -> Composed:  # noqa: D102
        target = self.identify(to)
        author = to.get("author") if isinstance(to, Mapping) else None
        handle = str(author.get("handle") or "") if isinstance(author, Mapping) else ""
        composed = composing.message_of(draft, target.partition("/")[0], target, (handle,) if handle else ())
        return self._placed(composed)

    def compose_message(self, draft: Draft, to: str) -> Composed:  # noqa: D102
        if not to.isdecimal():
            raise GiveUp(f"`{to}` is no channel on Discord.", hint="Write the channel's id, which is a number.")
        return self._placed(composing.message_of(draft, to, recipients=(to,)))

    def split(self, text: str) -> Sequence[str]:  # noqa: D102
        return split_text(text, lambda part: len(escaped(part)) <= LIMITS.number("text.longest"))

    def continued(self, payload: Mapping[str, Any], first: Receipt, previous: Receipt) -> dict[str, Any]:
        """Each part answers the one before."""
        reference = {"message_id": previous.remote_id.partition("/")[2], "fail_if_not_exists": True}
        return {**payload, "message": {**payload["message"], "message_reference": reference}}

    def identify(self, target: str | Mapping[str, Any]) -> str:
        """`channel/message`; a message's id alone is one of the channel of the connection."""
        found = id_of(target, "discord", self.connection)
        whole = found if "/" in found else f"{self.home}/{found}"
        if not all(part.isdecimal() for part in whole.split("/", 1)):
            raise GiveUp(
                f"`{found}` is no message on Discord.",
                hint="Write channel/message, two numbers, or give an event of discord.messages.",
            )
        return whole

    def mentions(self, cursor: str | None) -> Page:
        """What mentions the bot in the channel of the connection."""
        ours = str(self.me()["id"])
        return self.said(
            cursor,
            "mention.received",
            "discord.mentions",
            lambda one: any(str(user["id"]) == ours for user in one.get("mentions", ())),
        )

    def comments(self, cursor: str | None) -> Page:
        """What answers the bot in the channel of the connection."""
        ours = str(self.me()["id"])

        def answers_us(message: Json) -> bool:
            original = message.get("referenced_message") or {}
            return str((original.get("author") or {}).get("id", "")) == ours

        return self.said(cursor, "comment.received", "discord.comments", answers_us)

    def own_posts(self, cursor: str | None) -> Page:
        """What the bot said in the channel of the connection."""
        ours = str(self.me()["id"])
        return self.said(cursor, "post.published", "discord.own", lambda one: str(one["author"]["id"]) == ours)

    def said(
        self, cursor: str | None, type_: str, source: str, keep: Callable[[Json], bool], channel: str = ""
    ) -> Page:
        """What was said in a channel after a cursor."""
        where = channel or self.home
        if not where:
            raise GiveUp("It is not said which channel to listen to.", hint="Write `channel` in the connection.")
        return page_of(self, where, cursor, type_, source, keep)

    def metrics(self, remote_ids: Sequence[str]) -> Mapping[str, Metrics]:
        """How many reactions messages have; Discord counts nothing else."""
        now = self._clock.now()
        found = {one: self.look_up(*self.identify(one).split("/", 1)) for one in remote_ids}
        return {
            one: Metrics(at=now, likes=post(message, "@me").likes, raw=message)
            for one, message in found.items()
            if message
        }

    def _placed(self, composed: Composed) -> Composed:
        """With the server of its channel, which the link to a message needs; so a channel must be there to plan."""
        guild = self.guild(str(composed.payload["channel"]))
        return replace(composed, payload={**composed.payload, "guild": guild})


class Writer(Reader, DiscordWriter):
    """A bot that also writes, changes and takes back."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Send a message. For some minutes Discord answers our nonce with the first one ("Create Message")."""
        channel = str(payload["channel"])
        message = {**payload["message"], "nonce": key[-NONCE:], "enforce_nonce": True}
        return self.create(channel, message, media, self._sent(payload, str(payload["guild"])))

    def find_published(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        try:
            found = look_back(payload, key[-NONCE:], self, since, made)
        except TooMany as error:
            return Unknown(str(error))
        return Done(self._receipt(payload, found, str(payload["guild"]))) if found else None

    def message(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:  # noqa: D102
        return self.publish(payload, key, media)

    def find_message(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        return self.find_published(payload, key, since, made)

    def edit(self, remote_id: str, payload: Mapping[str, Any], media: Sequence[Upload]) -> Outcome:
        """Put other words and cards into a message; what is attached to it stays."""
        if media:
            raise GiveUp("What is attached to a message on Discord stays as it is.", hint="Leave `media` out.")
        channel, _, message = remote_id.partition("/")
        content = {"embeds": [], **payload["message"]}
        kept = {name: content[name] for name in ("content", "embeds", "allowed_mentions")}
        return self.change(channel, message, kept, self._sent(payload, self._guild(channel, payload)))

    def find_edited(self, remote_id: str, payload: Mapping[str, Any]) -> Outcome | None:  # noqa: D102
        channel, _, number = remote_id.partition("/")
        message = self.look_up(channel, number)
        wanted = payload["message"]
        if message is None or not says({**message, "message_reference": wanted.get("message_reference")}, wanted):
            return None
        return Done(self._receipt(payload, message, self._guild(channel, payload)))

    def delete(self, remote_id: str) -> Outcome:  # noqa: D102
        channel, _, message = remote_id.partition("/")
        return self.take_back(channel, message, lambda answer: self._gone(remote_id, rates(answer)))

    def find_deleted(self, remote_id: str) -> Outcome | None:  # noqa: D102
        channel, _, message = remote_id.partition("/")
        return Done(self._gone(remote_id)) if self.look_up(channel, message) is None else None

    def _guild(self, channel: str, payload: Json) -> str:
        """The server of a channel, asked for only where the payload is about another one."""
        return str(payload["guild"]) if channel == payload["channel"] else self.guild(channel)

    def _sent(self, payload: Json, guild: str) -> Callable[[httpx.Response], Receipt]:
        return lambda answer: self._receipt(payload, answer.json(), guild, rates(answer))

    def _receipt(self, payload: Json, message: Json, guild: str, rate: dict[str, str] | None = None) -> Receipt:
        return Receipt(
            remote_id=remote_id(message),
            url=link(message, guild),
            at=moment(message["timestamp"]),
            payload_hash=payload_hash(payload),
            rate=rate or {},
        )

    def _gone(self, remote_id: str, rate: dict[str, str] | None = None) -> Receipt:
        return Receipt(remote_id=remote_id, at=self._clock.now(), rate=rate or {})
