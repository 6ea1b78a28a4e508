"""The sandbox speaks as the real server does: the same calls, the same ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.servers.bluesky.server import Bluesky

from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.bluesky import connection

POST, LIKE = "app.bsky.feed.post", "app.bsky.feed.like"
KEY, OTHER_KEY = "3jzfcijpj2z2a", "3jzfcijpj2z2b"


def record(text: Any, at: str = "2026-03-02T09:00:00.000Z") -> dict[str, Any]:
    return {"$type": POST, "text": text, "createdAt": at}


def ends(url: str, handle: str, app_password: str) -> Iterator[str]:
    """What becomes of a conversation with a server, call by call."""
    client = httpx.Client(base_url=f"{url}/xrpc/", trust_env=False, timeout=20)
    token = ""

    def said(answer: httpx.Response) -> str:
        body = answer.json()
        return (
            f"{answer.status_code} {body.get('error') or ' '.join(sorted({'did', 'uri', 'cid', 'value'} & set(body)))}"
        )

    def get(method: str, **asked: Any) -> httpx.Response:
        return client.get(method, params=asked, headers={"Authorization": f"Bearer {token}"} if token else {})

    def post(method: str, **asked: Any) -> httpx.Response:
        return client.post(method, json=asked or None, headers={"Authorization": f"Bearer {token}"} if token else {})

    def put(key: str, value: Any, collection: str = POST, repo: str = handle) -> httpx.Response:
        asked = {"repo": repo, "collection": collection, "rkey": key, "record": value, "swapRecord": None}
        return post("com.atproto.repo.putRecord", **asked)

    yield said(get("com.atproto.server.getSession"))
    yield said(post("com.atproto.server.createSession", identifier=handle, password="aaaa-bbbb-cccc-dddd"))
    session = post("com.atproto.server.createSession", identifier=handle, password=app_password)
    yield said(session)
    token = "no-token"
    yield said(get("com.atproto.server.getSession"))
    token = session.json()["refreshJwt"]
    yield said(post("com.atproto.server.refreshSession"))
    token = session.json()["accessJwt"]
    yield said(get("com.atproto.server.getSession"))
    yield said(get("com.atproto.identity.resolveHandle", handle=handle))
    yield said(get("com.atproto.identity.resolveHandle", handle="nobody.test"))
    first = put(KEY, record("Bonjour"))
    yield said(first)
    yield said(put(KEY, record("Bonjour")))
    yield said(put(KEY, record("Bonjour", "2026-03-02T10:00:00.000Z")))
    yield said(put(OTHER_KEY, record("👩‍👩‍👧" * 167)))
    yield said(put(OTHER_KEY, record("é" * 301)))
    yield said(put(OTHER_KEY, record(7)))
    yield said(put(OTHER_KEY, record("À moi"), repo="did:plc:z72i7hdynmk6r22z27h6tvur"))
    subject = {"uri": first.json()["uri"], "cid": first.json()["cid"]}
    yield said(put(KEY, {"$type": LIKE, "subject": subject, "createdAt": "2026-03-02T09:00:00.000Z"}, LIKE))
    where = {"repo": handle, "collection": POST}
    yield said(get("com.atproto.repo.getRecord", **where, rkey=KEY))
    yield said(get("com.atproto.repo.getRecord", **where, rkey=OTHER_KEY))
    for _ in range(2):
        yield said(post("com.atproto.repo.deleteRecord", **where, rkey=KEY))
    yield said(get("com.atproto.repo.getRecord", **where, rkey=KEY))


@pytest.mark.networks
def test_same_ends(bluesky: Bluesky) -> None:
    """Every call of a long conversation ends in the same way: its status, its name, and what it gives."""
    account = bluesky.account("torrea")
    with Sandbox() as sandbox:
        ours = connection(sandbox.url, sandbox.account("torrea"))

        expected = list(ends(bluesky.url, account.handle, account.app_password))

        assert expected == list(ends(sandbox.url, ours["handle"], ours["app_password"]))


def test_one_world() -> None:
    """What is said in one dialect is heard in the others."""
    with Sandbox() as sandbox:
        ours = connection(sandbox.url, sandbox.account("torrea"))
        assert {"uri", "cid"} <= set(
            httpx.Client(trust_env=False)
            .post(
                f"{sandbox.url}/xrpc/com.atproto.repo.putRecord",
                json={"repo": ours["handle"], "collection": POST, "rkey": KEY, "record": record("Bonjour")},
                headers={"Authorization": f"Bearer {ours['app_password']}"},
            )
            .json()
        )

        assert ["Bonjour"] == [status.text for status in sandbox.statuses(by="torrea")]
        assert "Bonjour" in httpx.get(f"{sandbox.url}/api/v1/timelines/public", trust_env=False).text
