from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.antiphon_networks.discord.conftest import TOKEN, Chat, told
from tests.antiphon_networks.workbench import Listener

from antiphon import AccessLost, GiveUp, RetryLater
from antiphon.builtins import posts
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon.testing.sandbox.discord.methods import channel_id, message_id, user_id
from antiphon_networks.discord.connector import Discord
from antiphon_networks.discord.escaping import escaped, shown
from antiphon_networks.discord.sources import Messages

READ = "GET /api/v10/channels/"


def test_message(chat: Chat) -> None:
    """A message is an event that tells who said what, where; names stand in the place of ids."""
    said = chat.network.world.rooms.say("ana", chat.room, r"<@7> regarde \*ici\* https://example.org/", pinged=("7",))

    (event,) = chat.hear(Messages).events

    assert f"discord:message:{channel_id(chat.room)}/{message_id(said)}" == event.id
    assert ("message.received", "ana", channel_id(chat.room)) == (
        event.type,
        event.data["author"]["handle"],
        event.data["channel"],
    )
    assert ("@7 regarde *ici* https://example.org/", ["https://example.org/"]) == (
        event.data["text"],
        event.data["links"],
    )
    assert event.data["url"].startswith("https://discord.com/channels/100000000000000001/")


def test_each_once(chat: Chat) -> None:
    """However many were said at once, all are heard, in order, and once."""
    chat.network.world.rooms.say("ana", chat.room, "before")
    page = chat.hear(Messages)
    for number in range(250):
        chat.network.world.rooms.say("ana" if number % 5 else chat.bot, chat.room, str(number))
    heard: list[str] = []
    while True:
        page = chat.hear(Messages, page.cursor)
        heard += told(page)
        if not page.more:
            break

    assert [str(number) for number in range(250) if number % 5] == heard
    assert [] == told(chat.hear(Messages, page.cursor))


def test_quiet_channel(chat: Chat) -> None:
    """A channel in which nothing was said yet is heard from its first message on."""
    page = chat.hear(Messages)
    chat.network.world.rooms.say("ana", chat.room, "first")

    assert ["first"] == told(chat.hear(Messages, page.cursor))


def test_listening(chat: Chat) -> None:
    """Mentions, answers, what we say ourselves and what people think of it are heard through the connection."""
    own = chat.network.world.rooms.say(chat.bot, chat.room, "Nouvelle torréfaction")
    chat.network.world.rooms.say("ana", chat.room, "bonjour", pinged=(user_id(chat.bot),))
    chat.network.world.rooms.say("ben", chat.room, "où ?", own)

    assert ["bonjour"] == told(chat.hear(posts.Mentions))
    assert ["où ?"] == told(chat.hear(posts.Comments))
    assert ["Nouvelle torréfaction"] == told(chat.hear(posts.OwnPosts))
    options = posts.MetricsOptions(connection="brand", posts=(message_id(own), "404"))
    assert {f"{channel_id(chat.room)}/{message_id(own)}"} == set(
        posts.PostMetrics().compute(options, chat.bench.reading)
    )


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
        (FaultKind.ECHO, RetryLater),
    ],
)
def test_trouble(chat: Chat, kind: FaultKind, error: type[Exception]) -> None:
    """What fails is told for what it is, and never with the token."""
    chat.network.world.rooms.say("ana", chat.room, "x")
    chat.network.faults.add(Fault(READ, kind, times=None))

    with pytest.raises(error) as trouble:
        chat.hear(Messages)

    assert TOKEN not in str(trouble.value)


@pytest.mark.parametrize("body", [{}, [{"no": "id"}], [{"id": "x"}], [{"id": "1", "type": 0, "author": {}}], [7], "x"])
def test_not_discord(listener: Listener, connect: Callable[..., Discord], body: Any) -> None:
    """An answer that is no message of Discord's is refused, in a sentence."""
    listener.answer(200, {"id": "1", "username": "torrea"})
    client = connect(listener.url, "1").reader()
    client.me()
    client.channel("1")
    listener.answer(200, body)

    with pytest.raises(GiveUp, match="Discord"):
        Messages().fetch(Messages.Options(), client, None)


def test_check(chat: Chat) -> None:
    """A check says who we are, and where posts go; a channel that is not there is told."""
    assert "torrea, posting to #general" == chat.bench.connector.check()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# Titre", r"\# Titre"),
        ("-# klein", r"\-# klein"),
        ("- eins\n1. zwei", "\\- eins\n1\\. zwei"),
        ("> Zitat", r"\> Zitat"),
        ("#café 1.5 a-b", "#café 1.5 a-b"),
        ("https://a.example/x_y_z?a=b*c", r"https://a.example/x_y_z?a=b\*c"),
        ("[a](https://b.example)", r"\[a\](https://b.example)"),
        ("https://a.example/](https://evil.example)", r"https://a.example/\](https://evil.example)"),
    ],
)
def test_escaped(text: str, written: str) -> None:
    """Signs at the start of a line, and those that make links, are only signs; what is read is what was written."""
    assert written == escaped(text)
    assert text == shown(written)
