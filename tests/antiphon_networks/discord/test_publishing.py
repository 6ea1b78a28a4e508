from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.antiphon_networks.discord.conftest import TOKEN, Chat
from tests.antiphon_networks.workbench import Listener, Workbench

from antiphon import Ability, AccessLost, GiveUp
from antiphon.builtins import posts
from antiphon.model.effect import AuthDead, Disconnected, Done, RateLimited, Rejected, Unknown
from antiphon.testing.sandbox import Fault, FaultKind, Sandbox
from antiphon.testing.sandbox.discord.methods import channel_id, message_id, user_id
from antiphon.testing.sandbox.rooms import Message
from antiphon_networks.discord.connector import Discord
from antiphon_networks.discord.publishing import Post, Reply

SEND = "POST /api/v10/channels/"
HOME = "1"
IDENTITY = {"id": "1", "username": "torrea", "name": "general"}
THREAD_WORDS = 900
STRANGER = (
    "@everyone @here <@123> <@&9> <#4> [x](https://evil.example) *a* _b_ ~c~ |d| `e` \\ <:f:1> https://a.example/b_c*d"
)


def above(messages: Sequence[Message], index: int) -> Message | None:
    """What a part of a thread answers: the one before."""
    return messages[index - 1] if index else None


def test_abilities() -> None:
    """A bot can do all but set a profile, hand media over by themselves, search, and read others."""
    lacking = {Ability.PROFILE, Ability.UPLOAD, Ability.SEARCH, Ability.ACCOUNTS, Ability.FOLLOWS}
    assert lacking == set(Ability) - set(Discord.abilities())


def test_done(chat: Chat) -> None:
    """A post stands in the channel; the receipt tells where, and how much room is left."""
    effect = chat.bench.plan(Post, text="Bonjour", silent=True, preview=False)

    outcome = chat.bench.perform(Post, effect)

    (message,) = chat.room.messages
    assert f"{channel_id(chat.room)}/{message_id(message)}" == outcome.receipt.remote_id
    assert f"https://discord.com/channels/100000000000000001/{outcome.receipt.remote_id}" == outcome.receipt.url
    assert (chat.bench.clock.now(), 1 << 2 | 1 << 12) == (outcome.receipt.at, message.extra["flags"])
    assert ("native", True) == (effect.idempotency, effect.reversible)


def test_strangers_words(chat: Chat) -> None:
    """A stranger's words call nobody and look like what they are; addresses can still be followed."""
    chat.bench.perform(Post, chat.bench.plan(Post, text=STRANGER, embeds=[{"title": "[x](https://evil.example)"}]))
    said = chat.network.world.rooms.say("ana", chat.room, "Bonjour")
    chat.bench.here = replace(chat.bench.here, event="e-2")
    chat.bench.perform(Reply, chat.bench.plan(Reply, to=message_id(said), text="<@123> @everyone"))

    first, _, answer = chat.room.messages
    assert () == first.pinged == answer.pinged
    assert r"\[x\](https://evil.example) \*a\* \_b\_ \~c\~ \|d\| \`e\` \\ \<:f:1\>" in first.text
    assert "https://a.example/b_c\\*d" in first.text
    assert r"\[x\](https://evil.example)" == first.extra["embeds"][0]["title"]


def test_markdown(chat: Chat) -> None:
    """Who asks for signs gets them, and even then calls nobody but those who are listed."""
    chat.bench.perform(Post, chat.bench.plan(Post, text="**Neu** <@9> @here", markdown=True, mention=["123"]))

    (message,) = chat.room.messages
    assert ("<@123> **Neu** <@9> @here", ("123",)) == (message.text, message.pinged)


def test_ping(chat: Chat) -> None:
    """The author of what is answered is called if that is wanted."""
    said = chat.network.world.rooms.say("ana", chat.room, "Bonjour")

    chat.bench.perform(Reply, chat.bench.plan(Reply, to=message_id(said), text="Merci", ping=True))

    assert ((user_id(said.author),), said) == (chat.room.messages[1].pinged, chat.room.messages[1].answers)


def test_twice(chat: Chat) -> None:
    """One effect sent twice within minutes is one message; two effects with the same words are two."""
    for event in ("e-1", "e-1", "e-2"):
        chat.bench.here = replace(chat.bench.here, event=event)
        chat.bench.perform(Post, chat.bench.plan(Post, text="Merci"))

    assert ["Merci", "Merci"] == chat.texts()


def test_without_nonce(chat: Chat) -> None:
    """Where Discord does not tell the nonce any more, words in the same place are found, unless they are another's."""
    effect = chat.bench.plan(Post, text="Merci *!*")
    receipt = chat.bench.perform(Post, effect).receipt
    chat.room.messages[0].nonce = ""

    assert receipt.remote_id == chat.bench.reconcile(Post, effect).receipt.remote_id
    chat.bench.made.add(receipt.remote_id)
    assert chat.bench.reconcile(Post, effect) is None


def test_told(chat: Chat) -> None:
    """Who looks at a plan reads the words as they will be read, and who is called."""
    effect = chat.bench.plan(Post, text="1 < 2 *x*", mention=["7"])

    assert "“<@7> 1 < 2 *x*”" in effect.summary


def test_longest(chat: Chat) -> None:
    """2,000 characters are planned and taken, those of escaped signs counted too; one more is refused in the plan."""
    assert isinstance(chat.bench.perform(Post, chat.bench.plan(Post, text="é" * 1998 + "*")), Done)

    with pytest.raises(GiveUp, match=r"2,001 characters; Discord takes 2,000"):
        chat.bench.plan(Post, text="é" * 1999 + "*")


@pytest.mark.parametrize(
    ("embeds", "because"),
    [
        ([{"title": "x"}] * 11, "11 embeds; Discord takes 10"),
        ([{"title": "x" * 257}], "title of an embed has 257 characters; Discord takes 256"),
        ([{"description": "x" * 4097}], "description of an embed has 4,097"),
        ([{"description": "x" * 3001}] * 2, "whole of all embeds has 6,002 characters; Discord takes 6,000"),
        ([{"fields": [{"name": "x", "value": "y"}] * 26}], "embed has 26 fields"),
        ([{"fields": [{"name": "x", "value": "y" * 1025}]}], "value of a field has 1,025"),
        ([{"title": "x", "footer": "y" * 2049}], "footer of an embed has 2,049"),
    ],
)
def test_embeds(chat: Chat, embeds: Any, because: str) -> None:
    """What is too much for a card is refused in the plan, with the rule, the count and the limit."""
    with pytest.raises(GiveUp, match=because):
        chat.bench.plan(Post, embeds=embeds)


def test_media(chat: Chat) -> None:
    """A file goes with its alt text."""
    chat.bench.perform(Post, chat.bench.plan(Post, text="Un café", media=[{"file": "a.png", "alt": "Une tasse"}]))

    (file,) = chat.room.messages[0].files
    assert ("a.png", b"png", "Une tasse") == (file.name, file.content, file.alt)


def test_limited(listener: Listener, workbench: Callable[..., Workbench], connect: Callable[..., Discord]) -> None:
    """A limit says in its body for how long, to the millisecond."""
    listener.answer(200, IDENTITY)
    bench = workbench(connect(listener.url, HOME))
    effect = bench.plan(Post, text="x")
    listener.answer(
        429,
        {"message": "You are being rate limited.", "retry_after": 64.57, "global": True},
        x_ratelimit_reset="1470173023.123",
    )

    outcome = bench.perform(Post, effect)

    assert isinstance(outcome, RateLimited)
    assert 65 == (outcome.until - bench.clock.now()).total_seconds()


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, {"message": "401: Unauthorized", "code": 0}, AuthDead, "Unauthorized"),
        (403, {"message": "Missing Permissions", "code": 50013}, Rejected, "lacks a permission"),
        (404, {"message": "Unknown Channel", "code": 10003}, Rejected, "no such channel"),
        (
            400,
            {
                "message": "Invalid Form Body",
                "code": 50035,
                "errors": {"embeds": {"0": {"title": {"_errors": [{"code": "X", "message": "Too long."}]}}}},
            },
            Rejected,
            "embeds.0.title: Too long.",
        ),
        (400, {"message": None, "errors": ["?"], "code": "?"}, Rejected, "no reason given"),
        (502, b"<html>", Unknown, "502"),
        (500, {"message": "Internal Server Error", "code": 0}, Unknown, "Internal Server Error"),
    ],
)
def test_answers(
    listener: Listener,
    workbench: Callable[..., Workbench],
    connect: Callable[..., Discord],
    status: int,
    body: Any,
    kind: type,
    words: str,
) -> None:
    """Every no of Discord's is what it says, with all of its reasons."""
    listener.answer(200, IDENTITY)
    bench = workbench(connect(listener.url, HOME))
    effect = bench.plan(Post, text="x")
    listener.answer(status, body)

    outcome: Any = bench.perform(Post, effect)

    assert kind.__name__ == type(outcome).__name__
    assert words in outcome.reason
    assert TOKEN not in str(outcome)
    assert listener.heard[-1].headers["user-agent"].startswith("DiscordBot (")


@pytest.mark.parametrize("kind", [FaultKind.ACCEPT_THEN_RESET, FaultKind.TRUNCATED_JSON])
def test_done_unseen(chat: Chat, kind: FaultKind) -> None:
    """When it was done and the answer is lost, it is unknown, and a look finds it among those that say the same."""
    for event in ("e-0", "e-1"):
        chat.bench.here = replace(chat.bench.here, event=event)
        effect = chat.bench.plan(Post, text="Merci *à* <vous> & co")
        outcome = chat.bench.perform(Post, effect)
        if isinstance(outcome, Done):
            chat.bench.made.add(outcome.receipt.remote_id)
            chat.network.faults.add(Fault(SEND, kind))

    assert isinstance(outcome, Unknown)
    found = chat.bench.reconcile(Post, effect)
    assert isinstance(found, Done)
    assert found.receipt.remote_id.endswith(message_id(chat.room.messages[1]))
    assert 2 == len(chat.room.messages)


@pytest.mark.parametrize(
    "kind", [FaultKind.OK_WITH_ERROR, FaultKind.HTML_INSTEAD_OF_JSON, FaultKind.RESET, FaultKind.SERVER_ERROR]
)
def test_not_done_unseen(chat: Chat, kind: FaultKind) -> None:
    """When it was not done and the answer does not say so, it is unknown, and a look proves it absent."""
    chat.network.faults.add(Fault(SEND, kind))
    effect = chat.bench.plan(Post, text="Bonjour")

    assert isinstance(chat.bench.perform(Post, effect), Unknown)
    assert chat.bench.reconcile(Post, effect) is None
    assert [] == chat.texts()


@pytest.mark.parametrize("kind", [FaultKind.ACCEPT_THEN_RESET, FaultKind.RESET])
def test_thread(chat: Chat, kind: FaultKind) -> None:
    """A text too long for one message is a thread; one that broke off goes on where it stood."""
    text = " ".join(f"{number:04d}" for number in range(THREAD_WORDS))
    effect = chat.bench.plan(posts.PublishThread, text=text)
    chat.network.faults.add(Fault(SEND, kind, after=1))

    assert isinstance(chat.bench.perform(posts.PublishThread, effect), Unknown)
    assert not isinstance(chat.bench.reconcile(posts.PublishThread, effect), Unknown)
    assert isinstance(chat.bench.perform(posts.PublishThread, effect), Done)

    assert len(effect.payload["parts"]) == len(chat.room.messages) == 3
    assert all(message.answers is above(chat.room.messages, index) for index, message in enumerate(chat.room.messages))


def test_dead_token(chat: Chat) -> None:
    """A token that is revoked stops the connection; a check with it says what to do."""
    effect = chat.bench.plan(Post, text="Bonjour")
    chat.network.faults.add(Fault(SEND, FaultKind.TOKEN_REVOKED))

    assert isinstance(chat.bench.perform(Post, effect), AuthDead)


def test_wrong_token(network: Sandbox, connect: Callable[..., Discord]) -> None:
    """A check with a token that nobody has says so."""
    with pytest.raises(AccessLost, match="does not accept the credentials"):
        connect(network.url, token="nobody").check()


def test_put_out(chat: Chat) -> None:
    """Who was put out of a channel is told no, and why."""
    effect = chat.bench.plan(Post, text="Bonjour")
    chat.bench.perform(Post, chat.bench.plan(Post, text="Bonjour"))
    chat.room.banned.add(chat.bot.id)

    outcome = chat.bench.perform(Post, effect)

    assert isinstance(outcome, Rejected)
    assert "not in this channel" in outcome.reason


def test_nobody_there(listener: Listener, workbench: Callable[..., Workbench], connect: Callable[..., Discord]) -> None:
    """Where nobody listens, nothing was sent."""
    listener.answer(200, IDENTITY)
    bench = workbench(connect(listener.url, HOME))
    effect = bench.plan(Post, text="x")
    bench.perform(Post, effect)
    listener.stop()

    assert isinstance(bench.perform(Post, effect), Disconnected)


@pytest.mark.parametrize("text", ["שלום, עולם", "a\u200b\u200db", "\u202eflipped\u202c", "e\u0301", "1️⃣ 😀"])
def test_text_is_kept(chat: Chat, text: str) -> None:
    """Text of any script goes through as it is."""
    chat.bench.perform(Post, chat.bench.plan(Post, text=text))

    assert [text] == chat.texts()


@pytest.mark.parametrize("text", ["", " \n"])
def test_empty(chat: Chat, text: str) -> None:
    """An empty text is refused in the plan."""
    with pytest.raises(GiveUp, match="nothing to send"):
        chat.bench.plan(Post, text=text)


def test_change_and_take_back(chat: Chat) -> None:
    """A message is changed and deleted; a look tells whether either was done."""
    receipt = chat.bench.perform(Post, chat.bench.plan(Post, text="Bonjour")).receipt
    change = chat.bench.plan(posts.EditPost, post=receipt.remote_id, text="<Bonsoir> @everyone")
    assert chat.bench.reconcile(posts.EditPost, change) is None
    assert isinstance(chat.bench.perform(posts.EditPost, change), Done)
    assert isinstance(chat.bench.reconcile(posts.EditPost, change), Done)
    assert () == chat.room.messages[0].pinged
    delete = chat.bench.plan(posts.DeletePost, post=receipt.remote_id)
    assert chat.bench.reconcile(posts.DeletePost, delete) is None
    assert isinstance(chat.bench.perform(posts.DeletePost, delete), Done)
    assert [] == chat.texts()
    assert isinstance(chat.bench.reconcile(posts.DeletePost, delete), Done)
    assert isinstance(chat.bench.perform(posts.DeletePost, delete), Rejected)


def test_others_messages(chat: Chat) -> None:
    """What somebody else said cannot be changed or deleted."""
    said = chat.network.world.rooms.say("ana", chat.room, "Bonjour")
    for action, options in ((posts.EditPost, {"text": "x"}), (posts.DeletePost, {})):
        assert isinstance(
            chat.bench.perform(action, chat.bench.plan(action, post=message_id(said), **options)), Rejected
        )


def test_message(chat: Chat) -> None:
    """A message goes to the channel that it names."""
    other = chat.network.world.rooms.room("other")

    chat.bench.perform(posts.SendMessage, chat.bench.plan(posts.SendMessage, to=channel_id(other), text="Bonjour"))

    assert ["Bonjour"] == [message.text for message in other.messages]


@pytest.mark.parametrize("target", ["nonsense", "x/y", {"network": "mastodon", "id": "7"}])
def test_answers_are_for_here(chat: Chat, target: Any) -> None:
    """What is no message of the network cannot be answered."""
    with pytest.raises(GiveUp):
        chat.bench.plan(Reply, to=target, text="x")


def test_without_channel(
    network: Sandbox, workbench: Callable[..., Workbench], connect: Callable[..., Discord]
) -> None:
    """Where nobody says which channel, a plan says how to."""
    with pytest.raises(GiveUp, match="which channel"):
        workbench(connect(network.url)).plan(Post, text="x")
