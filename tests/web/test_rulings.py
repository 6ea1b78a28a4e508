"""What policy says of an effect, on the page of its run."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from antiphon.app import Antiphon

from .conftest import signed_in

CALL = """
antiphon: 1
id: call
name: Call
tz: UTC
triggers: [{id: by_hand, manual: {}}]
actions: [{use: http.request, with: {url: "https://shop.example/orders", json: {a: 1}}}]
"""


def test_rulings(stranger: TestClient, app: Antiphon, tmp_path: Path) -> None:
    """The page tells which rule holds what, and why; reasons are shown, and never are part of the page."""
    (tmp_path / "workflows" / "call.yaml").write_text(CALL)
    app.store.brakes.put("workspace", "a <b>storm</b>", by="ana")
    run = app.start("call")
    app.activate("call")
    client = signed_in(stranger, app)
    page = client.get(f"/runs/{run.id}").text
    assert "What policy says" in page
    assert "<b>hold</b> brake: the brake of workspace is on: a &lt;b&gt;storm&lt;/b&gt;" in page
    found = client.get(f"/runs/{run.id}", headers={"accept": "application/json"}).json()
    assert ["hold"] == [one["verdict"] for one in found["effects"][0]["rulings"]]
