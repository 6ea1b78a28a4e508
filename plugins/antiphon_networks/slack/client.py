"""What can be asked of Slack's Web API, and what can be done there (docs.slack.dev, 2026-08-05)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from antiphon import Clock, GiveUp, Outcome, Receipt, Upload
from antiphon_networks.api import Api, Send
from antiphon_networks.slack.answers import translated

Json = Mapping[str, Any]
Done = Callable[[httpx.Response], Receipt]

PAGE = 200
"""How many messages are asked for at once; the longest page has 999, and Slack advises no more than 200."""

_MOST_PAGES = 50


class SlackReader:
    """One app's view of a workspace; it cannot write. Methods raise as `Api.read` does."""

    def __init__(self, connection: str, client: httpx.Client, clock: Clock) -> None:
        self.connection = connection
        self._api = Api("Slack", client, clock, translated)
        self._me: Json | None = None

    def me(self) -> Json:
        """Who the app is there: `user_id`, `bot_id`, `user`, `team` and the workspace's `url` (auth.test)."""
        if self._me is None:
            self._me = self._api.read(self._ask("auth.test", {}), _identity)
        return self._me

    def history(self, channel: str, oldest: str, thread: str = "") -> Sequence[Json]:
        """What was said in a channel, or below one of its messages, after a moment, oldest first.

        Slack gives the newest first, so its pages are followed down to the moment (conversations.history,
        conversations.replies). Raises GiveUp when there are more than 10,000 messages, of which none is left out.
        """
        method = "conversations.replies" if thread else "conversations.history"
        asked: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": PAGE, "include_all_metadata": "true"}
        if thread:
            asked["ts"] = thread
        found: dict[str, Json] = {}
        for _ in range(_MOST_PAGES):
            page, following = self._api.read(self._ask(method, asked), _page)
            found |= {str(message["ts"]): message for message in page}
            if not following:
                return [found[ts] for ts in sorted(found, key=order) if order(ts) > order(oldest)]
            asked["cursor"] = following
        raise GiveUp(
            f"More than {len(found):,} messages were said in {channel} since then, which is too much to go through.",
            hint="Give the trigger another id, and it begins anew with the newest ones.",
        )

    def newest(self, channel: str, limit: int = PAGE) -> Sequence[Json]:
        """The newest messages of a channel, oldest first."""
        page, _ = self._api.read(self._ask("conversations.history", {"channel": channel, "limit": limit}), _page)
        return page

    def look_up(self, channel: str, ts: str) -> Json | None:
        """One message, be it in a thread or not; None when it is not there (conversations.replies)."""
        asked = {"channel": channel, "ts": ts, "oldest": ts, "latest": ts, "inclusive": "true", "limit": 1}
        found = self._api.find(self._ask("conversations.replies", asked), _page)
        return next((one for one in found[0] if str(one["ts"]) == ts), None) if found else None

    def _ask(self, method: str, fields: Json) -> Send:
        return lambda client: client.get(f"/api/{method}", params=_form(fields))

    def _call(self, method: str, fields: Json) -> Send:
        return lambda client: client.post(f"/api/{method}", data=_form(fields))


class SlackWriter(SlackReader):
    """One app, with the right to write. Each method sends once and tells what became of it."""

    def post(self, message: Json, done: Done) -> Outcome:
        """Post a message (chat.postMessage)."""
        return self._api.write(self._call("chat.postMessage", message), done)

    def change(self, channel: str, ts: str, content: Json, done: Done) -> Outcome:
        """Put something else into a message of the app's (chat.update)."""
        return self._api.write(self._call("chat.update", {"channel": channel, "ts": ts, **content}), done)

    def take_back(self, channel: str, ts: str, done: Done) -> Outcome:
        """Delete a message of the app's (chat.delete)."""
        return self._api.write(self._call("chat.delete", {"channel": channel, "ts": ts}), done)

    def hand_over(self, file: Upload) -> str:
        """Hand a file over, which nobody sees yet; its id (files.getUploadURLExternal, files.completeUploadExternal).

        Raises as a read does: nothing is shown to anybody by this.
        """
        named = {"filename": file.medium.name, "length": len(file.content), "alt_txt": file.medium.alt}
        url, identifier = self._api.read(self._ask("files.getUploadURLExternal", named), _upload)
        self._api.read(lambda client: client.post(url, content=file.content, headers=_FILE), bool)
        listed = {"files": [{"id": identifier, "title": file.medium.name}]}
        self._api.read(self._call("files.completeUploadExternal", listed), bool)
        return identifier


_FILE = {"Content-Type": "application/octet-stream"}


def order(ts: str) -> tuple[int, str]:
    """A key by which messages sort: seconds, and a number within the channel."""
    seconds, _, number = ts.partition(".")
    return int(seconds or 0), number


def _form(fields: Json) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}


def _identity(body: Any) -> Json:
    if not body["user_id"] or not body["url"]:
        raise TypeError("nobody")
    identity: Json = body
    return identity


def _page(body: Any) -> tuple[Sequence[Json], str]:
    if not isinstance(body["messages"], list):
        raise TypeError("not a list of messages")
    messages = sorted(body["messages"], key=lambda message: order(message["ts"]))
    return messages, str((body.get("response_metadata") or {}).get("next_cursor") or "")


def _upload(body: Any) -> tuple[str, str]:
    return str(body["upload_url"]), str(body["file_id"])
