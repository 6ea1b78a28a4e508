"""What a Telegram bot can do, by the capabilities that actions and sources are written against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from antiphon import (
    Clock,
    Composed,
    Draft,
    GiveUp,
    Outcome,
    Page,
    Receipt,
    Unknown,
    Upload,
    code_units,
    id_of,
    payload_hash,
    split_text,
)
from antiphon_networks.telegram import composing
from antiphon_networks.telegram.client import TelegramReader, TelegramWriter
from antiphon_networks.telegram.entities import addresses, heard, link, parts_of, remote_id
from antiphon_networks.telegram.pages import Inbox
from antiphon_networks.telegram.rules import LIMITS

Json = Mapping[str, Any]


class Reader(TelegramReader):
    """A bot that composes and listens. It cannot read back what it wrote: the Bot API has no method for that."""

    def __init__(self, connection: str, client: httpx.Client, token: str, clock: Clock, chat: str) -> None:
        super().__init__(connection, client, token, clock)
        self.home = chat
        self._clock = clock

    def compose(self, draft: Draft) -> Composed:  # noqa: D102
        return composing.message_of(draft, str(draft.options.get("chat") or self.home))

    def compose_reply(self, draft: Draft, to: str | Mapping[str, Any]) -> Composed:  # noqa: D102
        target = self.identify(to)
        author = to.get("author") if isinstance(to, Mapping) else None
        handle = str(author.get("handle") or "") if isinstance(author, Mapping) else ""
        return composing.message_of(draft, target.partition("/")[0], target, (handle,) if handle else ())

    def compose_message(self, draft: Draft, to: str) -> Composed:  # noqa: D102
        return composing.message_of(draft, to, recipients=(to,))

    def split(self, text: str) -> Sequence[str]:  # noqa: D102
        return split_text(text, lambda part: code_units(part) <= LIMITS.number("text.longest"))

    def continued(self, payload: Mapping[str, Any], first: Receipt, previous: Receipt) -> dict[str, Any]:
        """Each part answers the one before."""
        return {**payload, "reply_parameters": {"message_id": parts_of(previous.remote_id)[1][0]}}

    def identify(self, target: str | Mapping[str, Any]) -> str:
        """`chat/message`; a message's number alone is one of the chat of the connection."""
        found = id_of(target, "telegram", self.connection)
        whole = found if "/" in found else f"{self.home}/{found}"
        try:
            parts_of(whole)
        except ValueError:
            raise GiveUp(
                f"`{found}` is no message on Telegram.",
                hint="Write chat/message, as in -1001234567890/42, or give an event of telegram.messages.",
            ) from None
        return whole

    def mentions(self, cursor: str | None) -> Page:
        """What was said to the bot: to it alone, in answer to it, or with its name."""
        username = str(self.me().get("username") or "")
        return self.said(
            cursor, "mention.received", "telegram.mentions", lambda one: addresses(one, self.bot, username)
        )

    def said(self, cursor: str | None, type_: str, source: str, keep: Callable[[Json], bool] = bool) -> Page:
        """What was said where the bot hears it, and is not in the cursor yet."""
        return Inbox(self).page(
            cursor, lambda message: heard(message, self.connection, self.bot, type_, source) if keep(message) else None
        )


class Writer(Reader, TelegramWriter):
    """A bot that also writes, changes and takes back."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Send a message; Telegram has no key that would keep it from being sent twice."""
        match media:
            case []:
                return self.send(payload, self._sent(payload))
            case [one]:
                return self.send_medium(payload, one, self._sent(payload))
        return self.send_album(payload, media, self._sent(payload))

    def find_published(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        return Unknown("A bot cannot read back what it wrote on Telegram: look into the chat.")

    def message(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:  # noqa: D102
        return self.publish(payload, key, media)

    def find_message(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        return self.find_published(payload, key, since, made)

    def edit(self, remote_id: str, payload: Mapping[str, Any], media: Sequence[Upload]) -> Outcome:
        """Put other words into a message, the first of an album; the media that it has cannot be changed."""
        if media:
            raise GiveUp("Of a message on Telegram only the words can be changed.", hint="Leave `media` out.")
        chat, numbers = parts_of(remote_id)
        return self.change(composing.addressed(chat), numbers[0], payload, self._at(remote_id, payload))

    def find_edited(self, remote_id: str, payload: Mapping[str, Any]) -> Outcome | None:
        """None: to change it once more into the same words changes nothing."""
        return None

    def delete(self, remote_id: str) -> Outcome:
        """Delete a message, which Telegram lets a bot do for 48 hours (deleteMessage)."""
        chat, numbers = parts_of(remote_id)
        return self.take_back(composing.addressed(chat), numbers, self._at(remote_id, {"post": remote_id}))

    def find_deleted(self, remote_id: str) -> Outcome | None:
        """None: to delete it once more changes nothing."""
        return None

    def _sent(self, payload: Json) -> Callable[[httpx.Response], Receipt]:
        """Reads what was sent; of an album, all its messages under the link of the first."""

        def read(answer: httpx.Response) -> Receipt:
            result = answer.json()["result"]
            first, *others = result if isinstance(result, list) else [result]
            numbers = [str(one["message_id"]) for one in others]
            return Receipt(
                remote_id=",".join([remote_id(first), *numbers]),
                url=link(first),
                at=self._clock.now(),
                payload_hash=payload_hash(payload),
            )

        return read

    def _at(self, remote_id: str, payload: Json) -> Callable[[httpx.Response], Receipt]:
        """Reads that something was done to a message."""

        def read(answer: httpx.Response) -> Receipt:
            if answer.json()["ok"] is not True:
                raise ValueError("Telegram did not do it")
            return Receipt(remote_id=remote_id, at=self._clock.now(), payload_hash=payload_hash(payload))

        return read
