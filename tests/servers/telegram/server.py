"""Telegram's Bot API as somebody else has understood it: telegram-test-api, which keeps messages in memory.

It has nine methods, believes every token, and marks updates as read when they are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.servers.process import free_port, installed, running


@dataclass(frozen=True)
class Emulator:
    """The emulator, and what people do there."""

    url: str

    def say(self, token: str, chat: int, text: str) -> None:
        """Let somebody write to a bot."""
        sender = {"id": 7, "is_bot": False, "first_name": "Ana", "username": "ana"}
        message = {"botToken": token, "from": sender, "chat": {"id": chat, "type": "private"}, "date": 1772442000}
        httpx.post(f"{self.url}/sendMessage", json={**message, "text": text}, trust_env=False).raise_for_status()

    def said(self, token: str) -> list[str]:
        """What a bot has written, oldest first."""
        answer = httpx.post(f"{self.url}/getUpdatesHistory", json={"token": token}, trust_env=False)
        messages: list[dict[str, Any]] = [one["message"] for one in answer.json()["result"]]
        return [message["text"] for message in messages if "chat_id" in message]


@contextmanager
def started(log: Path) -> Iterator[Emulator]:
    """The emulator, until the end of the block; what it prints goes to `log`. Skips where it is not installed."""
    folder, port = installed("telegram"), free_port()
    emulator = Emulator(f"http://127.0.0.1:{port}")
    command: list[str | Path] = ["node", Path(__file__).with_name("emulator.cjs"), str(port)]
    with running(command, log, lambda: _answers(emulator.url), cwd=folder):
        yield emulator


def _answers(url: str) -> bool:
    try:
        return httpx.post(f"{url}/bot1:a/getMe", trust_env=False).is_success
    except httpx.TransportError:
        return False
