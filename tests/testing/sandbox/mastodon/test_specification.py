"""The answers against an independent OpenAPI description of Mastodon, where it is at hand."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from antiphon.testing.sandbox import Account, Sandbox

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")

BESIDE = Path(__file__).parents[4].parent / "shared"
SPECIFICATION = "counterparts/specs/mastodon_community.prism.json"


@cache
def specification() -> Any:
    path = Path(os.environ.get("ANTIPHON_SHARED", BESIDE)) / SPECIFICATION
    if not path.exists():
        pytest.skip("the OpenAPI description of Mastodon is not here: set ANTIPHON_SHARED to the folder that has it")
    return json.loads(path.read_text())


def check(entity: Any, name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": specification()["components"]}
    jsonschema.Draft202012Validator(schema).validate(entity)


@pytest.fixture
def parent(network: Sandbox, brand: Account) -> str:
    """A status that mentions the brand, and around it one of each thing."""
    network.account("ana", followers=["torrea"], note="Runner.\nhttps://ana.example")
    parent = network.post("ana", "Hello @torrea #drop https://example.com/x", language="en")
    network.world.favourite(network.account("fan"), network.post("torrea", "own"))
    network.world.follow(network.account("fan"), brand)
    return parent.id


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/timelines/public", "Status"),
        ("/api/v1/timelines/home", "Status"),
        ("/api/v1/notifications", "Notification"),
    ],
)
def test_lists(client: httpx.Client, parent: str, path: str, name: str) -> None:
    """Every entity of a page has the described shape."""
    entities = client.get(path).json()
    assert entities
    for entity in entities:
        check(entity, name)


def test_entities(client: httpx.Client, brand: Account, parent: str) -> None:
    """Single entities have the described shapes."""
    media = client.post("/api/v2/media", files={"file": ("a.png", b"x", "image/png")}).json()
    form = {"status": "x", "media_ids[]": media["id"], "in_reply_to_id": parent}
    scheduled = {"status": "x", "scheduled_at": "2026-04-01T09:00:00Z", "in_reply_to_id": parent}
    check(media, "MediaAttachment")
    status = client.post("/api/v1/statuses", data=form).json()
    check(status, "Status")
    check(client.post("/api/v1/statuses", data=scheduled).json(), "ScheduledStatus")
    check(client.post(f"/api/v1/statuses/{parent}/reblog").json(), "Status")
    check(client.get(f"/api/v1/statuses/{parent}/context").json(), "Context")
    check(client.get(f"/api/v1/statuses/{status['id']}/source").json(), "StatusSource")
    check(client.get(f"/api/v1/accounts/{brand.id}").json(), "Account")
    check(client.get("/api/v1/accounts/verify_credentials").json(), "CredentialAccount")
    check(client.post(f"/api/v1/accounts/{brand.id}/unfollow").json(), "Relationship")
    check(client.get("/api/v2/search", params={"q": "drop"}).json(), "Search")
    check(client.get("/api/v2/search", params={"q": "ana"}).json(), "Search")
    check(client.get("/api/v2/instance").json(), "Instance")
    check(client.delete(f"/api/v1/statuses/{status['id']}").json(), "Status")
    check(client.get("/api/v1/statuses/7").json(), "Error")
