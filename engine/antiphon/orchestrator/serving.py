"""Our own pages and webhooks, served beside the workflows from a thread of this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from antiphon.app import Antiphon
from antiphon.orchestrator.server import Progress

if TYPE_CHECKING:
    from fastapi import FastAPI

SOON = 0.05
"""Seconds between two looks whether the pages answer by now."""


@contextmanager
def serving(
    app: Antiphon,
    pages: FastAPI | None,
    on_progress: Progress,
    on_pages: Callable[[], None] | None,
    stop: threading.Event,
) -> Iterator[None]:
    """Serve the pages, if there are any, at the address of the settings; once they answer, `on_pages` is called."""
    if pages is None:
        yield
        return
    import uvicorn

    web = app.settings.web
    server = uvicorn.Server(uvicorn.Config(pages, host=web.host, port=web.port, log_level="warning"))
    thread = threading.Thread(target=server.run, name="antiphon-pages", daemon=True)
    thread.start()
    on_progress(f"Pages and webhooks: {app.settings.base_url}")
    while thread.is_alive() and not server.started and not stop.wait(SOON):
        pass
    if server.started and on_pages is not None:
        on_pages()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
