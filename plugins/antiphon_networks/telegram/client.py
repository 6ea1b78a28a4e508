"""What can be asked of Telegram's Bot API, and what can be done there (Bot API 10.1, core.telegram.org/bots/api)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from antiphon import Clock, Outcome, Receipt, Upload
from antiphon_networks.api import Api, Send
from antiphon_networks.telegram.answers import is_so_already, translated

Json = Mapping[str, Any]
Done = Callable[[httpx.Response], Receipt]

PENDING = 100
"""The most updates that Telegram tells at once."""

_METHODS = {"image": "Photo", "video": "Video", "audio": "Audio", "document": "Document"}


class TelegramReader:
    """One bot's view of Telegram; it cannot write.

    Every method is called by POST, so that no redirect is followed with the token in its path. Methods raise as
    `Api.read` does.
    """

    def __init__(self, connection: str, client: httpx.Client, token: str, clock: Clock) -> None:
        self.connection = connection
        self.bot = token.partition(":")[0]
        self._token = token
        self._api = Api("Telegram", client, clock, self._translated)
        self._me: Json | None = None

    def me(self) -> Json:
        """The bot itself (getMe), asked for once."""
        if self._me is None:
            self._me = self._api.read(self._call("getMe"), _result)
        return self._me

    def chat(self, chat: int | str) -> Json:
        """A chat that the bot may see (getChat)."""
        return self._api.read(self._call("getChat", {"chat_id": chat}), _result)

    def updates(self) -> Sequence[Json]:
        """What was said to the bot and is not forgotten, the oldest hundred first (getUpdates). Telegram keeps it for a
        day."""
        return self._api.read(self._call("getUpdates", _told(limit=PENDING)), _updates)

    def forget(self, before: int) -> Sequence[Json]:
        """Let Telegram forget the updates before this one, and tell those from it on."""
        return self._api.read(self._call("getUpdates", _told(limit=PENDING, offset=before)), _updates)

    def _call(self, method: str, fields: Json | None = None) -> Send:
        return lambda client: client.post(f"/bot{self._token}/{method}", json=dict(fields or {}))

    def _translated(self, answer: httpx.Response) -> httpx.Response:
        return translated(answer, self._token)


class TelegramWriter(TelegramReader):
    """One bot, with the right to write. Each method sends once and tells what became of it."""

    def send(self, message: Json, done: Done) -> Outcome:
        """Send a text (sendMessage)."""
        return self._api.write(self._call("sendMessage", message), done)

    def send_medium(self, message: Json, medium: Upload, done: Done) -> Outcome:
        """Send a photo, film, sound or document, with the text below it (sendPhoto and the like)."""
        kind = medium.medium.kind or "document"
        fields = _captioned(message)
        return self._api.write(self._hand_over(f"send{_METHODS[kind]}", fields, {_field(kind): medium}), done)

    def send_album(self, message: Json, media: Sequence[Upload], done: Done) -> Outcome:
        """Send two to ten media as one, with the text below the first (sendMediaGroup)."""
        captioned = _captioned(message)
        text = {name: captioned.pop(name) for name in ("caption", "caption_entities") if name in captioned}
        items = [
            {
                "type": _field(one.medium.kind or "document"),
                "media": f"attach://file{index}",
                **(text if index == 0 else {}),
            }
            for index, one in enumerate(media)
        ]
        files = {f"file{index}": one for index, one in enumerate(media)}
        return self._api.write(self._hand_over("sendMediaGroup", {**captioned, "media": items}, files), done)

    def change(self, chat: int | str, message_id: int, message: Json, done: Done) -> Outcome:
        """Put another text into a message of the bot's (editMessageText). That it reads so already is as good."""
        kept = {name: message[name] for name in ("text", "entities", "link_preview_options") if name in message}
        return self._unless_so("editMessageText", {"chat_id": chat, "message_id": message_id, **kept}, done)

    def take_back(self, chat: int | str, message_ids: Sequence[int], done: Done) -> Outcome:
        """Delete messages, for everybody (deleteMessage, deleteMessages). That they are gone already is as good."""
        if len(message_ids) == 1:
            return self._unless_so("deleteMessage", {"chat_id": chat, "message_id": message_ids[0]}, done)
        return self._unless_so("deleteMessages", {"chat_id": chat, "message_ids": list(message_ids)}, done)

    def _unless_so(self, method: str, fields: Json, done: Done) -> Outcome:
        def send(client: httpx.Client) -> httpx.Response:
            answer = self._call(method, fields)(client)
            if is_so_already(answer):
                return httpx.Response(200, json={"ok": True, "result": True}, request=answer.request)
            return answer

        return self._api.write(send, done)

    def _hand_over(self, method: str, fields: Json, media: Mapping[str, Upload]) -> Send:
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
        files = {name: (one.medium.name, one.content, one.medium.type) for name, one in media.items()}
        return lambda client: client.post(f"/bot{self._token}/{method}", data=form, files=files)


def _told(**fields: int) -> Json:
    return {"timeout": 0, "allowed_updates": ["message", "channel_post"], **fields}


def _captioned(message: Json) -> dict[str, Any]:
    named = {"text": "caption", "entities": "caption_entities"}
    fields = {named.get(name, name): value for name, value in message.items() if name != "link_preview_options"}
    return {name: value for name, value in fields.items() if name != "caption" or value}


def _field(kind: str) -> str:
    return _METHODS[kind].lower()


def _result(body: Any) -> Json:
    result = body["result"]
    if not isinstance(result, dict):
        raise TypeError("no object")
    return result


def _updates(body: Any) -> Sequence[Json]:
    result = body["result"]
    if not isinstance(result, list) or not all(isinstance(update["update_id"], int) for update in result):
        raise TypeError("no list of updates")
    return result
