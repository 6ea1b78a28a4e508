"""Webhooks: what comes in, and what does not."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from antiphon.app import Antiphon

ORDER = {"text": "broken", "url": "https://shop.example/1", "author": {"handle": "ana"}}


def _signed(body: bytes, secret: str = "shared-with-the-shop") -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


def test_signed(client: TestClient, app: Antiphon) -> None:
    """A signed delivery is kept, and its workflow answers it."""
    body = json.dumps(ORDER).encode()
    answer = client.post("/hooks/shop/orders", content=body, headers=_signed(body))
    assert answer.status_code == 202
    event = app.store.events.get(answer.json()["event"])
    assert event is not None
    assert event.data["text"] == "broken"
    assert app.route() == ("desk",)
    assert [entry.effect.action for entry in app.activate("desk").entries] == ["inbox.ticket"]


def test_repeated(client: TestClient, app: Antiphon) -> None:
    """The same delivery again is the same event."""
    body = json.dumps(ORDER).encode()
    first, second = (client.post("/hooks/shop/orders", content=body, headers=_signed(body)) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    assert len(app.store.events.list()) == 1


@pytest.mark.parametrize("headers", [{}, _signed(b"another body"), _signed(b"{}", "another secret")])
def test_stranger(client: TestClient, app: Antiphon, headers: dict[str, str]) -> None:
    """A delivery without the right signature is refused with a sentence, and nothing is kept."""
    answer = client.post("/hooks/shop/orders", content=b"{}", headers=headers)
    assert answer.status_code == 401
    assert "X-Signature-256" in answer.json()["error"]
    assert app.store.events.list() == []


def test_unreadable(client: TestClient) -> None:
    """A body from the right sender that cannot be read is refused."""
    assert client.post("/hooks/shop/orders", content=b"{", headers=_signed(b"{")).status_code == 400


@pytest.mark.parametrize("path", ["nowhere", "", "off", "shop", "shop/orders/more", "%00"])
def test_no_door(client: TestClient, path: str) -> None:
    """Where no enabled workflow takes requests there is nothing."""
    assert client.post(f"/hooks/{path}", content=b"{}").status_code == 404


def test_large(client: TestClient, app: Antiphon) -> None:
    """A body that is too large is refused."""
    assert client.post("/hooks/open", content=b" " * (1024 * 1024 + 1)).status_code == 413
    assert app.store.events.list() == []


def test_endless(client: TestClient) -> None:
    """A body whose length is not told is read only as far as is allowed."""
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 1
            yield b" " * 65536

    assert client.post("/hooks/open", content=endless()).status_code == 413
    assert sent > 16


def test_missing_secret(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that is missing on our side is not the sender's matter, and is not told to him."""
    monkeypatch.delenv("ANTIPHON_SECRET_SHOP")
    answer = client.post("/hooks/shop/orders", content=b"{}", headers=_signed(b"{}"))
    assert answer.status_code == 503
    assert "ANTIPHON_SECRET" not in answer.text


def test_get(client: TestClient) -> None:
    """A webhook is not for looking at."""
    assert client.get("/hooks/open").status_code == 405
