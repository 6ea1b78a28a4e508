from __future__ import annotations

from typing import Any

import httpx
import pytest

from antiphon.testing.sandbox import Sandbox


@pytest.fixture
def found(client: httpx.Client, network: Sandbox) -> Any:
    network.account("ana", name="Ana the runner")
    network.post("ana", "My new red shoes #running")
    network.post("bob", "red wine #RunningLate")
    network.post("bob", "red shoes, in private", visibility="private")

    def search(**params: str) -> dict[str, Any]:
        answer: dict[str, Any] = client.get("/api/v2/search", params=params).json()
        return answer

    return search


def test_statuses(found: Any) -> None:
    """A public status is found by all of the words, in any case."""
    assert [len(found(q=q)["statuses"]) for q in ("RED shoes", "red", "blue")] == [1, 2, 0]


def test_accounts(found: Any) -> None:
    """An account is found by the beginning of its address and by its name."""
    assert [
        [account["acct"] for account in found(q=q, type="accounts")["accounts"]] for q in ("an", "@ana", "runner")
    ] == [["ana"], ["ana"], ["ana"]]


def test_hashtags(found: Any) -> None:
    """A hashtag is found by its beginning."""
    assert [tag["name"] for tag in found(q="#run", type="hashtags")["hashtags"]] == ["running", "runninglate"]


def test_type_limits_and_offset(found: Any) -> None:
    """`type` leaves the other kinds empty; `limit` and `offset` choose among the results."""
    only = found(q="red", type="statuses", limit="1", offset="1")
    assert (
        [status["content"][3:9] for status in only["statuses"]],
        only["accounts"],
        only["hashtags"],
    ) == (["My new"], [], [])


def test_without_token(visitor: httpx.Client, found: Any) -> None:
    """Somebody without a token finds accounts and hashtags, and no statuses."""
    answer = visitor.get("/api/v2/search", params={"q": "ana"}).json()
    assert (len(answer["accounts"]), len(answer["statuses"])) == (1, 0)
    assert visitor.get("/api/v2/search", params={"q": "red"}).json()["statuses"] == []


def test_instance(visitor: httpx.Client) -> None:
    """The server tells its limits to anybody."""
    instance = visitor.get("/api/v2/instance").json()
    statuses = {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23}
    assert ("sandbox.example", statuses) == (instance["domain"], instance["configuration"]["statuses"])
