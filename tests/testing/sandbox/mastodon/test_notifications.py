from __future__ import annotations

import httpx
import pytest

from antiphon.testing.sandbox import Account, Sandbox

NOTIFICATIONS = "/api/v1/notifications"


@pytest.fixture
def happenings(network: Sandbox, brand: Account) -> list[str]:
    """One of each kind, in the order in which they happen."""
    fan, own = network.account("fan"), network.post("torrea", "our news")
    network.post("ana", "hello @torrea")
    network.world.favourite(fan, own)
    network.world.reblog(fan, own)
    network.world.follow(fan, brand)
    return ["mention", "favourite", "reblog", "follow"]


def kinds(answer: httpx.Response) -> list[str]:
    return [notification["type"] for notification in answer.json()]


def test_all(client: httpx.Client, happenings: list[str]) -> None:
    """Mentions, favourites, reblogs and follows are notified, newest first, each with who did it."""
    answer = client.get(NOTIFICATIONS)
    assert happenings[::-1] == kinds(answer)
    assert [happened["account"]["acct"] for happened in answer.json()] == ["fan", "fan", "fan", "ana"]
    assert ["our news" in happened["status"]["content"] for happened in answer.json()[1:3]] == [True, True]
    assert "status" not in answer.json()[0]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"types[]": ["mention", "follow"]}, ["follow", "mention"]),
        ({"exclude_types[]": ["mention", "follow"]}, ["reblog", "favourite"]),
        ({"types[]": "mention", "exclude_types[]": "mention"}, []),
    ],
)
def test_types(client: httpx.Client, happenings: list[str], params: dict[str, str], expected: list[str]) -> None:
    """`types[]` and `exclude_types[]` choose, and the links keep the choice."""
    answer = client.get(NOTIFICATIONS, params=params)
    assert expected == kinds(answer)
    if expected:
        assert expected[1:] == kinds(client.get(NOTIFICATIONS, params={**params, "max_id": answer.json()[0]["id"]}))
        assert kinds(client.get(answer.links["next"]["url"])) == []


@pytest.mark.parametrize(("asked", "given"), [(None, 40), ("80", 80), ("81", 80)])
def test_limit(client: httpx.Client, network: Sandbox, brand: Account, asked: str | None, given: int) -> None:
    """A page has 40 notifications unless asked, and never more than 80."""
    for number in range(90):
        network.post("ana", f"@torrea {number}")
    assert given == len(client.get(NOTIFICATIONS, params={"limit": asked} if asked else {}).json())


def test_polling_misses_nothing(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """A poller that goes on from its last id sees every later mention once, whatever the posts' dates."""
    newest = network.post("ana", "@torrea 0")
    last = client.get(NOTIFICATIONS).json()[0]["id"]
    old = network.post("ana", "@torrea old", at=newest.created_at.replace(year=2020))
    network.post("ana", "@torrea new")
    assert kinds(answer := client.get(NOTIFICATIONS, params={"min_id": last})) == ["mention", "mention"]
    assert old.id == answer.json()[1]["status"]["id"]


@pytest.mark.parametrize(
    ("text", "notified"),
    [
        ("@torrea hi", ["mention"]),
        ("(@Torrea, hi)", ["mention"]),
        ("@torrea@sandbox.example hi", ["mention"]),
        ("@torrea and @torrea", ["mention"]),
        ("@torreas hi", []),
        ("mail@torrea hi", []),
        ("https://other.example/@torrea", []),
        ("@torrea@elsewhere.example hi", []),
    ],
)
def test_mention(client: httpx.Client, network: Sandbox, text: str, notified: list[str]) -> None:
    """A mention is @name or @name@host, of an account that exists, and counts once."""
    network.post("ana", text)
    assert notified == kinds(client.get(NOTIFICATIONS))


def test_own_mention(client: httpx.Client) -> None:
    """Nobody is notified of what they did themselves."""
    client.post("/api/v1/statuses", data={"status": "we are @torrea"})
    assert kinds(client.get(NOTIFICATIONS)) == []


def test_update(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """Who reblogged a status is told when it is edited."""
    theirs = network.post("ana", "before")
    client.post(f"/api/v1/statuses/{theirs.id}/reblog")
    token = network.account("ana").token
    headers = {"Authorization": f"Bearer {token}"}
    client.put(f"/api/v1/statuses/{theirs.id}", data={"status": "after"}, headers=headers)
    assert kinds(client.get(NOTIFICATIONS)) == ["update"]
