"""A worker that runs flow runs in its own process: Prefect is imported once and the client is shared.

Workers of other kinds stay possible: every deployment names its flow and its folder, so a process, Docker or Kubernetes
pool can take its place.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from functools import partial
from typing import Any

import anyio
import anyio.abc
import anyio.to_thread
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow_sync
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from antiphon.components.clock import Clock, SystemClock
from antiphon.errors import SetupError
from antiphon.orchestrator.client import one_client
from antiphon.orchestrator.flows import activation

POOL = "antiphon"
"""The work pool of all deployments."""

AT_ONCE = 4
"""How many flow runs are under way at the same time."""

GRACE = 10.0
"""Seconds that flow runs under way are given when the worker stops; what is left is continued at the next start."""


class InProcessResult(BaseWorkerResult):
    """How the flow run ended, for Prefect's worker."""


class InProcessWorker(BaseWorker[BaseJobConfiguration, BaseVariables, InProcessResult]):
    """Runs each flow run in a thread of the worker's own process."""

    type = "antiphon"
    job_configuration = BaseJobConfiguration
    job_configuration_variables = BaseVariables
    _description = "Runs the activations of Antiphon's workflows in the worker's own process."

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.accepting = True

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Take what is due, unless the worker is on its way out."""
        return await super().get_and_submit_flow_runs() if self.accepting else []

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> InProcessResult:
        """Run the flow to its end. Its state is reported by the flow itself, a failed one is no fault of the worker."""
        name = f"{threading.get_native_id()}/{flow_run.id}"
        if task_status is not None:
            task_status.started(name)  # type: ignore[arg-type]  # any text that names where it runs
        work = partial(
            run_flow_sync, activation, flow_run=flow_run, parameters=flow_run.parameters, return_type="state"
        )
        await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        return InProcessResult(identifier=name, status_code=0)


def _name() -> str:
    # Two workers of one name would be one worker to Prefect.
    return f"antiphon {socket.gethostname()} {os.getpid()}"


class WorkerThread:
    """A worker at work in a thread of its own, until it is told to stop."""

    def __init__(self, *, at_once: int = AT_ONCE, clock: Clock | None = None) -> None:
        self._worker = InProcessWorker(work_pool_name=POOL, name=_name(), limit=at_once)
        self._clock = clock or SystemClock()
        self._thread = threading.Thread(target=self._serve, name="antiphon-worker", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._error: Exception | None = None

    def start(self) -> None:
        """Begin to take flow runs."""
        self._thread.start()

    def check(self) -> None:
        """Raise SetupError if the worker has ended by itself."""
        if not self._thread.is_alive():
            raise SetupError(f"The worker ended: {self._error}.", hint="Start again; what it left is continued.")

    def stop(self) -> None:
        """Take no more, give what is under way its grace, and end."""
        self._worker.accepting = False
        left = GRACE
        while left > 0 and self._thread.is_alive() and self._busy():
            self._clock.sleep(0.1)
            left -= 0.1
        if self._loop is not None and self._task is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(GRACE)

    def _busy(self) -> bool:
        return self._worker.is_setup and self._worker.limiter.borrowed_tokens > 0

    def _serve(self) -> None:
        try:
            asyncio.run(self._work())
        except asyncio.CancelledError:
            pass
        except Exception as error:
            self._error = error

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        # Entered here, it is seen by every thread that the worker starts, and shared.
        with one_client():
            await self._worker.start(printer=lambda *_: None)
