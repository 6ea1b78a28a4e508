from __future__ import annotations

import httpx
import pytest

from antiphon.testing.sandbox import Account, Sandbox

INVALID = {"error": "The access token is invalid"}
OUTSIDE = {"error": "This action is outside the authorized scopes"}

FOR_ACCOUNTS = [
    ("POST", "/api/v1/statuses"),
    ("GET", "/api/v1/timelines/home"),
    ("GET", "/api/v1/notifications"),
    ("GET", "/api/v1/accounts/verify_credentials"),
    ("GET", "/api/v1/scheduled_statuses"),
    ("POST", "/api/v2/media"),
]
FOR_ANYBODY = ["/api/v1/timelines/public", "/api/v1/timelines/tag/x", "/api/v2/search?q=x", "/api/v2/instance"]


@pytest.mark.parametrize(("method", "path"), FOR_ACCOUNTS)
def test_no_token(visitor: httpx.Client, method: str, path: str) -> None:
    """What needs an account is 401 without a token."""
    answer = visitor.request(method, path)
    assert (answer.status_code, answer.json()) == (401, INVALID)


@pytest.mark.parametrize("path", FOR_ANYBODY)
def test_public(visitor: httpx.Client, path: str) -> None:
    """What Mastodon shows to anybody needs no token."""
    assert visitor.get(path).status_code == 200


def test_wrong_token(visitor: httpx.Client) -> None:
    """A token that is not valid is 401 even where none is needed."""
    answer = visitor.get("/api/v1/timelines/public", headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.json()) == (401, INVALID)


def test_revoked(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """A token works until it is revoked."""
    statuses = [client.get("/api/v1/notifications").status_code]
    network.revoke(brand.token)
    statuses.append(client.get("/api/v1/notifications").status_code)
    assert statuses == [200, 401]


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        ("read", 200, 403),
        ("write", 403, 200),
        ("read:notifications", 200, 403),
        ("write:statuses", 403, 200),
        ("read:statuses", 403, 403),
    ],
)
def test_scopes(visitor: httpx.Client, network: Sandbox, scope: str, reads: int, writes: int) -> None:
    """A token reaches as far as its scopes; a broad one covers the narrow ones below it."""
    headers = {"Authorization": f"Bearer {network.account('narrow', scopes=[scope]).token}"}
    read = visitor.get("/api/v1/notifications", headers=headers)
    wrote = visitor.post("/api/v1/statuses", data={"status": "x"}, headers=headers)
    assert (reads, writes) == (read.status_code, wrote.status_code)
    assert {OUTSIDE["error"]} == {answer.json()["error"] for answer in (read, wrote) if answer.status_code == 403}


def test_chosen_token(visitor: httpx.Client, network: Sandbox) -> None:
    """A token may be chosen, so that a configuration can name it beforehand."""
    network.account("torrea", token="chosen")
    headers = {"Authorization": "Bearer chosen"}
    assert visitor.get("/api/v1/accounts/verify_credentials", headers=headers).json()["acct"] == "torrea"


def test_unknown_path(visitor: httpx.Client) -> None:
    """What the network does not have is 404 and 405, with an error in JSON."""
    assert (visitor.get("/api/v9/x").status_code, visitor.get("/api/v9/x").json()) == (404, {"error": "Not Found"})
    assert visitor.delete("/api/v2/instance").status_code == 405
