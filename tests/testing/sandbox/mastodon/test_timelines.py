from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Account, Sandbox

PUBLIC = "/api/v1/timelines/public"


def texts(answer: httpx.Response) -> list[str]:
    return [re.sub("<.*?>", "", status["content"]) for status in answer.json()]


@pytest.fixture
def ten(network: Sandbox) -> list[str]:
    """The ids of ten statuses whose texts are 0 … 9."""
    return [network.post("ana", str(number)).id for number in range(10)]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({}, "987"),
        ({"max_id": 5}, "432"),
        ({"since_id": 2}, "987"),
        ({"since_id": 7}, "98"),
        ({"min_id": 2}, "543"),
        ({"min_id": 2, "max_id": 5}, "43"),
        ({"since_id": 6, "max_id": 9}, "87"),
        ({"min_id": 2, "since_id": 7}, "543"),
        ({"max_id": 0}, ""),
    ],
)
def test_page(client: httpx.Client, ten: list[str], bounds: dict[str, int], expected: str) -> None:
    """max_id looks older, since_id gives the newest above it, min_id those immediately above it."""
    params = {name: ten[number] for name, number in bounds.items()}
    assert expected == "".join(texts(client.get(PUBLIC, params={**params, "limit": 3})))


def test_links(client: httpx.Client, ten: list[str]) -> None:
    """`Link` leads to the older page by max_id and to the newer one by min_id, and keeps the query."""
    first = client.get(PUBLIC, params={"limit": 4, "local": "true"})
    older = client.get(first.links["next"]["url"])
    assert "".join(texts(first)) == "9876"
    assert "".join(texts(older)) == "5432"
    assert "".join(texts(client.get(older.links["prev"]["url"]))) == "9876"
    assert f"limit=4&local=true&max_id={ten[6]}" == httpx.URL(first.links["next"]["url"]).query.decode()
    assert f"limit=4&local=true&min_id={ten[9]}" == httpx.URL(first.links["prev"]["url"]).query.decode()


def test_links_lead_through_all(client: httpx.Client, ten: list[str]) -> None:
    """Following "next" to the end gives every status once."""
    seen: list[str] = []
    url = f"{PUBLIC}?limit=4"
    while (answer := client.get(url)).json():
        seen += texts(answer)
        url = answer.links["next"]["url"]
    assert list("9876543210") == seen
    assert "link" not in answer.headers


@pytest.mark.parametrize(("asked", "given"), [(None, 20), ("40", 40), ("41", 40), ("0", 0), ("x", 0), ("-3", 3)])
def test_limit(client: httpx.Client, network: Sandbox, asked: str | None, given: int) -> None:
    """A page has 20 statuses unless asked, and never more than 40."""
    for number in range(50):
        network.post("ana", str(number))
    assert given == len(client.get(PUBLIC, params={"limit": asked} if asked else {}).json())


def test_ids_sort_by_time(client: httpx.Client, network: Sandbox, clock: VirtualClock) -> None:
    """Statuses dated in any order are read in the order of their dates, and ids sort as texts."""
    for days in (2, 5, 3):
        network.post("ana", str(days), at=clock.now() - timedelta(days=days))
    statuses = client.get(PUBLIC).json()
    assert [status["created_at"][:10] for status in statuses] == ["2026-02-28", "2026-02-27", "2026-02-25"]
    assert statuses == sorted(statuses, key=lambda status: str(status["id"]), reverse=True)


def test_short_bounds(client: httpx.Client, ten: list[str]) -> None:
    """A bound such as 0 or 1 is below every id, as on the real network."""
    assert len(client.get(PUBLIC, params={"since_id": "1"}).json()) == 10
    assert len(client.get(PUBLIC, params={"max_id": "9"}).json()) == 0


def test_public_holds(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """The public timeline has public statuses, without reblogs and replies to others."""
    first = network.post("ana", "first")
    network.post("ana", "own thread", in_reply_to=first)
    network.post("bob", "reply", in_reply_to=first)
    network.post("ana", "unlisted", visibility="unlisted")
    network.world.reblog(brand, first)
    assert texts(client.get(PUBLIC)) == ["own thread", "first"]


@pytest.mark.parametrize(("params", "expected"), [({"local": "true"}, ["here"]), ({"remote": "1"}, ["there"])])
def test_local_and_remote(client: httpx.Client, network: Sandbox, params: dict[str, str], expected: list[str]) -> None:
    """`local` and `remote` tell the accounts of this server from those of others."""
    network.post("ana", "here")
    network.post("zoe@elsewhere.example", "there")
    assert expected == texts(client.get(PUBLIC, params=params))


def test_home(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """Home is what one says oneself and what those one follows say, not their replies to strangers."""
    ana = network.account("ana", followers=["torrea"])
    stranger = network.post("stranger", "not for us")
    network.post("ana", "followed")
    network.post("ana", "to a stranger", in_reply_to=stranger)
    network.post("torrea", "own")
    network.world.reblog(ana, stranger)
    shown: list[dict[str, Any]] = client.get("/api/v1/timelines/home").json()
    assert [re.sub("<.*?>", "", (status["reblog"] or status)["content"]) for status in shown] == [
        "not for us",
        "own",
        "followed",
    ]


def test_tag(client: httpx.Client, network: Sandbox) -> None:
    """A hashtag's timeline has the public statuses with it, in any case, replies included."""
    asked = network.post("ana", "new #Drop today")
    network.post("bob", "is the #drop good?", in_reply_to=asked)
    network.post("cem", "#dropped it")
    network.post("dan", "#drop", visibility="unlisted")
    answer = client.get("/api/v1/timelines/tag/DROP")
    assert texts(answer) == ["is the #drop good?", "new #Drop today"]
    assert answer.json()[0]["tags"] == [{"name": "drop", "url": "https://sandbox.example/tags/drop"}]


def test_full_world(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """A page of a world of 5,000 posts is as long as was asked for, wherever there is so much to show."""
    for number in range(5000):
        network.post(f"author{number % 500}", f"post {number} for @torrea #drop https://example.com/{number}")

    full = dict.fromkeys((PUBLIC, "/api/v1/notifications", "/api/v1/timelines/tag/drop"), 40)
    for path, size in {**full, "/api/v1/timelines/home": 0}.items():
        assert len(client.get(path, params={"limit": 40}).json()) == size
