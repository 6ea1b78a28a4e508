"""Ticks: the instants of a schedule, as flow runs that Prefect shows as upcoming and starts on time.

Prefect's own cron moves a 02:30 that the clock jumps over to 01:30, and skips the second of two equal hours of an
hourly job (tried with 3.8.8). So the instants are ours, and Prefect is handed one flow run for each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from antiphon.app import Antiphon
from antiphon.orchestrator.client import one_client
from antiphon.orchestrator.tags import run_name

AHEAD = 5
"""How many upcoming flow runs a schedule has at most."""

AT_LEAST = 3
"""How many it has even when they are farther away than the horizon."""

HORIZON = timedelta(days=7)

MISSED = 50
"""How many ticks that passed while nobody was there are handed on, the latest; `misfire` judges each of them."""


def top_up(app: Antiphon, workflow: str, trigger: str, *, anew: bool = False) -> int:
    """Hand the next ticks of a schedule to Prefect, those that were missed first. Returns how many are new.

    `anew` says that the schedule has just been registered or changed, so that none of its ticks has been missed.
    """
    with one_client() as client:
        try:
            deployment = client.read_deployment_by_name(f"{workflow}/{trigger}")
        except ObjectNotFound:
            return 0
        now = app.clock.now()
        known = [run for run in _newest(client, deployment.id) if run.idempotency_key]
        standing = {run.idempotency_key: run for run in known}
        past = [due for run in known if (due := _due(run)) is not None and due <= now]
        last = now if anew else max(past, default=now)
        wanted = {_key(workflow, trigger, due): due for due in _wanted(app, workflow, trigger, last, now)}
        for key, run in standing.items():
            due = _due(run)
            if key not in wanted and due is not None and due > now and run.state and run.state.is_scheduled():
                client.delete_flow_run(run.id)
        new = {key: due for key, due in wanted.items() if key not in standing}
        for key, due in new.items():
            client.create_flow_run_from_deployment(
                deployment.id,
                name=run_name(app.program(workflow), trigger, due),
                parameters={"due": due.isoformat()},
                state=Scheduled(scheduled_time=due),
                idempotency_key=key,
            )
        return len(new)


def _wanted(app: Antiphon, workflow: str, trigger: str, last: datetime, now: datetime) -> Iterator[datetime]:
    missed: deque[datetime] = deque(maxlen=MISSED)
    after = last
    while after < now:
        ticks = app.ticks(workflow, trigger, after, MISSED)
        missed.extend(tick for tick in ticks if tick <= now)
        after = ticks[-1] if len(ticks) == MISSED else now
    yield from missed
    for number, tick in enumerate(app.ticks(workflow, trigger, now, AHEAD)):
        if number < AT_LEAST or tick <= now + HORIZON:
            yield tick


def _newest(client: SyncPrefectClient, deployment: UUID) -> list[FlowRun]:
    return client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=4 * AHEAD,
    )


def _key(workflow: str, trigger: str, due: datetime) -> str:
    return f"{workflow}/{trigger}/{due.astimezone(UTC).isoformat(timespec='seconds')}"


def _due(run: FlowRun) -> datetime | None:
    text = run.parameters.get("due")
    return datetime.fromisoformat(text) if isinstance(text, str) else None
