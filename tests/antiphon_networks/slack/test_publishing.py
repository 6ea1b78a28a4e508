from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.antiphon_networks.slack.conftest import TOKEN, Chat
from tests.antiphon_networks.workbench import Listener, Workbench

from antiphon import Ability, AccessLost, GiveUp
from antiphon.builtins import posts
from antiphon.model.effect import AuthDead, Disconnected, Done, RateLimited, Rejected, Unknown
from antiphon.testing.sandbox import Fault, FaultKind, Sandbox
from antiphon.testing.sandbox.rooms import Message
from antiphon.testing.sandbox.slack.methods import channel_id, ts
from antiphon_networks.slack.connector import Slack
from antiphon_networks.slack.publishing import Post, Reply
from antiphon_networks.slack.sources import Messages

SEND = "POST /api/chat.postMessage"
HOME = "C1"
IDENTITY = {"ok": True, "user_id": "U1", "url": "https://torrea.slack.com/", "messages": []}
THREAD_WORDS = 2000
STRANGER = "<!channel> <!here> <@U00000002> <#C1|x> @channel @everyone <https://evil.example|click> & *a*"


def above(messages: Sequence[Message], index: int) -> Message | None:
    """Below which message a part of a thread stands: the first."""
    return messages[0] if index else None


def test_abilities() -> None:
    """An app can do all but set a profile, hand media over by themselves, read comments, search and read others."""
    others = {Ability.ACCOUNTS, Ability.FOLLOWS}
    lacking = {Ability.PROFILE, Ability.UPLOAD, Ability.COMMENTS, Ability.SEARCH, *others}
    assert lacking == set(Ability) - set(Slack.abilities())


def test_done(chat: Chat) -> None:
    """A post stands in the channel; the receipt tells where."""
    effect = chat.bench.plan(Post, text="Bonjour", preview=False)

    outcome = chat.bench.perform(Post, effect)

    (message,) = chat.room.messages
    assert f"{channel_id(chat.room)}/{ts(message)}" == outcome.receipt.remote_id
    address = f"https://sandbox.example/archives/{channel_id(chat.room)}/p{ts(message).replace('.', '')}"
    assert (address, chat.bench.clock.now()) == (outcome.receipt.url, outcome.receipt.at)
    assert ("lookup", True) == (effect.idempotency, effect.reversible)


def test_strangers_words(chat: Chat) -> None:
    """A stranger's words call nobody and lead nowhere; they are read as they were written."""
    chat.bench.perform(Post, chat.bench.plan(Post, text=STRANGER))

    (message,) = chat.room.messages
    assert () == message.pinged
    assert "<" not in message.text
    assert [STRANGER] == [event.data["text"] for event in chat.hear(posts.OwnPosts).events]


def test_mention(chat: Chat) -> None:
    """Those who are listed are called, and nobody else."""
    chat.bench.perform(Post, chat.bench.plan(Post, text="<!here> venez", mention=["U00000007"]))

    assert ("U00000007",) == chat.room.messages[0].pinged


def test_reply(chat: Chat) -> None:
    """An answer stands in the thread of its original, also when that is an answer itself."""
    first = chat.network.world.rooms.say("ana", chat.room, "Où ?")
    second = chat.network.world.rooms.say("ben", chat.room, "Ici ?", first)
    (event,) = chat.hear(Messages).events
    chat.bench.perform(Reply, chat.bench.plan(Reply, to=dict(event.data), text="Là !"))
    deeper = {"network": "slack", "id": f"{channel_id(chat.room)}/{ts(second)}", "thread": ts(first)}
    done = chat.bench.perform(Reply, chat.bench.plan(Reply, to=deeper, text="Oui"))

    assert [None, first, first, first] == [message.answers for message in chat.room.messages]
    assert done.receipt.url.endswith(f"?thread_ts={ts(first)}&cid={channel_id(chat.room)}")


def test_thread_of_choice(chat: Chat) -> None:
    """A post can be put below a message, which is named whole or by its ts."""
    said = chat.network.world.rooms.say("ana", chat.room, "Où ?")
    for name in (ts(said), f"{channel_id(chat.room)}/{ts(said)}"):
        chat.bench.perform(Post, chat.bench.plan(Post, text="Ici", thread=name))

    assert [said, said] == [message.answers for message in chat.room.messages[1:]]


def test_reply_in_doubt(chat: Chat) -> None:
    """An answer in doubt is looked for in its thread."""
    said = chat.network.world.rooms.say("ana", chat.room, "Où ?")
    chat.network.faults.add(Fault(SEND, FaultKind.ACCEPT_THEN_RESET))
    effect = chat.bench.plan(Reply, to=ts(said), text="Ici")
    chat.bench.perform(Reply, effect)

    assert isinstance(chat.bench.reconcile(Reply, effect), Done)


def test_told(chat: Chat) -> None:
    """Who looks at a plan reads the words as they will be read, and who is called."""
    effect = chat.bench.plan(Post, text="1 < 2 *x*", mention=["7"])

    assert "“<@7> 1 < 2 *x*”" in effect.summary


def test_longest(chat: Chat) -> None:
    """40,000 characters are planned, those of escaped signs counted too; more would be cut off, and are refused."""
    assert isinstance(chat.bench.perform(Post, chat.bench.plan(Post, text="é" * 39_996 + "<")), Done)

    with pytest.raises(GiveUp, match=r"40,001 characters; Slack takes 40,000"):
        chat.bench.plan(Post, text="é" * 39_997 + "<")


def test_blocks(chat: Chat) -> None:
    """Blocks go as they are, so far as there are not too many."""
    blocks = [{"type": "divider"}]
    chat.bench.perform(Post, chat.bench.plan(Post, text="Bonjour", blocks=blocks))

    assert blocks == chat.room.messages[0].extra["blocks"]
    with pytest.raises(GiveUp, match="message has 51 blocks; Slack takes 50"):
        chat.bench.plan(Post, text="x", blocks=blocks * 51)


def test_media(chat: Chat) -> None:
    """An image is handed over first, and stands below the words with its alt text; only images can."""
    chat.bench.perform(Post, chat.bench.plan(Post, text="<!here> *x*", media=[{"file": "a.png", "alt": "Une tasse"}]))

    words, image = chat.room.messages[0].extra["blocks"]
    assert "<!here> *x*" == words["elements"][0]["elements"][0]["text"]
    assert ("image", "Une tasse", {"id": "F00000001"}) == (image["type"], image["alt_text"], image["slack_file"])
    with pytest.raises(GiveUp, match=r"shows images in a message, and not a\.pdf"):
        chat.bench.plan(Post, media=[{"file": "a.pdf", "kind": "document"}])


def test_limited(chat: Chat) -> None:
    """A limit tells when to come back."""
    chat.network.faults.add(Fault(SEND, FaultKind.RATE_LIMITED, retry_after=42))

    outcome = chat.bench.perform(Post, chat.bench.plan(Post, text="Bonjour"))

    assert isinstance(outcome, RateLimited)
    assert 42 == (outcome.until - chat.bench.clock.now()).total_seconds()


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        ("invalid_auth", AuthDead, "invalid_auth"),
        ("token_revoked", AuthDead, "token_revoked"),
        ("account_inactive", AuthDead, "account_inactive"),
        ("channel_not_found", Rejected, "no such channel"),
        ("is_archived", Rejected, "archived"),
        ("missing_scope", Rejected, "chat:write"),
        ("something_new", Rejected, "something_new"),
        ("internal_error", Unknown, "internal_error"),
        ("fatal_error", Unknown, "fatal_error"),
        ("ratelimited", RateLimited, ""),
        (None, Rejected, "no reason given"),
    ],
)
def test_answers(
    listener: Listener,
    workbench: Callable[..., Workbench],
    connect: Callable[..., Slack],
    error: str | None,
    kind: type,
    words: str,
) -> None:
    """Every no of Slack's, which comes as a 200, is what it says."""
    listener.answer(200, IDENTITY)
    bench = workbench(connect(listener.url, HOME))
    effect = bench.plan(Post, text="x")
    listener.answer(200, {"ok": False, "error": error, "needed": "chat:write"}, retry_after="7")

    outcome: Any = bench.perform(Post, effect)

    assert kind.__name__ == type(outcome).__name__
    assert words in getattr(outcome, "reason", "")
    assert TOKEN not in str(outcome)


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
    assert found.receipt.remote_id.endswith(ts(chat.room.messages[1]))
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


def test_wrong_token(network: Sandbox, connect: Callable[..., Slack]) -> None:
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


def test_nobody_there(listener: Listener, workbench: Callable[..., Workbench], connect: Callable[..., Slack]) -> None:
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
        effect = chat.bench.plan(action, post=ts(said), **options)
        assert isinstance(chat.bench.perform(action, effect), Rejected)


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


def test_without_channel(network: Sandbox, workbench: Callable[..., Workbench], connect: Callable[..., Slack]) -> None:
    """Where nobody says which channel, a plan says how to."""
    with pytest.raises(GiveUp, match="which channel"):
        workbench(connect(network.url)).plan(Post, text="x")
