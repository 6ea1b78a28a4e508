"""Everything on this machine: the server, the worker, the router, the schedules and our own pages."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx

from antiphon.app import Antiphon
from antiphon.errors import AntiphonError
from antiphon.orchestrator.server import Progress, Stopped
from antiphon.orchestrator.serving import serving
from antiphon.orchestrator.session import session

if TYPE_CHECKING:
    from fastapi import FastAPI

    from antiphon.orchestrator.router import Router

EVERY = 1.0
"""Seconds between two looks for new events."""

SWEEP = 5
"""Every so many looks, runs that were left are looked for."""

CATCH_UP = timedelta(minutes=15)
"""For as long after the start at most, nothing is taken for silence: each source is to be asked once before."""

TOP_UP = 60
"""Every so many looks, the upcoming ticks are topped up."""

TELL = 2.0
"""Seconds between two looks for alerts to be told."""


def up(
    app: Antiphon,
    *,
    on_progress: Progress,
    stop: threading.Event,
    pages: FastAPI | None = None,
    on_pages: Callable[[], None] | None = None,
) -> None:
    """Serve a workspace until `stop` is set, or SIGINT or SIGTERM arrives when this is the main thread.

    `pages` is our own web server, served at the workspace's `base_url`; once it answers, `on_pages` is called. In the
    end everything that was started is stopped, in order: first what brings work, then what does it, then what it needs.

    Raises:
        SetupError: the server or the worker ended by itself.
    """
    with _signals(stop), suppress(Stopped), session(app, on_progress=on_progress, stop=stop) as server:
        from antiphon.orchestrator.bench import lay
        from antiphon.orchestrator.deployments import deploy
        from antiphon.orchestrator.router import Router
        from antiphon.orchestrator.worker import WorkerThread

        lay(app)
        router = Router(app)
        deployed = deploy(app)
        on_progress(f"{len(app.programs)} workflows, {len(deployed.added + deployed.changed)} new or changed")
        if server.pid is not None and (left := router.recover()):
            on_progress(f"{left} flow runs were interrupted and are continued")
        worker = WorkerThread()
        worker.start()
        try:
            with serving(app, pages, on_progress, on_pages, stop), _telling(app, on_progress):
                on_progress(f"Workflows and their runs: {server.page}")
                _attend(app, router, (server.check, worker.check), on_progress, stop)
        finally:
            on_progress("stopping")
            worker.stop()


def _attend(
    app: Antiphon, router: Router, checks: Sequence[Callable[[], None]], on_progress: Progress, stop: threading.Event
) -> None:
    from prefect.exceptions import ObjectNotFound

    from antiphon.orchestrator.deployments import deploy
    from antiphon.orchestrator.ticks import top_up
    from antiphon.orchestrator.wakes import wake_later

    polls = [poll.every for poll in app.poll_triggers() if poll.every]
    caught_up = app.clock.now() + min(CATCH_UP, max(polls, default=timedelta()))
    look = 0
    while not stop.is_set():
        for check in checks:
            check()
        try:
            router.route()
            if look % SWEEP == 0:
                router.sweep(silences=app.clock.now() >= caught_up)
            if look % TOP_UP == TOP_UP - 1:
                app.pruner.now_and_then()
                for waking in app.schedule_triggers():
                    top_up(app, waking.workflow, waking.trigger)
                for workflow in app.programs:
                    wake_later(app, workflow)
        except ObjectNotFound:
            on_progress(f"A deployment was removed on Prefect's page; {len(deploy(app).added)} are registered again")
        except httpx.HTTPError as error:
            on_progress(f"The Prefect server did not answer and is asked again: {error}")
        look += 1
        stop.wait(EVERY)


@contextmanager
def _telling(app: Antiphon, on_progress: Progress) -> Iterator[None]:
    """Tell people what needs them, from a thread of its own: a messenger that is slow keeps nothing else waiting."""
    over, alerts = threading.Event(), app.alerts

    def tell() -> None:
        while not over.wait(TELL):
            try:
                alerts.deliver()
            except AntiphonError as error:
                on_progress(f"Alerts could not be told, and are tried again: {error}")

    thread = threading.Thread(target=tell, name="antiphon-alerts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {which: signal.signal(which, lambda *_: stop.set()) for which in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
