"""Methods of the Bot API over rooms (Bot API 10.1, 2026-06-11).

A channel's or group's id is -100… and its number, a private talk's that of the person. Errors are worded as by the real
server, where clients go by their words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox.bodies import Body, Said
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.rooms import Message, Room, Rooms
from antiphon.testing.sandbox.world import World

LONGEST = 4096
LONGEST_CAPTION = 1024
_GROUPS = -1_000_000_000_000

Json = dict[str, Any]


class Refused(Exception):
    """The method says no."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.answer: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


def chat_id(room: Room) -> int:
    """What Telegram calls a room."""
    return room.number if room.private else _GROUPS - room.number


def router(world: World) -> APIRouter:
    """The Bot API below `/bot<token>/`."""
    routes = APIRouter()
    bots = _Bots(world.rooms)
    methods: dict[str, Callable[[Account, Body], Any]] = {
        "getMe": bots.me,
        "getChat": bots.chat,
        "getUpdates": bots.updates,
        "sendMessage": bots.send_message,
        "sendPhoto": bots.send_file,
        "sendVideo": bots.send_file,
        "sendAudio": bots.send_file,
        "sendDocument": bots.send_file,
        "sendMediaGroup": bots.send_album,
        "editMessageText": bots.edit,
        "editMessageCaption": bots.edit,
        "deleteMessage": bots.delete,
        "deleteMessages": bots.delete_several,
    }

    @routes.post("/bot{token}/{method}")
    def call(token: str, method: str, said: Said) -> JSONResponse:
        try:
            known = world.token(token)
            if known is None:
                raise Refused(401, "Unauthorized")
            if method not in methods:
                raise Refused(404, "Not Found: method not found")
            with world.rooms.lock:
                return JSONResponse({"ok": True, "result": methods[method](known.account, said)})
        except Refused as refusal:
            return JSONResponse(refusal.answer, refusal.answer["error_code"])

    return routes


class _Bots:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def me(self, bot: Account, said: Body) -> Json:
        return self._user(bot) | {"is_bot": True}

    def chat(self, bot: Account, said: Body) -> Json:
        return self._chat(self._room(bot, said))

    def updates(self, bot: Account, said: Body) -> list[Json]:
        if offset := int(said.text("offset") or 0):
            self._rooms.read_up_to[bot.id] = max(offset - 1, self._rooms.read_up_to.get(bot.id, 0))
        limit = int(said.text("limit") or 100)
        heard = self._rooms.heard_by(bot)[:limit]
        return [{"update_id": message.sequence, "message": self._message(message)} for message in heard]

    def send_message(self, bot: Account, said: Body) -> Json:
        _fits(said.text("text"), LONGEST, "message is too long", "message text is empty")
        return self._message(self._say(bot, said, said.text("text"), said.structure("entities")))

    def send_file(self, bot: Account, said: Body) -> Json:
        if not said.files and not any(said.text(name) for name in ("photo", "video", "audio", "document")):
            raise Refused(400, "Bad Request: there is no photo in the request")
        _fits(said.text("caption"), LONGEST_CAPTION, "message caption is too long")
        files = tuple(said.files.values())
        return self._message(
            self._say(bot, said, said.text("caption"), said.structure("caption_entities"), files=files)
        )

    def send_album(self, bot: Account, said: Body) -> list[Json]:
        media = said.structure("media")
        if not 2 <= len(media) <= 10:
            raise Refused(400, "Bad Request: wrong number of media in the album")
        sent = []
        for item in media:
            _fits(item.get("caption", ""), LONGEST_CAPTION, "message caption is too long")
            attached = said.files.get(str(item["media"]).removeprefix("attach://"))
            files = (attached,) if attached else ()
            caption, entities = item.get("caption", ""), item.get("caption_entities")
            sent.append(self._message(self._say(bot, said, caption, entities, files=files)))
        return sent

    def edit(self, bot: Account, said: Body) -> Json:
        message = self._found(bot, said, "message to edit not found")
        if message.author is not bot:
            raise Refused(400, "Bad Request: message can't be edited")
        text = said.text("text") or said.text("caption")
        entities = said.structure("entities") or said.structure("caption_entities") or []
        if (text, entities) == (message.text, message.extra.get("entities", [])):
            raise Refused(400, "Bad Request: message is not modified: the new content is the same as the current one")
        _fits(text, LONGEST, "message is too long", "message text is empty")
        self._rooms.edit(message, text, extra={"entities": entities})
        return self._message(message)

    def delete(self, bot: Account, said: Body) -> bool:
        message = self._found(bot, said, "message to delete not found")
        if message.author is not bot:
            raise Refused(400, "Bad Request: message can't be deleted")
        self._rooms.delete(message)
        return True

    def delete_several(self, bot: Account, said: Body) -> bool:
        """Those that are not there are passed over."""
        numbers = said.structure("message_ids")
        for message in [one for one in self._room(bot, said).messages if one.number in numbers]:
            self._rooms.delete(message)
        return True

    def _room(self, bot: Account, said: Body) -> Room:
        asked = said.text("chat_id")
        number = int(asked) if asked.lstrip("-").isdecimal() else 0
        room = self._rooms.numbered(_GROUPS - number if number < 0 else number)
        if room is None or chat_id(room) != number:
            raise Refused(400, "Bad Request: chat not found")
        if room.keeps_out(bot):
            what = "bot was blocked by the user" if room.private else "bot was kicked from the supergroup chat"
            raise Refused(403, f"Forbidden: {what}")
        return room

    def _found(self, bot: Account, said: Body, otherwise: str) -> Message:
        room, number = self._room(bot, said), said.text("message_id")
        found = next((message for message in room.messages if str(message.number) == number), None)
        if found is None:
            raise Refused(400, f"Bad Request: {otherwise}")
        return found

    def _say(self, bot: Account, said: Body, text: str, entities: Any, **more: Any) -> Message:
        room, original = self._room(bot, said), None
        if answers := said.structure("reply_parameters"):
            number = answers["message_id"]
            original = next((message for message in room.messages if message.number == number), None)
            if original is None and not answers.get("allow_sending_without_reply"):
                raise Refused(400, "Bad Request: message to be replied not found")
        for entity in entities or []:
            if entity["offset"] + entity["length"] > units(text):
                raise Refused(400, "Bad Request: entity is beyond the end of the message text")
        extra = {"entities": entities or [], "silent": said.is_set("disable_notification")}
        return self._rooms.say(bot, room, text, original, extra=extra, **more)

    def _user(self, account: Account) -> Json:
        number = 5_000_000 + self._rooms.number_of(account)
        return {"id": number, "is_bot": account.bot, "first_name": account.name, "username": account.username}

    def _chat(self, room: Room) -> Json:
        if room.private:
            return {"id": chat_id(room), "type": "private", "first_name": room.name}
        return {"id": chat_id(room), "type": "supergroup", "title": room.name}

    def _message(self, message: Message) -> Json:
        shown: Json = {
            "message_id": message.number,
            "from": self._user(message.author),
            "chat": self._chat(message.room),
            "date": int(message.at.timestamp()),
        }
        shown["caption" if message.files else "text"] = message.text
        if message.extra.get("entities"):
            shown["entities"] = message.extra["entities"]
        if message.answers:
            shown["reply_to_message"] = self._message(message.answers)
        if message.edited_at:
            shown["edit_date"] = int(message.edited_at.timestamp())
        return shown


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _fits(text: str, longest: int, too_long: str, empty: str = "") -> None:
    if units(text) > longest:
        raise Refused(400, f"Bad Request: {too_long}")
    if empty and not text.strip():
        raise Refused(400, f"Bad Request: {empty}")
