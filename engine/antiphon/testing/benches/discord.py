"""The bench on which the connector `discord` keeps the contract."""

from __future__ import annotations

from antiphon.testing.benches.rooms import RoomBench
from antiphon.testing.sandbox.discord import DIALECT
from antiphon.testing.sandbox.discord.methods import user_id


class DiscordBench(RoomBench):
    """A bot on the sandbox's Discord."""

    connector = "discord"
    dialect = DIALECT
    longest = 2000
    publishing = "POST /api/v10/channels/"
    reading = "GET /api/v10/"
    sources = (("discord.messages", {}), ("post.mentions", {}))
    page = 100

    def hear(self, text: str) -> None:  # noqa: D102
        self.network.world.rooms.say("ana", self.room, text, pinged=(user_id(self.account),))
