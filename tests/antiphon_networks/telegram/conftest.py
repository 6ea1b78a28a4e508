"""A bot on Telegram: a room of the sandbox that it posts to, and a person who talks to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from pydantic import SecretStr
from tests.antiphon_networks.workbench import Workbench

from antiphon.components.http import Http
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Account, Sandbox
from antiphon.testing.sandbox.rooms import Room
from antiphon.testing.sandbox.telegram.methods import chat_id
from antiphon_networks.telegram.connector import Telegram, TelegramOptions

TOKEN = "123456:AAH-a_token_that_nobody_may_see"


@dataclass
class Chat:
    """Where a test works: the bench, and the network behind it."""

    bench: Workbench
    network: Sandbox
    bot: Account
    room: Room

    def texts(self) -> list[str]:
        return [message.text for message in self.room.messages if message.author is self.bot]


@pytest.fixture
def connect(clock: VirtualClock, http: Http) -> Callable[..., Telegram]:
    """Makes a connector for a server."""

    def made(server: str, chat: str = "", token: str = TOKEN) -> Telegram:
        return Telegram("brand", TelegramOptions(token=SecretStr(token), server=server, chat=chat), http, clock)

    return made


@pytest.fixture
def chat(network: Sandbox, workbench: Callable[..., Workbench], connect: Callable[..., Telegram]) -> Chat:
    bot = network.account("torrea_bot", name="Torréa", token=TOKEN)
    bot.bot = True
    room = network.world.rooms.room("Torréa")
    return Chat(workbench(connect(network.url, str(chat_id(room)))), network, bot, room)
