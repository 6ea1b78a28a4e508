"""Every request to a chat, judged by the network's own specification where it is at hand, through Prism."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from tests.antiphon_networks.workbench import Workbench
from tests.servers.prism.server import Judged, judging

from antiphon import Connector, Done
from antiphon.builtins import posts
from antiphon.components.http import Http
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.discord.methods import channel_id as discord_channel
from antiphon.testing.sandbox.rooms import FIRST
from antiphon.testing.sandbox.slack.methods import channel_id as slack_channel
from antiphon.testing.sandbox.telegram.methods import chat_id
from antiphon.testing.serving import Forwarding, Served
from antiphon_networks.discord import publishing as discord
from antiphon_networks.discord.connector import Discord, DiscordOptions
from antiphon_networks.slack import publishing as slack
from antiphon_networks.slack.connector import Slack, SlackOptions
from antiphon_networks.telegram import publishing as telegram
from antiphon_networks.telegram.connector import Telegram, TelegramOptions

pytestmark = [pytest.mark.networks, pytest.mark.slow]

TOKEN = "123456:AAH-token"
BESIDE = Path(__file__).parents[3] / "shared"
Open = Callable[[str], Connector]
Make = Callable[..., Workbench]
Actions = Sequence[tuple[Any, dict[str, Any]]]


@pytest.fixture
def patient(http: Http) -> Http:
    """Prism reads a specification anew for each kind of request, which takes seconds where there is much of it."""
    return replace(http, timeout=60.0, deadline=120.0)


def specification(name: str) -> Path:
    path = Path(os.environ.get("ANTIPHON_SHARED", BESIDE)) / "counterparts/specs" / name
    if not path.exists():
        pytest.skip(f"{name} is not here: set ANTIPHON_SHARED to the folder that has it")
    return path


@contextmanager
def judged(
    network: Sandbox, name: str, folder: Path, called: Callable[[str], str | None], **besides: str
) -> Iterator[tuple[str, Judged]]:
    """The sandbox behind a judge: its address, and the judge."""
    with judging(specification(name), folder / "prism.log", patience=180) as prism:
        judge = Judged(Forwarding(network.url), prism, called, besides)
        with Served(judge) as served:
            yield served.url, judge


def everything(bench: Workbench, actions: Actions, source: Any) -> None:
    """Check, post, change, look, delete and listen; all must go well."""
    bench.connector.check()
    for number, (action, options) in enumerate(actions):
        effect = bench.plan(action, **options)
        effect = effect.model_copy(update={"key": f"{effect.key}/{number}"})
        outcome = bench.perform(action, effect)
        assert isinstance(outcome, Done), outcome
        bench.reconcile(action, effect)
    change = bench.plan(posts.EditPost, post=outcome.receipt.remote_id, text="Bonsoir")
    assert isinstance(bench.perform(posts.EditPost, change), Done)
    bench.reconcile(posts.EditPost, change)
    delete = bench.plan(posts.DeletePost, post=outcome.receipt.remote_id)
    assert isinstance(bench.perform(posts.DeletePost, delete), Done)
    bench.reconcile(posts.DeletePost, delete)
    page = source().fetch(source.Options(), bench.connector.reader(), None)
    source().fetch(source.Options(), bench.connector.reader(), page.cursor)


def test_telegram(network: Sandbox, workbench: Make, clock: VirtualClock, patient: Http, tmp_path: Path) -> None:
    """Telegram's specification has nothing against what we ask; files it does not describe, so they are not shown."""
    network.account("torrea", token=TOKEN)
    room = network.world.rooms.room(FIRST)
    with judged(network, "telegram.openapi.json", tmp_path, lambda path: path) as (url, judge):
        options = TelegramOptions(token=SecretStr(TOKEN), server=url, chat=str(chat_id(room)))
        bench = workbench(Telegram("brand", options, patient, clock))
        parts = [{"text": "Bonjour "}, {"text": "été", "style": "bold", "url": "https://example.org/"}]
        target = network.world.rooms.say("ana", room, "Où ?")
        actions: Actions = [
            (telegram.Post, {"parts": parts, "silent": True, "preview": False, "topic": 7}),
            (telegram.Reply, {"to": str(target.number), "text": "Ici"}),
        ]
        everything(bench, actions, posts.Mentions)

    assert len(judge.shown) > 7
    assert [] == judge.violations


def test_discord(network: Sandbox, workbench: Make, clock: VirtualClock, patient: Http, tmp_path: Path) -> None:
    """Discord's specification has nothing against what we ask."""
    network.account("torrea", token=TOKEN)
    room = network.world.rooms.room(FIRST)

    def called(path: str) -> str:
        return path.removeprefix("/api/v10")

    with judged(network, "discord_v10.json", tmp_path, called) as (url, judge):
        options = DiscordOptions(token=SecretStr(TOKEN), server=url, channel=discord_channel(room))
        bench = workbench(Discord("brand", options, patient, clock))
        embed = {"title": "x", "url": "https://example.org/", "color": 7, "fields": [{"name": "a", "value": "b"}]}
        actions: Actions = [
            (discord.Post, {"text": "Bonjour", "embeds": [embed], "mention": ["123"], "silent": True}),
            (discord.Post, {"text": "Une photo", "media": [{"file": "a.png", "alt": "Une tasse"}]}),
        ]
        everything(bench, actions, posts.OwnPosts)
        page = posts.OwnPosts().fetch(posts.OwnPosts.Options(), bench.connector.reader(), None)
        bench.perform(discord.Reply, bench.plan(discord.Reply, to=dict(page.events[0].data), text="Ici", ping=True))

    assert len(judge.shown) > 12
    assert [] == judge.violations


def test_slack(network: Sandbox, workbench: Make, clock: VirtualClock, patient: Http, tmp_path: Path) -> None:
    """Slack's specification has nothing against what we ask, so far as it knows it: it is of 2021, when files went
    another way."""
    network.account("torrea", token=TOKEN)
    room = network.world.rooms.room(FIRST)

    def called(path: str) -> str | None:
        return None if "/files." in path or "/upload/" in path else path.removeprefix("/api")

    # In 2021 the token was described as a header of its own; Slack takes it as every other does.
    with judged(network, "slack_web_v2.json", tmp_path, called, token="xoxb-1") as (url, judge):
        options = SlackOptions(token=SecretStr(TOKEN), server=url, channel=slack_channel(room))
        bench = workbench(Slack("brand", options, patient, clock))
        actions: Actions = [
            (slack.Post, {"text": "Bonjour <!here>", "mention": ["U00000007"], "blocks": [{"type": "divider"}]}),
            (slack.Post, {"text": "Une photo", "media": [{"file": "a.png", "alt": "Une tasse"}]}),
        ]
        everything(bench, actions, posts.OwnPosts)
        page = posts.OwnPosts().fetch(posts.OwnPosts.Options(), bench.connector.reader(), None)
        bench.perform(slack.Reply, bench.plan(slack.Reply, to=dict(page.events[0].data), text="Ici", broadcast=True))

    assert len(judge.shown) > 12
    assert [] == judge.violations


def test_judge(network: Sandbox, tmp_path: Path) -> None:
    """The judge finds what is wrong: a message without its text is one violation."""
    import httpx

    network.account("torrea", token=TOKEN)
    with judged(network, "telegram.openapi.json", tmp_path, lambda path: path) as (url, judge):
        httpx.post(f"{url}/bot{TOKEN}/sendMessage", json={"chat_id": 1}, trust_env=False)

    assert [True] == ["text" in violation for violation in judge.violations]
