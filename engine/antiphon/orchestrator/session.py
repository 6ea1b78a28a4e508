"""A session: a Prefect server that answers, and this process set up to speak to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from antiphon.app import Antiphon
from antiphon.orchestrator.environment import enter
from antiphon.orchestrator.server import Progress, Server, ServerHouse


@contextmanager
def session(app: Antiphon, *, on_progress: Progress, stop: threading.Event | None = None) -> Iterator[Server]:
    """Use the operator's server, or the one that runs already, or start one and stop it in the end.

    Inside, Prefect may be imported, and one client serves the whole thread.

    Raises:
        SetupError: the server does not start or does not answer.
        Stopped: `stop` was set before it answered.
    """
    house = ServerHouse(app.settings.data, app.settings.prefect.port)
    given = app.settings.prefect_api_url
    server = Server(given.rstrip("/")) if given else house.running() or house.begin()
    try:
        enter(house.home, server.api_url)
        # Imported while the server starts: both take seconds.
        from antiphon.orchestrator.client import drain, one_client

        house.wait(server, on_progress, stop)
        with one_client():
            yield server
        drain()
    finally:
        house.stop(server)
