"""What networks cost: many accounts polled over real HTTP, and posts counted and judged."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
from pydantic import SecretStr
from tests.bench.measure import TURNS, Figure, cpu

from antiphon.app import Antiphon
from antiphon.components.clock import SystemClock
from antiphon.components.counting import emoji_as_bytes, graphemes, weighted
from antiphon.components.http import Http
from antiphon.model.draft import Draft, Medium
from antiphon.testing.sandbox import Sandbox
from antiphon_networks.mastodon.client import MastodonReader
from antiphon_networks.mastodon.composing import status_of
from antiphon_networks.mastodon.connector import Mastodon, MastodonOptions

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ACCOUNTS = 100
ITEMS = 40
AT_ONCE = 4
"""How many polls a worker has under way (orchestrator/worker.py)."""

POSTS = 2_000
PAGE = 80

POST = "New roast: Éthiopie Sidamo, jasmine, bergamot ☕ https://example.org/roasts/sidamo?a=1 #coffee @ana@far.example"


def polling(folder: Path) -> Iterator[Figure]:
    """Items a second from 100 accounts over HTTP, against a loop that only asks: heard for the first time and kept on
    the disk, known again, and known again by as many polls at once as a worker has under way."""
    command = [sys.executable, "-m", "tests.bench.crowd", str(ACCOUNTS), str(ITEMS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdout is not None
        told = json.loads(crowd.stdout.readline())
        bare, new, known, together = (
            min(turns) for turns in zip(*(_turn(folder / f"polling-{n}", **told) for n in range(TURNS)), strict=True)
        )
        assert crowd.stdin is not None
        crowd.stdin.close()
    for name, spent in (
        ("polling 100 accounts × 40 items", known),
        (f"the same, {AT_ONCE} at once", together),
        ("the same, all new", new),
    ):
        rate, share = ACCOUNTS * ITEMS / spent, bare / spent
        yield Figure(name, f"{rate:,.0f}/s", f"{share:.0%} of a bare loop", "≥ 60 %", share >= 0.6)


def composing(folder: Path) -> Iterator[Figure]:
    """Posts a second that are counted and judged, as one network has it and by each way of counting."""
    network = Sandbox().start()
    http = Http(frozenset({"127.0.0.1"}))
    options = MastodonOptions(server=network.url, token=SecretStr(network.account("brand").token))
    reader = Mastodon("brand", options, http, SystemClock()).reader()
    reader.instance()
    network.stop()
    draft = Draft(text=POST, media=(Medium(file="a.png", kind="image", type="image/png", size=9, alt="A cup"),))
    ways: list[tuple[str, Callable[[], object]]] = [
        ("composing a post for Mastodon", lambda: status_of(draft, reader)),
        ("counting graphemes", lambda: graphemes(POST)),
        ("counting as X weighs", lambda: weighted(POST)),
        ("counting emoji as bytes", lambda: emoji_as_bytes(POST)),
    ]
    for name, count in ways:
        rate = POSTS / cpu(lambda count=count: [count() for _ in range(POSTS)])  # type: ignore[misc]
        yield Figure(name, f"{rate:,.0f}/s", "", "≥ 5,000/s", rate >= 5_000)


def _bare(url: str, tokens: list[str]) -> None:
    """The least that could be done: ask, page until there is no more, and know what was there."""
    seen: set[str] = set()
    with httpx.Client(base_url=url) as client:
        for token in tokens:
            last = "0"
            while True:
                asked: dict[str, str | int] = {"types[]": "mention", "limit": PAGE, "min_id": last}
                found = client.get(
                    "/api/v1/notifications", params=asked, headers={"Authorization": f"Bearer {token}"}
                ).json()
                if not found:
                    break
                seen |= {item["id"] for item in found}
                last = max((item["id"] for item in found), key=lambda one: (len(one), one))
    assert len(seen) == ACCOUNTS * ITEMS


def _turn(folder: Path, url: str, tokens: list[str]) -> tuple[float, float, float, float]:
    """The seconds of a bare loop, and of polls that hear it all for the first time, again, and again side by side."""
    app = Antiphon.open(_workspace(folder, url, tokens))
    for number in range(ACCOUNTS):  # the connection is open and knows its server, as in any poll but the first
        app.connections.reader(f"a{number}", MastodonReader).instance()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        spent = (
            _elapsed(lambda: _bare(url, tokens)),
            _polled(app, map),
            _polled(app, map),
            _polled(app, pool.map),
        )
    assert sum(1 for _ in app.store.events.of("mention.received", LONG_AGO)) == ACCOUNTS * ITEMS, "all, and each once"
    app.close()
    return spent


def _polled(app: Antiphon, each: Callable[..., Iterable[int]]) -> float:
    """The seconds in which everything is asked for from the beginning."""
    for number in range(ACCOUNTS):
        app.move("poll", f"t{number}", "0")
    return _elapsed(lambda: list(each(lambda number: app.wake("poll", f"t{number}"), range(ACCOUNTS))))


def _elapsed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _workspace(folder: Path, url: str, tokens: list[str]) -> Path:
    (folder / "workflows").mkdir(parents=True)
    accounts = "".join(
        f'[connections.a{number}]\nconnector = "mastodon"\nserver = "{url}"\ntoken = "{token}"\n'
        for number, token in enumerate(tokens)
    )
    (folder / "antiphon.toml").write_text(
        f'[workspace]\nname = "Bench"\ntimezone = "UTC"\n[http]\nallow_private = ["127.0.0.1"]\n{accounts}'
    )
    triggers = "".join(
        f"  - {{id: t{n}, poll: {{source: mastodon.mentions, with: {{connection: a{n}}}, match: {{text: nothing}}}}}}\n"
        for n in range(len(tokens))
    )
    head = "antiphon: 1\nid: poll\nname: Poll\ntz: UTC\n"
    document = f"{head}triggers:\n{triggers}actions: [{{use: log, with: {{message: x}}}}]\n"
    (folder / "workflows" / "poll.yaml").write_text(document)
    return folder
