"""The one client of a thread and of the threads that it starts; opening one costs more than most requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect.client.orchestration import SyncPrefectClient
from prefect.context import SyncClientContext
from prefect.events.worker import EventsWorker
from prefect.settings import temporary_settings

DRAIN = 5.0
"""Seconds that events are given to leave before the server is stopped."""


@contextmanager
def one_client() -> Iterator[SyncPrefectClient]:
    """The client that is open here, or a new one that is closed in the end.

    Heartbeats are off inside: their thread is waited for at the end of every flow run, up to a second each (3.8.8). A
    worker that was killed is noticed when the next one starts instead.
    """
    if here := SyncClientContext.get():
        yield here.client
        return
    with temporary_settings({"flows.heartbeat_frequency": None}), SyncClientContext() as context:
        yield context.client


def drain() -> None:
    """Let the events leave that are still on their way: by them the server learns of task runs."""
    EventsWorker.drain_all(timeout=DRAIN, at_exit=False)
