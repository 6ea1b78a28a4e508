from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from tests.antiphon_networks.telegram.conftest import TOKEN, Chat
from tests.antiphon_networks.workbench import Listener

from antiphon import AccessLost, GiveUp, Page, RetryLater
from antiphon.runtime.rates import scope_of
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon_networks.telegram.connector import Telegram, TelegramOptions
from antiphon_networks.telegram.pages import FULL, KEPT
from antiphon_networks.telegram.sources import Mentions, Messages


def hear(here: Chat, cursor: str | None = None, source: Any = Messages, **options: Any) -> Page:
    page = source().fetch(source.Options(**options), here.bench.connector.reader(), cursor)
    assert isinstance(page, Page)
    return page


def texts(page: Page) -> list[str]:
    return [event.data["text"] for event in page.events]


def test_message(chat: Chat) -> None:
    """A message is an event that tells who said what, where."""
    chat.network.world.rooms.say("ana", chat.room, "Bonjour #café")

    event = hear(chat).events[0]

    assert ("message.received", "telegram", "ana") == (
        event.type,
        event.data["network"],
        event.data["author"]["handle"],
    )
    assert "Torréa" == event.data["chat"]["name"]
    assert f"telegram:123456:message:{event.data['id']}" == event.id


def test_each_once(chat: Chat) -> None:
    """What was heard is not heard again, and what the bot says itself is not heard."""
    chat.network.world.rooms.say("ana", chat.room, "1")
    chat.network.world.rooms.say(chat.bot, chat.room, "ours")
    first = hear(chat)
    chat.network.world.rooms.say("ben", chat.room, "2")
    second = hear(chat, first.cursor)

    assert (["1"], ["2"], []) == (texts(first), texts(second), texts(hear(chat, second.cursor)))


def test_several_triggers(chat: Chat) -> None:
    """Two that listen to one bot both hear everything, though Telegram forgets what one has moved behind it."""
    slow: str | None = None
    quick: str | None = None
    heard: dict[str, list[str]] = {"slow": [], "quick": []}
    for number in range(3 * FULL):
        chat.network.world.rooms.say("ana", chat.room, str(number))
        if number % 10 == 9:
            page = hear(chat, quick)
            quick = page.cursor
            heard["quick"] += texts(page)
        if number % (KEPT - 10) == 0:
            page = hear(chat, slow)
            slow = page.cursor
            heard["slow"] += texts(page)

    assert [str(number) for number in range(3 * FULL)] == heard["quick"]
    assert [str(number) for number in range(len(heard["slow"]))] == heard["slow"]
    assert len(heard["slow"]) > 2 * FULL


def test_chosen_chat(chat: Chat) -> None:
    """A source that names a chat hears that chat."""
    other = chat.network.world.rooms.room("Other")
    chat.network.world.rooms.say("ana", other, "there")
    chat.network.world.rooms.say("ana", chat.room, "here")

    assert ["here"] == texts(hear(chat, chat=chat.bench.connector.options.chat))


def test_mentions(chat: Chat) -> None:
    """What is said to the bot alone, in answer to it, or with its name is meant for it."""
    own = chat.network.world.rooms.say(chat.bot, chat.room, "Bonjour")
    chat.network.world.rooms.say("ana", chat.room, "not you")
    chat.network.world.rooms.say("ana", chat.room, "merci @Torrea_bot!")
    chat.network.world.rooms.say("ana", chat.network.world.rooms.room("Ana", private=True), "psst")

    assert ["merci @Torrea_bot!", "psst"] == texts(hear(chat, source=Mentions))
    assert own in chat.room.messages


@pytest.mark.parametrize("cursor", ["", "nonsense", "{}", "[null]", '["x"]'])
def test_foreign_cursor(chat: Chat, cursor: str) -> None:
    """A cursor of another make begins anew."""
    chat.network.world.rooms.say("ana", chat.room, "1")

    assert ["1"] == texts(hear(chat, cursor))


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.SERVER_ERROR, RetryLater),
        (FaultKind.RATE_LIMITED, RetryLater),
        (FaultKind.TRUNCATED_JSON, RetryLater),
        (FaultKind.HTML_INSTEAD_OF_JSON, GiveUp),
        (FaultKind.OK_WITH_ERROR, GiveUp),
        (FaultKind.TOKEN_REVOKED, AccessLost),
        (FaultKind.RESET, RetryLater),
    ],
)
def test_trouble(chat: Chat, kind: FaultKind, error: type[Exception]) -> None:
    """What fails is told for what it is, and never with the token."""
    chat.network.faults.add(Fault("POST /bot/getUpdates", kind))

    with pytest.raises(error) as trouble:
        hear(chat)

    assert TOKEN not in str(trouble.value)


@pytest.mark.parametrize(
    ("description", "error"),
    [
        ("Conflict: can't use getUpdates method while webhook is active", GiveUp),
        ("Conflict: terminated by other getUpdates request", RetryLater),
    ],
)
def test_conflict(
    listener: Listener, connect: Callable[..., Telegram], description: str, error: type[Exception]
) -> None:
    """A webhook elsewhere must be removed; another who asks at this moment is only waited for."""
    listener.answer(409, {"ok": False, "error_code": 409, "description": description})

    with pytest.raises(error, match="Conflict"):
        Messages().fetch(Messages.Options(), connect(listener.url).reader(), None)


@pytest.mark.parametrize(
    "result",
    [
        {"not": "a list"},
        [{"no": "id"}],
        [{"update_id": 1, "message": {"message_id": 1}}],
        [{"update_id": 1, "message": {"message_id": 1, "date": 10**20, "chat": {"id": 1, "type": "private"}}}],
    ],
)
def test_not_telegram(listener: Listener, connect: Callable[..., Telegram], result: Any) -> None:
    """An answer that is no update of Telegram's is refused, in a sentence."""
    listener.answer(200, {"ok": True, "result": result})

    with pytest.raises(GiveUp, match=r"Telegram"):
        Messages().fetch(Messages.Options(), connect(listener.url).reader(), None)


def test_check(chat: Chat) -> None:
    """A check says who we are, and where posts go."""
    assert "@torrea_bot, posting to Torréa" == chat.bench.connector.check()


def test_check_elsewhere(network: Any, connect: Callable[..., Telegram]) -> None:
    """A check fails for a chat that is not there, and for a token that nobody has."""
    network.account("torrea_bot", token=TOKEN)
    with pytest.raises(GiveUp, match="chat not found"):
        connect(network.url, "-1009999").check()
    with pytest.raises(AccessLost, match="does not accept the credentials"):
        connect(network.url, token="1:nobody").check()


@pytest.mark.parametrize("token", ["", " ", "123456:a b", "123456:é", "x/../y", "a?b", "a#b", "a%2f"])
def test_wrong_token(token: str) -> None:
    """What cannot be a token is refused, and not shown."""
    with pytest.raises(ValidationError) as refusal:
        TelegramOptions(token=SecretStr(token))

    assert not token.strip() or repr(token) not in str(refusal.value)


def test_token_is_logged_nowhere(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    """However loud the loggers are, the token of the address is in no record, and in none of what the network kept."""
    with caplog.at_level(1):
        for name in ("httpx", "httpcore", "httpcore.connection", "httpcore.http11", "antiphon"):
            logging.getLogger(name).setLevel(1)
        hear(chat)
        chat.network.faults.add(Fault("POST /bot/getUpdates", FaultKind.RESET))
        with pytest.raises(RetryLater):
            hear(chat)

    assert TOKEN not in caplog.text
    assert TOKEN not in json.dumps([str(request) for request in chat.network.requests])
    assert TOKEN not in repr(chat.bench.connector.options)


def test_token_is_no_kind_of_request() -> None:
    """What is kept of a limit names the kind of request, and a path with a token is one kind with any other."""
    assert "POST /*/sendMessage" == scope_of("POST", f"/bot{TOKEN}/sendMessage")
