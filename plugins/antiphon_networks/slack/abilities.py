"""What a Slack app can do, by the capabilities that actions and sources are written against."""

from __future__ import annotations

import re
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
    Upload,
    id_of,
    payload_hash,
    split_text,
)
from antiphon_networks.slack import composing
from antiphon_networks.slack.client import SlackReader, SlackWriter
from antiphon_networks.slack.entities import link, moment, post
from antiphon_networks.slack.escaping import escaped, mentioned
from antiphon_networks.slack.looking import look_back, named
from antiphon_networks.slack.pages import page_of
from antiphon_networks.slack.rules import LIMITS

Json = Mapping[str, Any]

_MESSAGE = re.compile(r"[A-Z0-9]+/\d+\.\d+")


class Reader(SlackReader):
    """An app that composes, listens and looks."""

    def __init__(self, connection: str, client: httpx.Client, clock: Clock, channel: str) -> None:
        super().__init__(connection, client, clock)
        self.home = channel
        self._clock = clock

    def compose(self, draft: Draft) -> Composed:  # noqa: D102
        options = draft.options
        channel, thread = str(options.get("channel") or self.home), str(options.get("thread") or "")
        return self._placed(composing.message_of(draft, channel, thread=thread.rpartition("/")[2]))

    def compose_reply(self, draft: Draft, to: str | Mapping[str, Any]) -> Composed:
        """An answer stands in the thread of its original, and begins one where there is none."""
        target = self.identify(to)
        channel, _, ts = target.partition("/")
        thread, handle = ts, ""
        if isinstance(to, Mapping):
            author = to.get("author")
            thread = str(to.get("thread") or ts)
            handle = str(author.get("handle") or "") if isinstance(author, Mapping) else ""
        return self._placed(composing.message_of(draft, channel, target, thread, (handle,) if handle else ()))

    def compose_message(self, draft: Draft, to: str) -> Composed:
        """A message to a channel or a person, by the id: Slack opens the talk with a person by itself."""
        return self._placed(composing.message_of(draft, to, recipients=(to,)))

    def split(self, text: str) -> Sequence[str]:
        """By the length that Slack advises, which is a tenth of what it takes."""
        return split_text(text, lambda part: len(escaped(part)) <= LIMITS.number("text.advised"))

    def continued(self, payload: Mapping[str, Any], first: Receipt, previous: Receipt) -> dict[str, Any]:
        """The parts stand in the thread of the first."""
        return {**payload, "thread_ts": first.remote_id.partition("/")[2]}

    def identify(self, target: str | Mapping[str, Any]) -> str:
        """`channel/ts`; a `ts` alone is one of the channel of the connection."""
        found = id_of(target, "slack", self.connection)
        whole = found if "/" in found else f"{self.home}/{found}"
        if not _MESSAGE.fullmatch(whole):
            raise GiveUp(
                f"`{found}` is no message on Slack.",
                hint="Write channel/ts, as in C012AB3CD/1503435956.000247, or give an event of slack.messages.",
            )
        return whole

    def mentions(self, cursor: str | None) -> Page:
        """What mentions the app in the channel of the connection."""
        ours = str(self.me()["user_id"])
        return self.said(
            cursor, "mention.received", "slack.mentions", lambda one: ours in mentioned(str(one.get("text") or ""))
        )

    def own_posts(self, cursor: str | None) -> Page:
        """What the app said in the channel of the connection."""
        ours = str(self.me()["user_id"])
        return self.said(cursor, "post.published", "slack.own", lambda one: one.get("user") == ours)

    def said(
        self, cursor: str | None, type_: str, source: str, keep: Callable[[Json], bool], channel: str = ""
    ) -> Page:
        """What was said in a channel after a cursor; not in its threads."""
        where = channel or self.home
        if not where:
            raise GiveUp("It is not said which channel to listen to.", hint="Write `channel` in the connection.")
        return page_of(self, where, cursor, type_, source, keep)

    def metrics(self, remote_ids: Sequence[str]) -> Mapping[str, Metrics]:
        """How many reactions and answers messages have."""
        now, workspace = self._clock.now(), str(self.me()["url"])
        found = {one: self.look_up(*self.identify(one).split("/", 1)) for one in remote_ids}
        posts = {one: (message, post(message, "", workspace)) for one, message in found.items() if message}
        return {
            one: Metrics(at=now, likes=said.likes, replies=said.replies, raw=message)
            for one, (message, said) in posts.items()
        }

    def _placed(self, composed: Composed) -> Composed:
        """With the address of the workspace, which the link to a message needs."""
        return replace(composed, payload={**composed.payload, "workspace": str(self.me()["url"])})


class Writer(Reader, SlackWriter):
    """An app that also writes, changes and takes back."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Post a message; its images are handed over first, which shows nothing to anybody."""
        images = [(self.hand_over(one), one.medium) for one in media]
        fields = composing.with_images(dict(payload), images) if images else payload
        content = {name: value for name, value in fields.items() if name != "workspace"}
        return self.post({**content, "metadata": named(key)}, self._sent(payload))

    def find_published(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        found = look_back(payload, key, self, since)
        return Done(self._receipt(payload, str(payload["channel"]), str(found["ts"]))) if found else None

    def message(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:  # noqa: D102
        return self.publish(payload, key, media)

    def find_message(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        return self.find_published(payload, key, since, made)

    def edit(self, remote_id: str, payload: Mapping[str, Any], media: Sequence[Upload]) -> Outcome:
        """Put other words and blocks into a message."""
        if media:
            raise GiveUp("Images of a message on Slack stay as they are.", hint="Leave `media` out.")
        channel, _, ts = remote_id.partition("/")
        content = {"text": payload["text"], "parse": "none", "link_names": False, "blocks": payload.get("blocks", [])}
        return self.change(channel, ts, content, self._sent(payload))

    def find_edited(self, remote_id: str, payload: Mapping[str, Any]) -> Outcome | None:  # noqa: D102
        channel, _, ts = remote_id.partition("/")
        message = self.look_up(channel, ts)
        if message is None or message.get("text") != payload["text"]:
            return None
        return Done(self._receipt(payload, channel, ts))

    def delete(self, remote_id: str) -> Outcome:  # noqa: D102
        channel, _, ts = remote_id.partition("/")
        return self.take_back(channel, ts, lambda answer: self._gone(remote_id))

    def find_deleted(self, remote_id: str) -> Outcome | None:  # noqa: D102
        channel, _, ts = remote_id.partition("/")
        return Done(self._gone(remote_id)) if self.look_up(channel, ts) is None else None

    def _sent(self, payload: Json) -> Callable[[httpx.Response], Receipt]:
        def read(answer: httpx.Response) -> Receipt:
            body = answer.json()
            return self._receipt(payload, str(body["channel"]), str(body["ts"]))

        return read

    def _receipt(self, payload: Json, channel: str, ts: str) -> Receipt:
        return Receipt(
            remote_id=f"{channel}/{ts}",
            url=link(channel, ts, str(payload["workspace"]), str(payload.get("thread_ts") or "")),
            at=moment(ts),
            payload_hash=payload_hash(payload),
        )

    def _gone(self, remote_id: str) -> Receipt:
        return Receipt(remote_id=remote_id, at=self._clock.now())
