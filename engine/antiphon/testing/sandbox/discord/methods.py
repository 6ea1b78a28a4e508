"""Channels and messages of API v10 over rooms (discord/discord-api-docs, 2026-08-06)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from antiphon.testing.sandbox.bearer import authorization
from antiphon.testing.sandbox.bodies import Body, Said
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.rooms import Message, Room
from antiphon.testing.sandbox.world import World

LONGEST = 2000
MOST_EMBEDS = 10
GUILD = "100000000000000001"
NONCE_HOLDS = timedelta(minutes=5)
"""Discord says “the past few minutes”."""

_CHANNELS = 200_000_000_000_000_000
_EPOCH_MS = 1_420_070_400_000
_REPLY = 19

Json = dict[str, Any]


class Refused(Exception):
    """The request is answered with an error."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.answer: Json = {"message": message, "code": code, **more}


def channel_id(room: Room) -> str:
    """What Discord calls a room."""
    return str(_CHANNELS + room.number)


def message_id(message: Message) -> str:
    """A snowflake: the moment above, a sequence below."""
    return str((int(message.at.timestamp() * 1000) - _EPOCH_MS << 22) + message.sequence)


def user_id(account: Account) -> str:
    """What Discord calls an account."""
    return account.id.lstrip("0")


def router(world: World) -> APIRouter:
    """The part of API v10 that is about messages."""
    routes = APIRouter(prefix="/api/v10")

    @routes.api_route("/{path:path}", methods=["GET", "POST", "PATCH", "DELETE"])
    def call(request: Request, path: str, said: Said) -> Response:
        try:
            known = world.token(authorization(request.scope) or "")
            if known is None:
                raise Refused(401, 0, "401: Unauthorized")
            with world.rooms.lock:
                answer = _Bot(known.account, world).answer(request.method, path.split("/"), said)
        except Refused as refusal:
            return JSONResponse(refusal.answer, refusal.status)
        return Response(status_code=204) if answer is None else JSONResponse(answer)

    return routes


class _Bot:
    def __init__(self, account: Account, world: World) -> None:
        self._bot = account
        self._world = world
        self._rooms = world.rooms

    def answer(self, method: str, path: list[str], said: Body) -> Any:
        match method, path:
            case "GET", ["users", "@me"]:
                return {**_user(self._bot), "mfa_enabled": True, "locale": "en-GB"}
            case "GET", ["channels", room]:
                return _channel(self._room(room))
            case "GET", ["channels", room, "messages"]:
                return [self._told(message) for message in self._page(self._room(room), said)]
            case "POST", ["channels", room, "messages"]:
                return self._told(self._create(self._room(room), said))
            case "GET", ["channels", room, "messages", message]:
                return self._told(_found(self._room(room), message))
            case "PATCH", ["channels", room, "messages", message]:
                return self._told(self._edit(_found(self._room(room), message), said))
            case "DELETE", ["channels", room, "messages", message]:
                self._rooms.delete(self._own(_found(self._room(room), message), 50013, "Missing Permissions"))
                return None
        raise Refused(404, 0, "404: Not Found")

    def _room(self, asked: str) -> Room:
        room = self._rooms.numbered(int(asked) - _CHANNELS) if asked.isdecimal() else None
        if room is None:
            raise Refused(404, 10003, "Unknown Channel")
        if room.keeps_out(self._bot):
            raise Refused(403, 50001, "Missing Access")
        return room

    def _page(self, room: Room, said: Body) -> list[Message]:
        limit = int(said.text("limit") or 50)
        after, before = int(said.text("after") or 0), int(said.text("before") or 1 << 63)
        found = [message for message in room.messages if after < int(message_id(message)) < before]
        return list(reversed(found[:limit] if after else found[-limit:]))

    def _create(self, room: Room, said: Body) -> Message:
        nonce, now = said.text("nonce"), self._world.clock.now()
        if nonce and said.is_set("enforce_nonce"):
            for message in room.messages:
                if message.nonce == nonce and message.author is self._bot and now - message.at < NONCE_HOLDS:
                    return message
        text = self._content(said)
        reference, original = said.values.get("message_reference") or {}, None
        if reference:
            original = next((one for one in room.messages if message_id(one) == reference["message_id"]), None)
            if original is None:
                raise _invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        allowed = said.values.get("allowed_mentions")
        described = {str(one["id"]): one.get("description", "") for one in said.values.get("attachments") or []}
        files = tuple(
            type(file)(file.name, file.mime_type, file.content, described.get(name[6:-1], ""))
            for name, file in said.files.items()
        )
        extra = {"embeds": said.values.get("embeds") or [], "flags": said.values.get("flags") or 0}
        return self._rooms.say(
            self._bot,
            room,
            text,
            original,
            nonce=nonce,
            files=files,
            extra=extra,
            pinged=_pinged(text, allowed, original),
        )

    def _edit(self, message: Message, said: Body) -> Message:
        text = self._content(said)
        self._own(message, 50005, "Cannot edit a message authored by another user")
        self._rooms.edit(
            message, text, pinged=message.pinged + _pinged(text, said.values.get("allowed_mentions"), None)
        )
        return message

    def _own(self, message: Message, code: int, otherwise: str) -> Message:
        if message.author is not self._bot:
            raise Refused(403, code, otherwise)
        return message

    def _content(self, said: Body) -> str:
        text, embeds = said.text("content"), said.values.get("embeds") or []
        if len(text) > LONGEST:
            raise _invalid("content", "BASE_TYPE_MAX_LENGTH", f"Must be {LONGEST} or fewer in length.")
        if len(embeds) > MOST_EMBEDS:
            raise _invalid("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_EMBEDS} or fewer in length.")
        if not text.strip() and not embeds and not said.files:
            raise Refused(400, 50006, "Cannot send an empty message")
        return text.strip()

    def _told(self, message: Message) -> Json:
        shown: Json = {
            "id": message_id(message),
            "type": _REPLY if message.answers else 0,
            "channel_id": channel_id(message.room),
            "author": _user(message.author),
            "content": message.text,
            "timestamp": _moment(message.at),
            "edited_timestamp": _moment(message.edited_at) if message.edited_at else None,
            "tts": False,
            "pinned": False,
            "mention_everyone": "everyone" in message.pinged,
            "mentions": [
                _user(account) for account in self._world.accounts.values() if user_id(account) in message.pinged
            ],
            "mention_roles": [],
            "attachments": [
                {"id": str(index), "filename": file.name, "size": len(file.content), "description": file.alt}
                for index, file in enumerate(message.files)
            ],
            "embeds": message.extra.get("embeds", []),
            "flags": message.extra.get("flags", 0),
            "components": [],
        }
        if message.nonce:
            shown["nonce"] = message.nonce
        if message.answers:
            shown["message_reference"] = {
                "type": 0,
                "message_id": message_id(message.answers),
                "channel_id": channel_id(message.room),
                "guild_id": GUILD,
            }
            shown["referenced_message"] = {**self._told(message.answers), "referenced_message": None}
        return shown


def _found(room: Room, asked: str) -> Message:
    found = next((message for message in room.messages if message_id(message) == asked), None)
    if found is None:
        raise Refused(404, 10008, "Unknown Message")
    return found


def _invalid(field: str, code: str, message: str) -> Refused:
    errors = {field: {"_errors": [{"code": code, "message": message}]}}
    return Refused(400, 50035, "Invalid Form Body", errors=errors)


def _pinged(text: str, allowed: Json | None, original: Message | None) -> tuple[str, ...]:
    """Whom a message calls: whoever is named in it, as far as `allowed_mentions` lets it; everybody without that."""
    parsed = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or ())
    listed = set((allowed or {}).get("users") or ())
    called = re.findall(r"(?<!\\)<@!?(\d+)>", text)
    pinged = [user for user in called if "users" in parsed or user in listed]
    if "everyone" in parsed and re.search(r"@(everyone|here)\b", text):
        pinged.append("everyone")
    if original is not None and (allowed is None or allowed.get("replied_user")):
        pinged.append(user_id(original.author))
    return tuple(pinged)


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")


def _user(account: Account) -> Json:
    return {
        "id": user_id(account),
        "username": account.username,
        "discriminator": "0",
        "global_name": account.name,
        "avatar": None,
        "bot": account.bot or bool(account.token),
        "flags": 0,
        "public_flags": 0,
        "primary_guild": None,
    }


def _channel(room: Room) -> Json:
    if room.private:
        return {"id": channel_id(room), "type": 1, "recipients": []}
    where = {"guild_id": GUILD, "position": room.number, "flags": 0}
    return {"id": channel_id(room), "type": 0, "name": room.name, **where}
