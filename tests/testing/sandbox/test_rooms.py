from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.discord.methods import channel_id as discord_channel
from antiphon.testing.sandbox.discord.methods import message_id
from antiphon.testing.sandbox.rooms import FIRST, Room
from antiphon.testing.sandbox.slack.methods import channel_id as slack_channel
from antiphon.testing.sandbox.slack.methods import ts
from antiphon.testing.sandbox.telegram.methods import chat_id

TOKEN = "123456:AAH"
Ask = Callable[..., httpx.Response]


@pytest.fixture
def room(network: Sandbox) -> Room:
    network.account("torrea", token=TOKEN)
    return network.world.rooms.room(FIRST)


@pytest.fixture
def telegram(network: Sandbox, room: Room) -> Ask:
    return lambda method, **said: httpx.post(f"{network.url}/bot{TOKEN}/{method}", json=said, trust_env=False)


@pytest.fixture
def discord(network: Sandbox, room: Room) -> Ask:
    base = f"{network.url}/api/v10/channels/{discord_channel(room)}"
    headers = {"Authorization": f"Bot {TOKEN}"}
    return lambda method, path="", **how: httpx.request(method, base + path, headers=headers, trust_env=False, **how)


@pytest.fixture
def slack(network: Sandbox, room: Room) -> Ask:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return lambda method, **said: httpx.post(f"{network.url}/api/{method}", data=said, headers=headers, trust_env=False)


def test_one_room(telegram: Ask, discord: Ask, slack: Ask, room: Room) -> None:
    """What is said by one network's API stands in the room, and is read by the others'."""
    telegram("sendMessage", chat_id=chat_id(room), text="one")
    discord("POST", "/messages", json={"content": "two"})
    slack("chat.postMessage", channel=slack_channel(room), text="three")

    assert ["three", "two", "one"] == [one["content"] for one in discord("GET", "/messages").json()]
    history = slack("conversations.history", channel=slack_channel(room)).json()
    assert ["three", "two", "one"] == [one["text"] for one in history["messages"]]


@pytest.mark.parametrize(
    ("method", "said", "told"),
    [
        ("sendMessage", {"chat_id": -1, "text": "x"}, "Bad Request: chat not found"),
        ("sendMessage", {"text": " "}, "Bad Request: message text is empty"),
        ("sendMessage", {"text": "😀" * 2049}, "Bad Request: message is too long"),
        (
            "sendPhoto",
            {"photo": "https://a.example/b", "caption": "x" * 1025},
            "Bad Request: message caption is too long",
        ),
        ("sendPhoto", {}, "Bad Request: there is no photo in the request"),
        ("sendMediaGroup", {"media": [{"media": "x"}]}, "Bad Request: wrong number of media in the album"),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": {"message_id": 9}},
            "Bad Request: message to be replied not found",
        ),
        (
            "sendMessage",
            {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "Bad Request: entity is beyond the end of the message text",
        ),
        ("editMessageText", {"message_id": 9, "text": "x"}, "Bad Request: message to edit not found"),
        ("deleteMessage", {"message_id": 9}, "Bad Request: message to delete not found"),
        ("noSuchMethod", {}, "Not Found: method not found"),
    ],
)
def test_telegram_refuses(telegram: Ask, room: Room, method: str, said: dict[str, Any], told: str) -> None:
    """What Telegram would refuse is refused in its words."""
    answer = telegram(method, **{"chat_id": chat_id(room), **said})

    assert (False, told) == (answer.json()["ok"], answer.json()["description"])
    assert answer.status_code == answer.json()["error_code"]


def test_telegram_forgets(telegram: Ask, network: Sandbox, room: Room) -> None:
    """Updates stay until somebody asks for later ones, and are gone then for everybody."""
    for text in ("one", "two", "three"):
        network.world.rooms.say("ana", room, text)
    updates = telegram("getUpdates").json()["result"]
    assert updates == telegram("getUpdates").json()["result"]

    later = telegram("getUpdates", offset=updates[1]["update_id"]).json()["result"]

    assert ["two", "three"] == [update["message"]["text"] for update in later]
    assert later == telegram("getUpdates").json()["result"]


def test_discord_pages(discord: Ask, network: Sandbox, room: Room) -> None:
    """Pages come newest first: the newest, those right after an id, or those right before one."""
    ids = [message_id(network.world.rooms.say("ana", room, str(number))) for number in range(5)]

    def page(**asked: Any) -> list[str]:
        return [one["content"] for one in discord("GET", "/messages", params={"limit": 2, **asked}).json()]

    assert (["4", "3"], ["2", "1"], ["1", "0"]) == (page(), page(after=ids[0]), page(before=ids[2]))


def test_discord_nonce(discord: Ask, clock: VirtualClock, room: Room) -> None:
    """A nonce is answered with the first message for some minutes, if that is asked for."""
    said = {"content": "x", "nonce": "a"}
    first, again = (discord("POST", "/messages", json={**said, "enforce_nonce": True}).json()["id"] for _ in range(2))
    unforced = discord("POST", "/messages", json=said).json()["id"]
    clock.advance(timedelta(minutes=6))
    later = discord("POST", "/messages", json={**said, "enforce_nonce": True}).json()["id"]

    assert first == again
    assert 3 == len({first, unforced, later})


def test_discord_calls(discord: Ask, room: Room) -> None:
    """Without `allowed_mentions` everybody who is named is called."""
    discord("POST", "/messages", json={"content": "@everyone <@7>"})

    assert {"everyone", "7"} == set(room.messages[0].pinged)


def test_slack_calls(slack: Ask, room: Room) -> None:
    """What stands in angle brackets calls; a bare name does only where that is asked for."""
    for text, more in (("<!here> <@U7>", {}), ("@here", {}), ("@here", {"link_names": "true"})):
        slack("chat.postMessage", channel=slack_channel(room), text=text, **more)

    assert [{"U7", "everyone"}, set(), {"everyone"}] == [set(message.pinged) for message in room.messages]


@pytest.mark.parametrize(
    ("method", "said", "error"),
    [
        ("chat.postMessage", {"channel": "C9", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"text": ""}, "no_text"),
        ("chat.postMessage", {"text": "x", "thread_ts": "1.000009"}, "thread_not_found"),
        ("chat.update", {"text": "x", "ts": "1.000009"}, "message_not_found"),
        ("chat.delete", {"ts": "1.000009"}, "message_not_found"),
        ("files.completeUploadExternal", {"files": '[{"id": "F9"}]'}, "file_not_found"),
        ("chat.meMessage", {}, "unknown_method"),
    ],
)
def test_slack_refuses(slack: Ask, room: Room, method: str, said: dict[str, str], error: str) -> None:
    """A no comes as a 200, by the name of the error."""
    answer = slack(method, **{"channel": slack_channel(room), **said})

    assert (200, {"ok": False, "error": error}) == (answer.status_code, answer.json())


def test_slack_pages(slack: Ask, network: Sandbox, room: Room) -> None:
    """Pages are followed by a cursor, newest first; threads are apart."""
    first = network.world.rooms.say("ana", room, "0")
    network.world.rooms.say("ana", room, "in the thread", first)
    for number in range(1, 5):
        network.world.rooms.say("ana", room, str(number))
    asked = {"channel": slack_channel(room), "limit": "2", "oldest": ts(first)}

    page = slack("conversations.history", **asked).json()
    rest = slack("conversations.history", cursor=page["response_metadata"]["next_cursor"], **asked).json()

    assert (["4", "3"], ["2", "1"]) == tuple([one["text"] for one in some["messages"]] for some in (page, rest))
    assert (True, False) == (page["has_more"], rest["has_more"])


def test_tokens_stay_out_of_the_record(telegram: Ask, network: Sandbox) -> None:
    """A token that stands in a path is in no record of a request; whose it is, is."""
    telegram("getMe")

    (request,) = network.requests
    assert ("/bot/getMe", "torrea") == (request.path, request.account)
    assert TOKEN not in str(request)


@pytest.mark.parametrize("path", ["/bot9:x/getMe", "/api/v10/users/@me", "/api/auth.test"])
def test_nobody(network: Sandbox, path: str) -> None:
    """A token that nobody has is refused."""
    answer = httpx.post(network.url + path, trust_env=False, headers={"Authorization": "Bearer nobody"})

    assert "unauthorized" in answer.text.lower() or "invalid_auth" in answer.text
