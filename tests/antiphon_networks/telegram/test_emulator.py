"""A bot against an emulator of the Bot API that others have written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.antiphon_networks.telegram.conftest import TOKEN
from tests.antiphon_networks.workbench import Workbench
from tests.servers.telegram.server import Emulator, started

from antiphon import Done
from antiphon.builtins import posts
from antiphon_networks.telegram.connector import Telegram
from antiphon_networks.telegram.publishing import Post
from antiphon_networks.telegram.sources import Messages

pytestmark = pytest.mark.networks

CHAT = 4711


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with started(tmp_path_factory.mktemp("telegram") / "log") as running:
        yield running


@pytest.fixture
def bench(emulator: Emulator, workbench: Callable[..., Workbench], connect: Callable[..., Telegram]) -> Workbench:
    return workbench(connect(emulator.url, str(CHAT)))


def test_post_change_delete(emulator: Emulator, bench: Workbench) -> None:
    """A message is posted in parts, changed and taken back."""
    parts = [{"text": "Bonjour 😀 "}, {"text": "<été>", "style": "bold"}]
    done = bench.perform(Post, bench.plan(Post, parts=parts))
    assert isinstance(done, Done)
    assert ["Bonjour 😀 <été>"] == emulator.said(TOKEN)

    change = bench.plan(posts.EditPost, post=done.receipt.remote_id, text="Bonsoir")
    assert isinstance(bench.perform(posts.EditPost, change), Done)
    assert ["Bonsoir"] == emulator.said(TOKEN)

    delete = bench.plan(posts.DeletePost, post=done.receipt.remote_id)
    assert isinstance(bench.perform(posts.DeletePost, delete), Done)
    assert [] == emulator.said(TOKEN)


def test_listen(emulator: Emulator, bench: Workbench) -> None:
    """What people write is heard once, and answered in their chat."""
    emulator.say(TOKEN, CHAT, "Où ?")
    source = Messages()
    first = source.fetch(Messages.Options(), bench.connector.reader(), None)  # type: ignore[arg-type]
    second = source.fetch(Messages.Options(), bench.connector.reader(), first.cursor)  # type: ignore[arg-type]

    assert (["Où ?"], []) == ([event.data["text"] for event in first.events], list(second.events))
    reply = bench.plan(posts.ReplyToPost, to=dict(first.events[0].data), text="Ici")
    assert isinstance(bench.perform(posts.ReplyToPost, reply), Done)
    assert ["Ici"] == emulator.said(TOKEN)


def test_check(bench: Workbench) -> None:
    """The emulator has a bot."""
    assert "TestNameBot" in bench.connector.reader().me()["username"]  # type: ignore[attr-defined]
