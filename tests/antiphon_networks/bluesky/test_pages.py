from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon import GiveUp, Page
from antiphon_networks.bluesky.entities import mention
from antiphon_networks.bluesky.identifiers import written
from antiphon_networks.bluesky.pages import Cursor, page_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def notified(number: int, at: datetime) -> dict[str, Any]:
    """A notification of the shape that listNotifications gives."""
    return {
        "uri": f"at://did:plc:ana/app.bsky.feed.post/{number}",
        "cid": f"cid-{number}",
        "author": {"did": "did:plc:ana", "handle": "ana.test"},
        "reason": "mention",
        "record": {"$type": "app.bsky.feed.post", "text": str(number), "createdAt": written(at)},
        "isRead": False,
        "indexedAt": written(at),
    }


def read(items: list[dict[str, Any]], cursor: str | None, now: datetime = NOW) -> Page:
    newest_first = sorted(items, key=lambda item: str(item["indexedAt"]), reverse=True)
    return page_of(newest_first, cursor, lambda item: mention(item, "brand"), now)


def texts(page: Page) -> list[str]:
    return [event.data["text"] for event in page.events]


def minutes(ago: float) -> datetime:
    return NOW - timedelta(minutes=ago)


def test_first() -> None:
    """Without a cursor the first page is heard, oldest first, and no more."""
    page = read([notified(number, minutes(number)) for number in range(150)], None)

    assert [str(number) for number in range(99, -1, -1)] == texts(page)
    assert not page.more


def test_next() -> None:
    """With a cursor, what is new is heard, and nothing twice."""
    items = [notified(1, minutes(9)), notified(2, minutes(8))]
    cursor = read(items, None).cursor
    assert [] == texts(read(items, cursor))

    later = read([*items, notified(3, minutes(7))], cursor)

    assert ["3"] == texts(later)
    assert [] == texts(read([*items, notified(3, minutes(7))], later.cursor))


def test_nothing_yet() -> None:
    """A list that was empty is heard from then on."""
    cursor = read([], None).cursor

    assert ["1"] == texts(read([notified(1, minutes(-5))], cursor, NOW + timedelta(minutes=6)))


def test_late() -> None:
    """What appears further down, by an author's slow clock or a slow index, is heard up to an hour later."""
    cursor = read([notified(1, minutes(1))], None).cursor

    assert ["2"] == texts(read([notified(1, minutes(1)), notified(2, minutes(60)), notified(3, minutes(62))], cursor))


def test_clock_ahead() -> None:
    """A server whose clock is ahead of ours hides nothing that comes later."""
    cursor = read([notified(1, NOW + timedelta(days=3))], None).cursor

    assert NOW == datetime.fromisoformat(json.loads(cursor)["until"])
    assert ["2"] == texts(read([notified(1, NOW + timedelta(days=3)), notified(2, minutes(-1))], cursor))


def test_old_is_not_read() -> None:
    """A long list is read only as far down as needed."""
    cursor = read([notified(1, minutes(0))], None).cursor

    def endless() -> Iterator[dict[str, Any]]:
        number = 1
        while True:
            assert number < 200, "read on and on"
            yield notified(number, minutes(number))
            number += 1

    page = page_of(endless(), cursor, lambda item: mention(item, "brand"), NOW)
    assert len(page.events) == 59


def test_more_than_can_be_kept() -> None:
    """When so much is new that some would be lost, that is said."""
    cursor = read([notified(1, minutes(50))], None).cursor
    many = (notified(number, minutes(40)) for number in range(10_002))

    with pytest.raises(GiveUp, match="More than 10,000 items are new since 2026-03-02 08:10 UTC"):
        page_of(many, cursor, lambda item: mention(item, "brand"), NOW)


def test_forgets() -> None:
    """What is remembered does not grow for ever."""
    cursor = None
    for hour in range(5):
        at = NOW + timedelta(hours=2 * hour)
        cursor = read([notified(hour * 100 + number, at) for number in range(50)], cursor, at).cursor

    assert 50 == len(Cursor.read(cursor).seen)  # type: ignore[union-attr]


@pytest.mark.parametrize("cursor", ["", "7", "{}", "[]", '{"until": "soon", "seen": {}}', '{"until": null}', "{"])
def test_strange_cursor(cursor: str) -> None:
    """A cursor of another make is none."""
    assert Cursor.read(cursor) is None


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"uri": "at://did:plc:ana/app.bsky.feed.post/1", "indexedAt": "soon"},
        {**notified(1, NOW), "author": None},
        {**notified(1, NOW), "uri": "https://example.org"},
        {**notified(1, NOW), "record": None},
    ],
)
def test_not_as_documented(item: dict[str, Any]) -> None:
    """What is not of the documented shape is told so, and the cursor stays where it was."""
    with pytest.raises(GiveUp, match="not as its lexicons say"):
        page_of([item], None, lambda one: mention(one, "brand"), NOW)


@given(st.lists(st.lists(st.integers(0, 55), max_size=8), max_size=8))
def test_each_once(polls: list[list[int]]) -> None:
    """Whenever things appear, up to an hour late: each is heard once."""
    items: list[dict[str, Any]] = []
    heard: list[str] = []
    cursor: str | None = read([], None).cursor
    for poll, lates in enumerate(polls, 1):
        now = NOW + timedelta(minutes=poll)
        items += [notified(1000 * poll + n, now - timedelta(minutes=min(late, poll))) for n, late in enumerate(lates)]
        page = read(items, cursor, now)
        heard += texts(page)
        cursor = page.cursor

    assert sorted(item["record"]["text"] for item in items) == sorted(heard)
