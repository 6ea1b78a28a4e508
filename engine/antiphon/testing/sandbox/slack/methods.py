"""Methods of the Web API over rooms (docs.slack.dev, 2026-08-05).

A no is a 200 that says `ok: false`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox.bearer import bearer
from antiphon.testing.sandbox.bodies import Body, File, Said
from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.rooms import Message, Room
from antiphon.testing.sandbox.world import World

LONGEST = 40_000
"""Characters after which Slack cuts a text off."""

MOST_BLOCKS = 50

Json = dict[str, Any]


class Refused(Exception):
    """The method says no, by the name of the error."""


def channel_id(room: Room) -> str:
    """What Slack calls a room."""
    return f"{'D' if room.private else 'C'}{room.number:08d}"


def ts(message: Message) -> str:
    """What Slack calls a message: its moment, and a sequence that makes it unique in its channel."""
    return f"{int(message.at.timestamp())}.{message.sequence:06d}"


def router(world: World) -> APIRouter:
    """The Web API below `/api/`, and the address that files are handed over to."""
    routes = APIRouter()
    app = _App(world)
    methods: dict[str, Callable[[Account, Body], Json]] = {
        "auth.test": app.who,
        "chat.postMessage": app.post,
        "chat.update": app.update,
        "chat.delete": app.delete,
        "conversations.history": app.history,
        "conversations.replies": app.replies,
        "files.getUploadURLExternal": app.upload_address,
        "files.completeUploadExternal": app.share,
    }

    @routes.api_route("/api/{method}", methods=["GET", "POST"])
    def call(request: Request, method: str, said: Said) -> JSONResponse:
        try:
            shown = bearer(request.scope)
            if not shown:
                raise Refused("not_authed")
            known = world.token(shown)
            if known is None:
                raise Refused("invalid_auth")
            if method not in methods:
                raise Refused("unknown_method")
            with world.rooms.lock:
                return JSONResponse({"ok": True, **methods[method](known.account, said)})
        except Refused as refusal:
            return JSONResponse({"ok": False, "error": str(refusal)})

    @routes.post("/upload/{identifier}")
    def upload(identifier: str, said: Said) -> JSONResponse:
        return JSONResponse({"ok": app.keep(identifier, said)})

    return routes


class _App:
    def __init__(self, world: World) -> None:
        self._world = world
        self._rooms = world.rooms
        self._files: dict[str, File] = {}

    def who(self, bot: Account, said: Body) -> Json:
        host = self._world.domain
        user = self._user(bot)
        names = {"team": "Sandbox", "user": bot.username, "team_id": "T00000001"}
        return {"url": f"https://{host}/", **names, "user_id": user, "bot_id": f"B{user[1:]}"}

    def post(self, bot: Account, said: Body) -> Json:
        room, text = self._room(bot, said), self._text(said)
        original = None
        if thread := said.text("thread_ts"):
            original = next((message for message in room.messages if ts(message) == thread), None)
            if original is None:
                raise Refused("thread_not_found")
        extra = {"metadata": said.structure("metadata"), "blocks": said.structure("blocks")}
        message = self._rooms.say(bot, room, text, original, extra=extra, pinged=_pinged(text, said))
        return {"channel": channel_id(room), "ts": ts(message), "message": self._message(message, all_metadata=True)}

    def update(self, bot: Account, said: Body) -> Json:
        message, text = self._found(bot, said), self._text(said)
        if message.author is not bot:
            raise Refused("cant_update_message")
        self._rooms.edit(message, text, pinged=message.pinged + _pinged(text, said))
        told = self._message(message, all_metadata=False)
        return {"channel": channel_id(message.room), "ts": ts(message), "text": text, "message": told}

    def delete(self, bot: Account, said: Body) -> Json:
        message = self._found(bot, said)
        if message.author is not bot:
            raise Refused("cant_delete_message")
        self._rooms.delete(message)
        return {"channel": channel_id(message.room), "ts": ts(message)}

    def history(self, bot: Account, said: Body) -> Json:
        room = self._room(bot, said)
        page = self._page([message for message in room.messages if message.answers is None], said)
        return {**page, "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}

    def replies(self, bot: Account, said: Body) -> Json:
        room, thread = self._room(bot, said), said.text("ts")
        found = [one for one in room.messages if thread in (ts(one), ts(one.answers) if one.answers else "")]
        if not found:
            raise Refused("thread_not_found")
        return self._page(found, said)

    def upload_address(self, bot: Account, said: Body) -> Json:
        identifier = f"F{len(self._files) + 1:08d}"
        self._files[identifier] = File(said.text("filename"), "", b"", said.text("alt_txt"))
        return {"upload_url": f"{said.base}upload/{identifier}", "file_id": identifier}

    def keep(self, identifier: str, said: Body) -> bool:
        content = next((file.content for file in said.files.values()), said.values.get("body", b""))
        self._files[identifier] = replace(self._files[identifier], content=content)
        return True

    def share(self, bot: Account, said: Body) -> Json:
        """Files are only taken in here; who shows them names them in a block."""
        listed = said.structure("files")
        if any(one["id"] not in self._files for one in listed):
            raise Refused("file_not_found")
        return {"files": [{"id": one["id"]} for one in listed]}

    def _page(self, messages: list[Message], said: Body) -> Json:
        """Newest first, as `conversations.history` gives them."""
        oldest, latest = said.text("oldest") or "0", said.text("cursor") or said.text("latest") or "9999999999"
        limit = int(said.text("limit") or 100)
        ends = {oldest, latest} if said.is_set("inclusive") else set()
        found = [one for one in reversed(messages) if _between(oldest, ts(one), latest) or ts(one) in ends]
        page = found[:limit]
        more = len(found) > limit
        shown = [self._message(message, all_metadata=said.is_set("include_all_metadata")) for message in page]
        following = {"response_metadata": {"next_cursor": ts(page[-1])}} if more else {}
        return {"messages": shown, "has_more": more, **following}

    def _room(self, bot: Account, said: Body) -> Room:
        asked = said.text("channel")
        room = self._rooms.numbered(int(asked[1:])) if re.fullmatch(r"[CD]\d{8}", asked) else None
        if room is None:
            raise Refused("channel_not_found")
        if room.keeps_out(bot):
            raise Refused("not_in_channel")
        return room

    def _found(self, bot: Account, said: Body) -> Message:
        room = self._room(bot, said)
        found = next((message for message in room.messages if ts(message) == said.text("ts")), None)
        if found is None:
            raise Refused("message_not_found")
        return found

    def _text(self, said: Body) -> str:
        text, blocks = said.text("text"), said.structure("blocks") or []
        if not text.strip() and not blocks:
            raise Refused("no_text")
        if len(blocks) > MOST_BLOCKS:
            raise Refused("invalid_blocks")
        return text[:LONGEST]

    def _user(self, account: Account) -> str:
        return f"U{self._rooms.number_of(account):08d}"

    def _message(self, message: Message, *, all_metadata: bool) -> Json:
        shown: Json = {"type": "message", "user": self._user(message.author), "text": message.text, "ts": ts(message)}
        if message.author.token:
            shown["bot_id"] = f"B{shown['user'][1:]}"
        if message.answers:
            shown["thread_ts"] = ts(message.answers)
        if all_metadata and message.extra.get("metadata"):
            shown["metadata"] = message.extra["metadata"]
        if message.edited_at:
            shown["edited"] = {"user": shown["user"], "ts": f"{message.edited_at.timestamp():.6f}"}
        return shown


def _between(oldest: str, moment: str, latest: str) -> bool:
    return float(oldest) < float(moment) < float(latest)


def _pinged(text: str, said: Body) -> tuple[str, ...]:
    """Whom a text calls: what stands in angle brackets; with `link_names` or `parse: full`, bare names too."""
    pinged = re.findall(r"<@(U\w+)(?:\|[^>]*)?>", text)
    if re.search(r"<!(channel|here|everyone)(\|[^>]*)?>", text):
        pinged.append("everyone")
    if (said.is_set("link_names") or said.text("parse") == "full") and re.search(r"@(channel|here|everyone)", text):
        pinged.append("everyone")
    return tuple(pinged)
