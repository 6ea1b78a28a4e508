from __future__ import annotations

import httpx
import pytest

from antiphon.testing.sandbox import Account, Sandbox

ACCOUNTS = "/api/v1/accounts"


def test_verify_credentials(client: httpx.Client, brand: Account) -> None:
    """A token knows its account."""
    account = client.get(f"{ACCOUNTS}/verify_credentials").json()
    assert (brand.id, "torrea", "Torréa") == (account["id"], account["acct"], account["display_name"])
    assert "source" in account


@pytest.mark.parametrize("address", ["torrea", "@torrea", "TORREA", "torrea@sandbox.example"])
def test_lookup(visitor: httpx.Client, brand: Account, address: str) -> None:
    """An account is found by each way of writing its address."""
    assert brand.id == visitor.get(f"{ACCOUNTS}/lookup", params={"acct": address}).json()["id"]


def test_unknown(visitor: httpx.Client) -> None:
    """An account that is not there is 404 by address and by id."""
    for path in ("lookup?acct=nobody", "7", "7/statuses", "7/followers"):
        answer = visitor.get(f"{ACCOUNTS}/{path}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


def test_remote(visitor: httpx.Client, network: Sandbox) -> None:
    """An account of another server is written with its host and has its page there."""
    zoe = network.account("zoe@elsewhere.example")
    account = visitor.get(f"{ACCOUNTS}/{zoe.id}").json()
    assert (account["acct"], account["url"]) == ("zoe@elsewhere.example", "https://elsewhere.example/@zoe")


def test_counts(visitor: httpx.Client, network: Sandbox) -> None:
    """Followers that are only counted are added to those that are accounts."""
    network.account("star", followers=12_000)
    network.account("star", followers=["ana", "bob"])
    network.post("star", "hello")
    account = visitor.get(f"{ACCOUNTS}/lookup", params={"acct": "star"}).json()
    assert (account["followers_count"], account["statuses_count"]) == (12_002, 1)
    assert account["last_status_at"] == "2026-03-02"


def test_statuses(client: httpx.Client, network: Sandbox) -> None:
    """An account's statuses are its own and its reblogs, less what the caller asks to leave out."""
    other = network.post("bob", "other")
    first = network.post("ana", "first #drop")
    network.post("ana", "thread", in_reply_to=first)
    network.post("ana", "reply", in_reply_to=other)
    network.post("ana", "hidden", visibility="direct")
    ana = network.account("ana")
    network.world.reblog(ana, other)

    def count(**params: str) -> int:
        return len(client.get(f"{ACCOUNTS}/{ana.id}/statuses", params=params).json())

    assert (
        count(),
        count(exclude_reblogs="true"),
        count(exclude_replies="true"),
        count(exclude_replies="true", exclude_reblogs="true"),
        count(tagged="drop"),
        count(only_media="true"),
        count(pinned="true"),
    ) == (4, 3, 3, 2, 1, 0, 0)


def test_statuses_end(client: httpx.Client, network: Sandbox) -> None:
    """A page that is not full announces no older one."""
    for number in range(3):
        network.post("ana", str(number))
    url = f"{ACCOUNTS}/{network.account('ana').id}/statuses"
    full, rest = client.get(url, params={"limit": 3}), client.get(url, params={"limit": 4})
    assert {"next", "prev"} == set(full.links)
    assert {"prev"} == set(rest.links)


def test_followers(visitor: httpx.Client, network: Sandbox) -> None:
    """Followers are paged by the links alone, newest first, each once."""
    names = [f"fan{number}" for number in range(5)]
    url = f"{ACCOUNTS}/{network.account('star', followers=names).id}/followers?limit=2"
    seen: list[str] = []
    while True:
        answer = visitor.get(url)
        seen += [account["acct"] for account in answer.json()]
        if "next" not in answer.links:
            break
        url = answer.links["next"]["url"]
    assert names[::-1] == seen


def test_follow(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """To follow is to be in the list of followers once; to unfollow, no more."""
    ana = network.account("ana")
    for _ in range(2):
        assert client.post(f"{ACCOUNTS}/{ana.id}/follow").json()["following"] is True
    assert [account["acct"] for account in client.get(f"{ACCOUNTS}/{ana.id}/followers").json()] == ["torrea"]
    assert [account["acct"] for account in client.get(f"{ACCOUNTS}/{brand.id}/following").json()] == ["ana"]
    assert [happened.kind for happened in ana.notifications] == ["follow"]
    for _ in range(2):
        assert client.post(f"{ACCOUNTS}/{ana.id}/unfollow").json()["following"] is False
    assert client.get(f"{ACCOUNTS}/{ana.id}/followers").json() == []


def test_follow_oneself(client: httpx.Client, brand: Account) -> None:
    """Nobody follows themselves."""
    assert client.post(f"{ACCOUNTS}/{brand.id}/follow").status_code == 404
