"""Our own pages beside the workflows."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from pathlib import Path

import httpx

from antiphon.app import Antiphon
from antiphon.orchestrator.serving import serving
from antiphon.web.server import create


def test_serving(tmp_path: Path) -> None:
    """The pages answer by the time at which they are said to, and no longer than they are served."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "antiphon.toml").write_text(f"[web]\nport = {port}\n")
    app = Antiphon.open(tmp_path)
    told: list[str] = []
    answers: list[int] = []

    def welcome() -> None:
        answers.append(httpx.get(f"{app.settings.base_url}/health").status_code)

    with serving(app, create(app), told.append, welcome, threading.Event()):
        pass
    with closing(socket.socket()) as again:
        gone = again.connect_ex(("127.0.0.1", port))
    app.close()

    assert [f"Pages and webhooks: http://127.0.0.1:{port}"] == told
    assert [200] == answers
    assert 0 != gone


def test_no_pages(tmp_path: Path) -> None:
    """Without pages there is nothing to serve, and nobody to welcome."""
    app = Antiphon.open(tmp_path)
    told: list[str] = []

    with serving(app, None, told.append, lambda: told.append("welcome"), threading.Event()):
        pass

    assert [] == told
