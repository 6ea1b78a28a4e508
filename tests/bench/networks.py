"""What networks cost: many accounts polled over real HTTP, and posts counted and judged."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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
from antiphon_networks.mastodon.composing import status_of
from antiphon_networks.mastodon.connector import Mastodon, MastodonOptions

ACCOUNTS = 100
ITEMS = 40
POSTS = 2_000
PAGE = 80

POST = "New roast: Éthiopie Sidamo, jasmine, bergamot ☕ https://example.org/roasts/sidamo?a=1 #coffee @ana@far.example"


def polling(folder: Path) -> Iterator[Figure]:
    """Items a second from 100 accounts over HTTP, each kept and known again, against a loop that only asks."""
    command = [sys.executable, "-m", "tests.bench.crowd", str(ACCOUNTS), str(ITEMS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdout is not None
        told = json.loads(crowd.stdout.readline())
        app = Antiphon.open(_workspace(folder / "polling", told["url"], told["tokens"]))
        for number in range(ACCOUNTS):  # the connection is open and knows its server, as in any poll but the first
            app.wake("poll", f"t{number}")
        bare = min(_elapsed(lambda: _bare(told["url"], told["tokens"])) for _ in range(TURNS))
        known = min(_again(app) for _ in range(TURNS))
        app.close()
        assert crowd.stdin is not None
        crowd.stdin.close()
    items = ACCOUNTS * ITEMS
    share = bare / known
    rates = f"{items / known:,.0f}/s"
    yield Figure("polling 100 accounts × 40 items", rates, f"{share:.0%} of a bare loop", "≥ 60 %", share >= 0.6)


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


def _again(app: Antiphon) -> float:
    """The seconds in which everything is asked for once more, from the beginning."""
    for number in range(ACCOUNTS):
        app.move("poll", f"t{number}", "0")
    return _elapsed(lambda: [app.wake("poll", f"t{number}") for number in range(ACCOUNTS)])


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
