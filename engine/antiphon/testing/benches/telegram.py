"""The bench on which the connector `telegram` keeps the contract."""

from __future__ import annotations

from antiphon.testing.benches.rooms import RoomBench
from antiphon.testing.sandbox.telegram import DIALECT
from antiphon.testing.sandbox.telegram.methods import units


class TelegramBench(RoomBench):
    """A bot on the sandbox's Telegram."""

    connector = "telegram"
    dialect = DIALECT
    longest = 4096
    publishing = "POST /bot/send"
    reading = "POST /bot/get"
    sources = (("telegram.messages", {}), ("telegram.mentions", {}), ("post.mentions", {}))
    page = 100

    def count(self, text: str) -> int:  # noqa: D102
        return units(text)

    def hear(self, text: str) -> None:  # noqa: D102
        super().hear(f"@torrea {text}")
