from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.antiphon_networks.telegram.conftest import TOKEN, Chat
from tests.antiphon_networks.workbench import Listener, Workbench

from antiphon import Ability, GiveUp, RetryLater
from antiphon.builtins import posts
from antiphon.model.effect import AuthDead, Disconnected, Done, RateLimited, Rejected, Unknown
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon.testing.sandbox.telegram.methods import chat_id
from antiphon_networks.telegram.connector import Telegram
from antiphon_networks.telegram.publishing import Post, Reply

SEND = "POST /bot/sendMessage"


def failing(chat: Chat, kind: FaultKind, **how: Any) -> Any:
    chat.network.faults.add(Fault(SEND, kind, **how))
    return chat.bench.perform(Post, chat.bench.plan(Post, text="Bonjour"))


def test_abilities() -> None:
    """A bot publishes, answers, changes, takes back, writes to chats and hears what is said to it."""
    writes = {Ability.PUBLISH, Ability.REPLY, Ability.THREAD, Ability.EDIT, Ability.DELETE, Ability.MESSAGE}

    assert {*writes, Ability.MENTIONS} == set(Telegram.abilities())


def test_done(chat: Chat) -> None:
    """A post stands in the chat as it was written, whatever signs are in it; the receipt tells where."""
    text = "1 < 2 & <b>no</b> *stars* _lines_ [link](https://evil.example) `code`"
    effect = chat.bench.plan(Post, text=text, silent=True, preview=False)

    outcome = chat.bench.perform(Post, effect)

    assert isinstance(outcome, Done)
    (message,) = chat.room.messages
    assert (text, [], True) == (message.text, message.extra["entities"], message.extra["silent"])
    assert f"{chat_id(chat.room)}/{message.number}" == outcome.receipt.remote_id
    assert f"https://t.me/c/{str(chat_id(chat.room))[4:]}/{message.number}" == outcome.receipt.url
    assert ("none", True) == (effect.idempotency, effect.reversible)


def test_parts(chat: Chat) -> None:
    """What is bold is said beside the words, counted in UTF-16 units; a stranger's words change nothing around them."""
    stranger = "☕</a>](x) *"
    parts = [{"text": "  👩‍🍳 "}, {"text": stranger, "style": "bold", "url": "https://example.org/"}, {"text": "! "}]

    chat.bench.perform(Post, chat.bench.plan(Post, parts=parts))

    (message,) = chat.room.messages
    assert f"👩‍🍳 {stranger}!" == message.text
    assert [
        {"type": "bold", "offset": 6, "length": 11},
        {"type": "text_link", "offset": 6, "length": 11, "url": "https://example.org/"},
    ] == message.extra["entities"]


def test_longest(chat: Chat) -> None:
    """A text of 4,096 units is planned and taken, emoji counted as two; one unit more is refused in the plan."""
    assert isinstance(chat.bench.perform(Post, chat.bench.plan(Post, text="😀" * 2048)), Done)

    with pytest.raises(GiveUp, match=r"4,097 UTF-16 code units; Telegram takes 4,096.*by 1"):
        chat.bench.plan(Post, text="😀" * 2048 + "x")


@pytest.mark.parametrize("text", ["שלום, עולם", "a\u200b\u200db", "\u202eflipped\u202c", "e\u0301", "line\n\nline"])
def test_text_is_kept(chat: Chat, text: str) -> None:
    """Text of any script goes through as it is."""
    chat.bench.perform(Post, chat.bench.plan(Post, text=text))

    assert [text] == chat.texts()


@pytest.mark.parametrize("options", [{"text": ""}, {"text": " \n"}, {"parts": [{"text": " "}]}])
def test_empty(chat: Chat, options: Any) -> None:
    """An empty text is refused in the plan."""
    with pytest.raises(GiveUp, match="nothing to send"):
        chat.bench.plan(Post, **options)


def test_media(chat: Chat) -> None:
    """A photo goes with its text below it, shorter than a text alone; several are one album, deleted as one."""
    effect = chat.bench.plan(Post, text="Un café", media=[{"file": "a.png", "alt": "Une tasse"}])
    chat.bench.perform(Post, effect)
    album = chat.bench.plan(
        Post, text="Deux", media=[{"file": "a.png"}, {"url": "https://a.example/b.png", "kind": "image"}]
    )
    done = chat.bench.perform(Post, album)

    assert [("Un café", b"png"), ("Deux", b"png"), ("", b"png")] == [
        (one.text, one.files[0].content if one.files else b"") for one in chat.room.messages
    ]
    answer = chat.bench.perform(Reply, chat.bench.plan(Reply, to=done.receipt.remote_id, text="Ici"))
    assert isinstance(answer, Done)
    assert chat.room.messages[1] is chat.room.messages[3].answers
    undone = Post().undo(album, done.receipt, chat.bench.reading)
    assert undone is not None
    assert isinstance(chat.bench.perform(posts.DeletePost, undone), Done)
    assert ["Un café", "Ici"] == chat.texts()
    with pytest.raises(GiveUp, match=r"text below media has 1,025 UTF-16 code units; Telegram takes 1,024"):
        chat.bench.plan(Post, text="x" * 1025, media=[{"file": "a.png"}])


@pytest.mark.parametrize(
    ("media", "because"),
    [
        ([{"file": "a.png"}] * 11, "11 attachments; Telegram takes 10"),
        ([{"file": "a.png"}, {"file": "b.pdf", "kind": "document"}], "document and image into no album"),
        ([{"file": "missing.png"}], "no file missing.png"),
    ],
)
def test_wrong_media(chat: Chat, media: Any, because: str) -> None:
    """What Telegram would not take is refused in the plan."""
    with pytest.raises(GiveUp, match=because):
        chat.bench.plan(Post, media=media)


def test_reply(chat: Chat) -> None:
    """An answer goes to where the message stands, whatever chat the connection has."""
    talk = chat.network.world.rooms.room("Ana", private=True)
    chat.network.world.rooms.say("ana", talk, "Où ?")
    page = posts.Mentions().fetch(posts.Mentions.Options(), chat.bench.connector.reader(), None)

    effect = chat.bench.plan(Reply, to=dict(page.events[0].data), text="Ici !")

    assert isinstance(chat.bench.perform(Reply, effect), Done)
    assert ("Ici !", talk.messages[0]) == (talk.messages[1].text, talk.messages[1].answers)
    assert ("ana",) == effect.recipients


def test_answers_are_for_telegram(chat: Chat) -> None:
    """What is no message on Telegram cannot be answered."""
    for target in ("nonsense", "-100/x", "-100/1,x", "/7", {"network": "mastodon", "id": "7"}):
        with pytest.raises(GiveUp):
            chat.bench.plan(Reply, to=target, text="x")


def test_change_and_take_back(chat: Chat) -> None:
    """A message is changed, and deleted; to do either once more comes to the same."""
    receipt = chat.bench.perform(Post, chat.bench.plan(Post, text="Bonjour")).receipt
    change = chat.bench.plan(posts.EditPost, post=receipt.remote_id, text="Bonsoir")
    for _ in range(2):
        assert isinstance(chat.bench.perform(posts.EditPost, change), Done)
        assert ["Bonsoir"] == chat.texts()
    delete = chat.bench.plan(posts.DeletePost, post=receipt.remote_id)
    for _ in range(2):
        assert isinstance(chat.bench.perform(posts.DeletePost, delete), Done)
        assert [] == chat.texts()
    assert ("native", "native") == (change.idempotency, delete.idempotency)
    assert chat.bench.reconcile(posts.EditPost, change) is None
    assert chat.bench.reconcile(posts.DeletePost, delete) is None


def test_others_messages(chat: Chat) -> None:
    """What somebody else said cannot be changed."""
    said = chat.network.world.rooms.say("ana", chat.room, "Bonjour")
    effect = chat.bench.plan(posts.EditPost, post=str(said.number), text="x")

    assert isinstance(chat.bench.perform(posts.EditPost, effect), Rejected)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.ACCEPT_THEN_RESET,
        FaultKind.TRUNCATED_JSON,
        FaultKind.OK_WITH_ERROR,
        FaultKind.HTML_INSTEAD_OF_JSON,
        FaultKind.RESET,
        FaultKind.SERVER_ERROR,
    ],
)
def test_doubt(chat: Chat, kind: FaultKind) -> None:
    """Whatever is no answer leaves a doubt, and since no bot can read back, the doubt is for a person."""
    outcome = failing(chat, kind)

    assert isinstance(outcome, Unknown)
    found = chat.bench.reconcile(Post, chat.bench.plan(Post, text="Bonjour"))
    assert isinstance(found, Unknown)
    assert TOKEN not in f"{outcome} {found}"


def test_limited(chat: Chat) -> None:
    """A limit tells when to come back, by the header."""
    outcome = failing(chat, FaultKind.RATE_LIMITED, retry_after=42)

    assert isinstance(outcome, RateLimited)
    assert 42 == (outcome.until - chat.bench.clock.now()).total_seconds()


def test_dead_token(chat: Chat) -> None:
    """A token that is revoked stops the connection."""
    assert isinstance(failing(chat, FaultKind.TOKEN_REVOKED), AuthDead)


def test_put_out(chat: Chat) -> None:
    """A bot that was put out of a chat, or blocked by a person, is told no."""
    chat.room.banned.add(chat.bot.id)

    outcome = chat.bench.perform(Post, chat.bench.plan(Post, text="Bonjour"))

    assert isinstance(outcome, Rejected)
    assert "bot was kicked from the supergroup chat" in outcome.reason


@pytest.mark.parametrize(
    ("code", "description", "parameters", "kind"),
    [
        (400, "Bad Request: chat not found", {}, Rejected),
        (400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": -1007}, Rejected),
        (401, "Unauthorized", {}, AuthDead),
        (403, "Forbidden: bot was blocked by the user", {}, Rejected),
        (404, "Not Found", {}, AuthDead),
        (429, "Too Many Requests: retry after 7", {"retry_after": 7}, RateLimited),
        (429, "Too Many Requests", {"retry_after": "soon"}, RateLimited),
        (429, "Too Many Requests", ["?"], RateLimited),
        (500, "Internal Server Error", {}, Unknown),
        (301, "Moved", {}, Rejected),
    ],
)
def test_answers(
    listener: Listener,
    workbench: Callable[..., Workbench],
    connect: Callable[..., Telegram],
    code: int,
    description: str,
    parameters: Any,
    kind: type,
) -> None:
    """Every no of the Bot API is what it says, and none says the token back, though each is asked with it."""
    bench = workbench(connect(listener.url, "-1001"))
    says = {"ok": False, "error_code": code, "description": f"{description} ({TOKEN})", "parameters": parameters}
    listener.answer(code, says, location=f"{listener.url}/bot{TOKEN}/elsewhere")

    outcome: Any = bench.perform(Post, bench.plan(Post, text="x"))

    assert kind.__name__ == type(outcome).__name__
    assert f"/bot{TOKEN}/sendMessage" == listener.heard[0].path
    assert TOKEN not in str(outcome)
    if parameters == {"retry_after": 7}:
        assert 7 == (outcome.until - bench.clock.now()).total_seconds()
    if "migrate_to_chat_id" in parameters:
        assert "-1007" in outcome.reason


def test_nobody_there(
    listener: Listener, workbench: Callable[..., Workbench], connect: Callable[..., Telegram]
) -> None:
    """Where nobody listens, nothing was sent; neither sentence nor error holds the token."""
    bench = workbench(connect(listener.url, "-1001"))
    listener.stop()

    outcome = bench.perform(Post, bench.plan(Post, text="x"))
    with pytest.raises(RetryLater) as trouble:
        bench.connector.check()

    assert isinstance(outcome, Disconnected)
    assert TOKEN not in f"{outcome} {trouble.value!r} {vars(trouble.value)}"
