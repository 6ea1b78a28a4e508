from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Sandbox

PNG = {"file": ("shoe.png", b"\x89PNG", "image/png")}


def test_upload_and_attach(client: httpx.Client, network: Sandbox) -> None:
    """A file is uploaded with its description, attached to one status, and shown there."""
    answer = client.post("/api/v2/media", files=PNG, data={"description": "A red shoe"})
    media = answer.json()
    assert (answer.status_code, media["type"], media["description"]) == (200, "image", "A red shoe")
    status = client.post("/api/v1/statuses", data={"media_ids[]": media["id"]}).json()
    assert [media] == status["media_attachments"]
    assert network.world.media[media["id"]].content == b"\x89PNG"


def test_attached_twice(client: httpx.Client) -> None:
    """A file belongs to one status only."""
    media = client.post("/api/v2/media", files=PNG).json()
    posts = [client.post("/api/v1/statuses", json={"status": "x", "media_ids": [media["id"]]}) for _ in range(2)]
    assert [answer.status_code for answer in posts] == [200, 422]
    assert client.put(f"/api/v1/media/{media['id']}", data={"description": "x"}).status_code == 404


def test_others_file(client: httpx.Client, network: Sandbox) -> None:
    """Nobody attaches or sees the file of somebody else."""
    media = client.post("/api/v2/media", files=PNG).json()
    headers = {"Authorization": f"Bearer {network.account('other').token}"}
    form = {"status": "x", "media_ids[]": media["id"]}
    assert client.post("/api/v1/statuses", data=form, headers=headers).status_code == 422
    assert client.get(f"/api/v1/media/{media['id']}", headers=headers).status_code == 404


def test_processing(client: httpx.Client, network: Sandbox, clock: VirtualClock) -> None:
    """While a file is processed it has no address and is not attached: 202, 206, 422; then 200."""
    network.world.media_delay = 5
    upload = client.post("/api/v2/media", files={"file": ("a.mp4", b"mp4", "video/mp4")})
    assert (upload.status_code, upload.json()["url"]) == (202, None)
    form = {"status": "x", "media_ids[]": upload.json()["id"]}
    url = f"/api/v1/media/{upload.json()['id']}"
    assert (client.get(url).status_code, client.post("/api/v1/statuses", data=form).status_code) == (206, 422)
    clock.advance(timedelta(seconds=5))
    assert (client.get(url).status_code, client.post("/api/v1/statuses", data=form).status_code) == (200, 200)


def test_describe(client: httpx.Client) -> None:
    """The description can be changed until the file is attached, up to 1,500 characters."""
    url = f"/api/v1/media/{client.post('/api/v2/media', files=PNG).json()['id']}"
    assert client.put(url, data={"description": "x" * 1500}).json()["description"] == "x" * 1500
    assert client.put(url, data={"description": "x" * 1501}).status_code == 422


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (None, "Validation failed: File can't be blank"),
        (("a.pdf", b"x", "application/pdf"), "Validation failed: File content type is invalid, File is invalid"),
        (("a.png", b"x" * (16 * 2**20 + 1), "image/png"), "Validation failed: File file size must be less than 16 MB"),
    ],
)
def test_refused(client: httpx.Client, file: tuple[str, bytes, str] | None, error: str) -> None:
    """No file, a type that the network does not take, and a file that is too large are 422."""
    answer = client.post("/api/v2/media", files={"file": file} if file else None, data={"focus": "0,0"})
    assert (answer.status_code, answer.json()) == (422, {"error": error})


def test_edit(client: httpx.Client) -> None:
    """An edit may keep the status's own files, and drops those that are not named."""
    media = client.post("/api/v2/media", files=PNG).json()
    status = client.post("/api/v1/statuses", json={"status": "x", "media_ids": [media["id"]]}).json()
    url = f"/api/v1/statuses/{status['id']}"
    kept = client.put(url, json={"status": "y", "media_ids": [media["id"]]}).json()
    dropped = client.put(url, json={"status": "z"}).json()
    assert ([media], []) == (kept["media_attachments"], dropped["media_attachments"])
