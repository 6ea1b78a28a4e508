"""The router: from new events, and from runs that were left, to flow runs that answer them."""

from __future__ import annotations

from datetime import datetime, timedelta

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import AwaitingRetry, Crashed

from antiphon.app import Antiphon
from antiphon.orchestrator.client import one_client
from antiphon.orchestrator.tags import EVENTS, run_name

PAGE = 200
"""How many flow runs the server hands out at once."""

TRUSTED = timedelta(minutes=10)
"""How long a flow run that has begun is taken to be at work. Its worker may have been killed meanwhile."""

SOON = timedelta(seconds=2)
"""A flow run that begins so soon is as good as one that has begun."""

_OURS = DeploymentFilter(tags=DeploymentFilterTags(all_=["antiphon"]))
_BEGUN = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


class Router:
    """Creates a flow run for every workflow that has runs to do, one at a time.

    What comes while that one is at work is found by it, or by the next `sweep`; so a slow workflow takes one place of
    the worker and not all of them.
    """

    def __init__(self, app: Antiphon) -> None:
        self._app = app

    def route(self) -> tuple[str, ...]:
        """Offer new events to all workflows, and go on with what is made up for. Returns the workflows that a flow run
        was created for."""
        return self._answer(tuple(dict.fromkeys([*self._app.route(), *self._app.make_up()])))

    def sweep(self, *, silences: bool = True) -> tuple[str, ...]:
        """The same for runs that wait for nobody any more: after a crash, a pause, or a lost flow run.

        With `silences`, triggers that wait for something not to happen are woken too where it has not.
        """
        if silences:
            self._app.sweep_patterns()
        return self._answer(self._app.unfinished())

    def recover(self) -> int:
        """Settle what was left when nobody was there; only to be called while no worker is at work.

        Flow runs that a killed worker left are marked crashed, and counted. One that was to wake a trigger is started
        again, since its waking may be lost: waking twice opens nothing twice. The runs of the others are found by
        `sweep`. Polls that are overdue are removed: the next one asks for all that they would have found.
        """
        with one_client() as client:
            left = _flow_runs(client, _BEGUN)
            for run in left:
                told: State[None] = Crashed(message="The worker ended before this did. What it left is continued.")
                client.set_flow_run_state(run.id, told, force=True)
                if run.parameters.get("trigger"):
                    client.set_flow_run_state(run.id, AwaitingRetry(), force=True)
            now = self._app.clock.now()
            for run in _flow_runs(client, [StateType.SCHEDULED]):
                polls = run.parameters.get("trigger") and not run.parameters.get("due")
                if polls and run.auto_scheduled and run.expected_start_time and run.expected_start_time < now:
                    client.delete_flow_run(run.id)
        return len(left)

    def _answer(self, workflows: tuple[str, ...]) -> tuple[str, ...]:
        if not workflows:
            return ()
        with one_client() as client:
            scheduled, begun = _flow_runs(client, [StateType.SCHEDULED]), _flow_runs(client, _BEGUN)
            now = self._app.clock.now()
            # One that is to come later, such as a waking, serves nobody who has something to do now.
            waiting = [run for run in scheduled if _begin(run) <= now + SOON]
            working = [run for run in begun if now - _begin(run) < TRUSTED]
            served = {run.parameters["workflow"] for run in (*waiting, *working) if not run.parameters["trigger"]}
            asked = tuple(name for name in workflows if name not in served and name in self._app.programs)
            for name in asked:
                deployment = client.read_deployment_by_name(f"{name}/{EVENTS}")
                program = self._app.program(name)
                client.create_flow_run_from_deployment(deployment.id, name=run_name(program))
        return asked


def _begin(run: FlowRun) -> datetime:
    begin = run.start_time or run.expected_start_time
    assert begin is not None, "a flow run that has begun was expected"
    return begin


def _flow_runs(client: SyncPrefectClient, states: list[StateType]) -> list[FlowRun]:
    which = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)))
    found: list[FlowRun] = []
    sort = FlowRunSort.EXPECTED_START_TIME_ASC
    while page := client.read_flow_runs(
        flow_run_filter=which, deployment_filter=_OURS, sort=sort, offset=len(found), limit=PAGE
    ):
        found += page
    return found
