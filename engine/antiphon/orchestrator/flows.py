"""One flow and one task: all that Prefect is told of Antiphon.

The flow is an activation of a workflow. Nothing in it is retried blindly: what it does is kept in the store step by
step, so a flow run that is run again goes on where it stood, and an effect that was done is not done again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from antiphon.model.activation import Activation
from antiphon.orchestrator.bench import bench_of
from antiphon.orchestrator.tags import run_name
from antiphon.orchestrator.ticks import top_up
from antiphon.orchestrator.trace import leave_trace
from antiphon.orchestrator.wakes import wake_later

T = TypeVar("T")

BUSY = "Not asked: the workflow is still at work. The next asking finds what is new."


@task(name="chunk", cache_policy=NO_CACHE, persist_result=False)
def chunk(work: Callable[[], T]) -> T:
    """One piece of work: the evaluation of all runs, or one step's effects of all of them."""
    return work()


def as_task(label: str, count: int, work: Callable[[], T]) -> T:
    """Do a piece of work as a task run named such as `mastodon.boost × 12`."""
    return chunk.with_options(name=label, task_run_name=lambda: f"{label} × {count}")(work)


def _name_of_this_run() -> str:
    given: dict[str, Any] = runtime.flow_run.parameters
    program = bench_of(Path(given["folder"])).app.program(given["workflow"])
    return run_name(program, given.get("trigger", ""), given.get("due"))


@flow(name="activation", flow_run_name=_name_of_this_run, persist_result=False)
def activation(folder: str, workflow: str, trigger: str = "", due: datetime | None = None) -> State[Activation]:
    """Wake a trigger if one is named, work through all runs of the workflow that are to be done, and leave a trace.

    `folder` is the workspace. `due` is the scheduled time of a tick (UTC); a trigger without one is polled. The state
    is Completed with the summary, or Failed when a run failed, after all have been worked through; its data is the
    Activation.
    """
    bench = bench_of(Path(folder))
    polls = bool(trigger) and due is None
    with bench.turn(workflow, wait=not polls) as mine:
        if not mine:
            # Polls come often; were they to wait behind a slow activation, they would fill the worker.
            return Completed(message=BUSY, data=Activation(workflow=workflow, live=True))
        if trigger:
            as_task(f"wake {trigger}", 1, lambda: bench.app.wake(workflow, trigger, due))
        done = bench.app.activate(workflow, around=as_task)
    leave_trace(done, bench.app.settings.base_url)
    if due is not None:
        top_up(bench.app, workflow, trigger)
    wake_later(bench.app, workflow)
    if done.failed:
        return Failed(message=f"{done.summary}. First: {done.failed[0].because}", data=done)
    return Completed(message=done.summary, data=done)
