"""Wakes: the moment at which the next waiting run of a workflow goes on is a scheduled flow run of Prefect's.

One a workflow is enough, however many runs wait: whoever comes then finds all that are due, and hands on the next.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from antiphon.app import Antiphon
from antiphon.orchestrator.client import one_client
from antiphon.orchestrator.tags import EVENTS, wake_name


def wake_later(app: Antiphon, workflow: str) -> datetime | None:
    """Schedule the next waking of a workflow's waiting runs, once; the whole second (UTC) it is for, or None."""
    due = app.next_due(workflow)
    if due is None or workflow not in app.programs:
        return None
    at = due.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1 if due.microsecond else 0)
    with one_client() as client:
        try:
            deployment = client.read_deployment_by_name(f"{workflow}/{EVENTS}")
        except ObjectNotFound:
            return None
        client.create_flow_run_from_deployment(
            deployment.id,
            name=wake_name(app.program(workflow), at),
            state=Scheduled(scheduled_time=at),
            idempotency_key=f"{workflow}/wake/{at.isoformat()}",
        )
    return at
