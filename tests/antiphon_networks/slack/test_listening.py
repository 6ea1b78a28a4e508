from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.antiphon_networks.slack.conftest import TOKEN, Chat, told
from tests.antiphon_networks.workbench import Listener

from antiphon import AccessLost, GiveUp, RetryLater
from antiphon.builtins import posts
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon.testing.sandbox.slack.methods import channel_id, ts
from antiphon_networks.slack.connector import Slack
from antiphon_networks.slack.escaping import escaped, links, shown
from antiphon_networks.slack.sources import Messages

READ = "GET /api/conversations.history"


def test_message(chat: Chat) -> None:
    """A message is an event that tells who said what, where."""
    said = chat.network.world.rooms.say("ana", chat.room, "voir &lt;ici&gt; <https://example.org/?a=1&amp;b=2|la page>")

    (event,) = chat.hear(Messages).events

    assert f"slack:https://sandbox.example/:message:{channel_id(chat.room)}/{ts(said)}" == event.id
    assert ("message.received", channel_id(chat.room), ts(said)) == (
        event.type,
        event.data["channel"],
        event.data["thread"],
    )
    assert "voir <ici> la page (https://example.org/?a=1&b=2)" == event.data["text"]
    assert ["https://example.org/?a=1&b=2"] == event.data["links"]
    assert event.data["author"]["handle"].startswith("U")


def test_each_once(chat: Chat) -> None:
    """However many were said at once, all are heard, in order, and once."""
    chat.network.world.rooms.say("ana", chat.room, "before")
    page = chat.hear(Messages)
    for number in range(450):
        chat.network.world.rooms.say("ana" if number % 5 else chat.bot, chat.room, str(number))
        chat.bench.clock.advance(timedelta(milliseconds=10))

    page = chat.hear(Messages, page.cursor)

    assert [str(number) for number in range(450) if number % 5] == told(page)
    assert [] == told(chat.hear(Messages, page.cursor))


def test_too_much(listener: Listener, connect: Callable[..., Slack]) -> None:
    """What is too much to go through is not skipped: it is told."""
    identity = {"ok": True, "user_id": "U1", "url": "https://torrea.slack.com/"}
    message = {"ts": "7.000001", "user": "U2", "text": "x"}
    listener.answer(200, {**identity, "messages": [message], "response_metadata": {"next_cursor": "on and on"}})

    with pytest.raises(GiveUp, match="too much to go through"):
        Messages().fetch(Messages.Options(), connect(listener.url, "C1").reader(), "1.000000")


def test_quiet_channel(chat: Chat) -> None:
    """A channel in which nothing was said yet is heard from its first message on."""
    page = chat.hear(Messages)
    chat.network.world.rooms.say("ana", chat.room, "first")

    assert ["first"] == told(chat.hear(Messages, page.cursor))


def test_listening(chat: Chat) -> None:
    """Mentions, what we say ourselves and what people think of it are heard through the connection."""
    own = chat.network.world.rooms.say(chat.bot, chat.room, "Nouvelle torréfaction")
    ours = chat.bench.connector.reader().me()["user_id"]  # type: ignore[attr-defined]
    chat.network.world.rooms.say("ana", chat.room, f"<@{ours}> bonjour")
    chat.network.world.rooms.say("ben", chat.room, "dans le fil", own)

    assert [f"@{ours} bonjour"] == told(chat.hear(posts.Mentions))
    assert ["Nouvelle torréfaction"] == told(chat.hear(posts.OwnPosts))
    options = posts.MetricsOptions(connection="brand", posts=(ts(own), "1.000404"))
    assert {f"{channel_id(chat.room)}/{ts(own)}"} == set(posts.PostMetrics().compute(options, chat.bench.reading))


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


@pytest.mark.parametrize(
    "messages", [None, {}, [{"no": "ts"}], [{"ts": "x"}], [{"ts": "1.0", "user": 7, "text": 1}, 7]]
)
def test_not_slack(listener: Listener, connect: Callable[..., Slack], messages: Any) -> None:
    """An answer that is no message of Slack's is refused, in a sentence."""
    identity = {"ok": True, "user_id": "U1", "url": "https://torrea.slack.com/"}
    listener.answer(200, identity)
    client = connect(listener.url, "C1").reader()
    client.me()
    listener.answer(200, {**identity, "messages": messages})

    with pytest.raises(GiveUp, match="Slack"):
        Messages().fetch(Messages.Options(), client, None)


def test_check(chat: Chat, connect: Callable[..., Slack]) -> None:
    """A check says who we are, and where posts go; a channel that is not there is told."""
    assert f"torrea in Sandbox, posting to {channel_id(chat.room)}" == chat.bench.connector.check()
    with pytest.raises(GiveUp, match="no such channel"):
        connect(chat.network.url, "C99999999").check()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U1> <@U1|ana> <#C1|general> <#C1>", "@U1 @ana #general #C1"),
        ("<!here> <!channel|@channel> <!subteam^S1|@team> <!date^1^{date}|today>", "@here @channel @team today"),
        ("<mailto:a@b.example|a@b.example> <tel:1|one>", "mailto:a@b.example one (tel:1)"),
        ("a &amp;lt; b", "a &lt; b"),
        ("< not a link >", " not a link "),
        ("<", "<"),
    ],
)
def test_shown(written: str, read: str) -> None:
    """What Slack writes in angle brackets is read as people see it."""
    assert read == shown(written)


@pytest.mark.parametrize("text", ["<!channel>", "<@U1>", "a & b < c > d", "&lt;", "<https://a.example|b>"])
def test_escaped(text: str) -> None:
    """Whatever is written is read again as it was, and leads nowhere."""
    assert text == shown(escaped(text))
    assert [] == links(escaped(text))
