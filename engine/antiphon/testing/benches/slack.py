"""The bench on which the connector `slack` keeps the contract."""

from __future__ import annotations

from antiphon.testing.benches.rooms import RoomBench
from antiphon.testing.sandbox.slack import DIALECT


class SlackBench(RoomBench):
    """A bot on the sandbox's Slack."""

    connector = "slack"
    dialect = DIALECT
    longest = 40000
    publishing = "POST /api/chat."
    reading = "GET /api/conversations."
    sources = (("slack.messages", {}), ("post.mentions", {}))
    page = 200

    def hear(self, text: str) -> None:  # noqa: D102
        super().hear(f"<@U{self.network.world.rooms.number_of(self.account):08d}> {text}")
