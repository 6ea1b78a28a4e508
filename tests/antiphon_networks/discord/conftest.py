"""A bot on Discord: a room of the sandbox that it posts to, and people who talk there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr
from tests.antiphon_networks.workbench import Workbench

from antiphon import Page
from antiphon.components.http import Http
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Account, Sandbox
from antiphon.testing.sandbox.discord.methods import channel_id
from antiphon.testing.sandbox.rooms import Room
from antiphon_networks.discord.connector import Discord, DiscordOptions

TOKEN = "MTk4.abc.a_token_that_nobody_may_see"


@dataclass
class Chat:
    """Where a test works: the bench, and the network behind it."""

    bench: Workbench
    network: Sandbox
    bot: Account
    room: Room

    def texts(self) -> list[str]:
        return [message.text for message in self.room.messages if message.author is self.bot]

    def hear(self, source: Any, cursor: str | None = None, **options: Any) -> Page:
        page = source().fetch(source.Options(**options), self.bench.connector.reader(), cursor)
        assert isinstance(page, Page)
        return page


def told(page: Page) -> list[str]:
    """The texts of what was heard."""
    return [event.data["text"] for event in page.events]


@pytest.fixture
def connect(clock: VirtualClock, http: Http) -> Callable[..., Discord]:
    """Makes a connector for a server."""

    def made(server: str, channel: str = "", token: str = TOKEN) -> Discord:
        return Discord("brand", DiscordOptions(token=SecretStr(token), server=server, channel=channel), http, clock)

    return made


@pytest.fixture
def chat(network: Sandbox, workbench: Callable[..., Workbench], connect: Callable[..., Discord]) -> Chat:
    bot = network.account("torrea", name="Torréa", token=TOKEN)
    room = network.world.rooms.room("general")
    return Chat(workbench(connect(network.url, channel_id(room))), network, bot, room)
