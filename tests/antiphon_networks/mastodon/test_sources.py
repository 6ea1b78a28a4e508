from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from antiphon import Event, GiveUp, Page, RetryLater
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon_networks.mastodon.sources import Mentions, Search, Timeline

if TYPE_CHECKING:
    from tests.antiphon_networks.conftest import Desk


def fetch(desk: Desk, source: Any, cursor: str | None, **options: Any) -> Page:
    page = source().fetch(source.Options(**options), desk.connector.reader(), cursor)
    assert isinstance(page, Page)
    return page


def poll(desk: Desk, source: Any, cursor: str | None, **options: Any) -> tuple[list[Event], str]:
    """What one poll brings: page after page until there is no more."""
    heard: list[Event] = []
    while True:
        page = fetch(desk, source, cursor, **options)
        heard += page.events
        cursor = page.cursor
        if not page.more:
            return heard, cursor


def texts(events: list[Event]) -> list[str]:
    return [event.data["text"] for event in events]


def test_mention(desk: Desk) -> None:
    """A mention has who, what, where and when."""
    status = desk.network.post(
        "ana@far.example", "@torrea votre #café est <froid>\nhttps://example.org/a", language="fr"
    )
    (event,), _ = poll(desk, Mentions, None)
    host = desk.network.url.removeprefix("http://")
    data = event.data
    assert (event.type, event.at, event.source) == ("mention.received", desk.clock.now(), "mastodon.mentions")
    assert event.id == f"mastodon:{host}:mention:{data['notification_id']}"
    assert data["text"] == "@torrea votre #café est <froid>\nhttps://example.org/a"
    assert (data["id"], data["url"], data["language"]) == (status.id, status.url, "fr")
    assert (data["tags"], data["links"]) == (["café"], ["https://example.org/a"])
    assert (data["author"]["id"], data["author"]["handle"]) == ("mastodon:ana@far.example", "ana@far.example")
    assert (data["account"], data["server"], data["visibility"]) == ("brand", host, "public")


def test_people(desk: Desk) -> None:
    """A page names its authors, each once, with what is known of them."""
    desk.network.account("ana", name="Ana", followers=7)
    for text in ("@torrea un", "@torrea deux"):
        desk.network.post("ana", text)
    page = fetch(desk, Mentions, None)
    assert [(person.id, person.name, person.facts) for person in page.people] == [
        ("mastodon:ana@sandbox.example", "Ana", {"followers": 7, "bot": False})
    ]


def test_only_mentions(desk: Desk) -> None:
    """Boosts, favourites and posts of others are no mentions."""
    desk.network.post("ana", "nothing about them")
    assert fetch(desk, Mentions, None).events == []


def test_first_time_is_one_page(desk: Desk) -> None:
    """The first time gives the newest page only, oldest first, and says that there is no more."""
    for number in range(100):
        desk.network.post("ana", f"@torrea {number}")
    page = fetch(desk, Mentions, None)
    assert (texts(list(page.events)), page.more) == ([f"@torrea {number}" for number in range(20, 100)], False)


def test_nothing_yet(desk: Desk) -> None:
    """A source that had nothing to show misses nothing afterwards, however much it is."""
    _, cursor = poll(desk, Mentions, None)
    for number in range(200):
        desk.network.post("ana", f"@torrea {number}")
    heard, _ = poll(desk, Mentions, cursor)
    assert texts(heard) == [f"@torrea {number}" for number in range(200)]


def test_nothing_new(desk: Desk) -> None:
    """When nothing is new the cursor stays."""
    desk.network.post("ana", "@torrea bonjour")
    _, cursor = poll(desk, Mentions, None)
    assert poll(desk, Mentions, cursor) == ([], cursor)


@pytest.mark.parametrize(
    ("source", "options"),
    [
        (Mentions, {}),
        (Timeline, {}),
        (Timeline, {"timeline": "tag", "tag": "café"}),
        (Search, {"q": "torrea"}),
    ],
)
def test_no_gap_no_repeat(desk: Desk, source: Any, options: dict[str, Any]) -> None:
    """While others post, page by page and poll by poll, everything is heard once and in order."""
    wanted = [f"@torrea {number} #café" for number in range(300)]
    for text in wanted[:50]:
        desk.network.post("ana", text)
    heard, cursor = poll(desk, source, None, **options)
    seen = texts(heard)
    assert seen == wanted[:50][-len(seen) :]

    def keep_posting() -> None:
        for text in wanted[50:]:
            desk.network.post("ana", text)
            desk.clock.advance(timedelta(milliseconds=1))

    poster = threading.Thread(target=keep_posting)
    poster.start()
    heard = []
    while poster.is_alive():
        more, cursor = poll(desk, source, cursor, **options)
        heard += more
    poster.join()
    more, cursor = poll(desk, source, cursor, **options)
    assert texts([*heard, *more]) == wanted[50:]
    assert len({event.id for event in [*heard, *more]}) == 250


def test_same_post_twice(desk: Desk) -> None:
    """A post that a timeline and a search both show is one event."""
    desk.network.post("ana", "bonjour torrea")
    (one,), _ = poll(desk, Timeline, None)
    (other,), _ = poll(desk, Search, None, q="torrea")
    assert (one.id, one.type) == (other.id, other.type)


def test_boost(desk: Desk) -> None:
    """A boost on the home timeline stands for the post it boosts."""
    original = desk.network.post("ana", "bonjour")
    desk.network.world.follow(desk.account, desk.network.account("bob"))
    desk.network.world.reblog(desk.network.account("bob"), original)
    (event,), _ = poll(desk, Timeline, None, timeline="home")
    assert (event.data["id"], event.data["text"], event.data["boosted_by"]) == (
        original.id,
        "bonjour",
        "bob@sandbox.example",
    )


def test_direct(desk: Desk) -> None:
    """A direct mention is told as such, so that a workflow can leave it alone."""
    desk.network.post("ana", "@torrea psst", visibility="direct")
    assert fetch(desk, Mentions, None).events[0].data["visibility"] == "direct"


@pytest.mark.parametrize(
    "options", [{"timeline": "tag"}, {"tag": "x"}, {"timeline": "home", "tag": "x"}, {"tag": "a/b"}]
)
def test_timeline_options(options: dict[str, str]) -> None:
    """A tag and the timeline of a tag belong together."""
    with pytest.raises(ValidationError):
        Timeline.Options(**options)


@pytest.mark.parametrize(
    ("kind", "how", "error"),
    [
        (FaultKind.SERVER_ERROR, {"status": 503}, RetryLater),
        (FaultKind.RATE_LIMITED, {}, RetryLater),
        (FaultKind.RESET, {}, RetryLater),
        (FaultKind.TRUNCATED_JSON, {}, RetryLater),
        (FaultKind.HTML_INSTEAD_OF_JSON, {}, GiveUp),
        (FaultKind.OK_WITH_ERROR, {}, GiveUp),
        (FaultKind.TOKEN_REVOKED, {}, GiveUp),
    ],
)
def test_trouble(desk: Desk, kind: FaultKind, how: dict[str, Any], error: type[Exception]) -> None:
    """A read that fails says whether to try again."""
    desk.connector.reader().instance()
    desk.network.faults.add(Fault("GET /api/v1/notifications", kind, **how))
    with pytest.raises(error):
        fetch(desk, Mentions, None)


def test_recovers(desk: Desk) -> None:
    """After a failure in the middle nothing is lost and nothing repeated."""
    _, cursor = poll(desk, Mentions, None)
    for number in range(100):
        desk.network.post("ana", f"@torrea {number}")
    first = fetch(desk, Mentions, cursor)
    desk.network.faults.add(Fault("GET /api/v1/notifications", FaultKind.SERVER_ERROR))
    with pytest.raises(RetryLater):
        fetch(desk, Mentions, first.cursor)
    rest, _ = poll(desk, Mentions, first.cursor)
    assert texts([*first.events, *rest]) == [f"@torrea {number}" for number in range(100)]


def test_not_mastodon(desk: Desk) -> None:
    """A server of another kind is told apart, with what it said."""
    desk.network.faults.add(Fault("GET /api/v2/instance", FaultKind.HTML_INSTEAD_OF_JSON))
    with pytest.raises(GiveUp, match=r"not as Mastodon does: text/html.*Check the `server`"):
        fetch(desk, Mentions, None)
