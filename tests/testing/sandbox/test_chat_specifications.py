"""The answers of the sandbox's chats against the networks' own specifications, where these are at hand.

Bodies are judged by their schemas alone here, which takes no time and no further library; `tests/antiphon_networks` has
every request judged whole.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.discord.methods import channel_id as discord_channel
from antiphon.testing.sandbox.discord.methods import message_id
from antiphon.testing.sandbox.rooms import FIRST
from antiphon.testing.sandbox.slack.methods import channel_id as slack_channel
from antiphon.testing.sandbox.slack.methods import ts
from antiphon.testing.sandbox.telegram.methods import chat_id

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")

BESIDE = Path(__file__).parents[3].parent / "shared"
TOKEN = "123456:AAH"


@cache
def specification(name: str) -> Any:
    path = Path(os.environ.get("ANTIPHON_SHARED", BESIDE)) / "counterparts/specs" / name
    if not path.exists():
        pytest.skip(f"{name} is not here: set ANTIPHON_SHARED to the folder that has it")
    return json.loads(path.read_text())


def check(name: str, entity: str, value: Any) -> None:
    components = specification(name)["components"]
    schema = {"$ref": f"#/components/schemas/{entity}", "components": components}
    jsonschema.Draft202012Validator(schema).validate(value)


def test_telegram(network: Sandbox) -> None:
    """Messages, updates and the bot itself have the described shapes."""
    network.account("torrea", token=TOKEN)
    room = network.world.rooms.room(FIRST)
    network.world.rooms.say("ana", room, "Bonjour")

    def result(method: str, **said: Any) -> Any:
        return httpx.post(f"{network.url}/bot{TOKEN}/{method}", json=said, trust_env=False).json()["result"]

    message = {"chat_id": chat_id(room), "text": "x", "reply_parameters": {"message_id": 1}}
    check("telegram.openapi.json", "User", result("getMe"))
    check("telegram.openapi.json", "Chat", result("getChat", chat_id=chat_id(room)))
    check("telegram.openapi.json", "Message", result("sendMessage", **message))
    for update in result("getUpdates"):
        check("telegram.openapi.json", "Update", update)


def test_discord(network: Sandbox) -> None:
    """Messages, channels, users and errors have the described shapes."""
    network.account("torrea", token=TOKEN)
    room = network.world.rooms.room(FIRST)
    said = network.world.rooms.say("ana", room, "Bonjour")
    client = httpx.Client(base_url=f"{network.url}/api/v10", headers={"Authorization": f"Bot {TOKEN}"}, trust_env=False)
    channel = f"/channels/{discord_channel(room)}"
    message = {"content": "x", "nonce": "a", "message_reference": {"message_id": message_id(said)}}
    with client:
        check("discord_v10.json", "UserPIIResponse", client.get("/users/@me").json())
        check("discord_v10.json", "GuildChannelResponse", client.get(channel).json())
        check("discord_v10.json", "MessageResponse", client.post(f"{channel}/messages", json=message).json())
        for one in client.get(f"{channel}/messages").json():
            check("discord_v10.json", "MessageResponse", one)
        check("discord_v10.json", "ErrorResponse", client.get("/channels/7").json())


def test_slack(network: Sandbox) -> None:
    """Every method answers in the shape that is described for it."""
    network.account("torrea", token=TOKEN)
    room = network.world.rooms.room(FIRST)
    said = network.world.rooms.say("ana", room, "Bonjour")
    specified = specification("slack_web_v2.json")
    where = {"channel": slack_channel(room)}
    headers = {"Authorization": f"Bearer {TOKEN}"}

    def ask(verb: str, method: str, **fields: str) -> Any:
        how = {"params": fields} if verb == "get" else {"data": fields}
        url = f"{network.url}/api/{method}"
        answer = httpx.request(verb.upper(), url, headers=headers, trust_env=False, **how).json()  # type: ignore[arg-type]
        schema = specified["paths"][f"/{method}"][verb]["responses"]["200"]["schema"]
        jsonschema.Draft4Validator({**schema, "definitions": specified["definitions"]}).validate(answer)
        return answer

    ask("get", "auth.test")
    ask("get", "conversations.history", **where)
    posted = ask("post", "chat.postMessage", text="x", thread_ts=ts(said), **where)
    ask("get", "conversations.replies", ts=ts(said), **where)
    ask("post", "chat.update", text="y", ts=posted["ts"], **where)
    ask("post", "chat.delete", ts=posted["ts"], **where)
