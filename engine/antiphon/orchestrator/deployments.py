"""Deployments: the workflows as Prefect knows them. Deploying twice changes nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.client.schemas.sorting import DeploymentSort
from prefect.exceptions import ObjectAlreadyExists

from antiphon.app import Antiphon
from antiphon.orchestrator.client import one_client
from antiphon.orchestrator.flows import activation
from antiphon.orchestrator.registration import Registration, registrations
from antiphon.orchestrator.ticks import top_up
from antiphon.orchestrator.worker import POOL, InProcessWorker

ENTRYPOINT = f"{activation.fn.__module__}.{activation.fn.__name__}"
"""Where a worker of another kind finds the flow: an importable name, so that it needs no copy of the code."""

PAGE = 200
"""How many deployments the server hands out at once."""


@dataclass(frozen=True)
class Deployed:
    """What a deploy came to: names such as `weekly-figures/monday`."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def deploy(app: Antiphon) -> Deployed:
    """Register the enabled workflows with the Prefect server, and remove those that are gone or disabled.

    The upcoming ticks of every schedule are handed over too.
    """
    wanted = {one.slug: one for one in registrations(app)}
    with one_client() as client:
        _ensure_pool(client)
        standing = _standing(client, app)
        for slug in standing.keys() - wanted.keys():
            client.delete_deployment(standing[slug].id)
        stale = {slug for slug in wanted.keys() & standing.keys() if standing[slug].version != wanted[slug].version}
        new = wanted.keys() - standing.keys()
        for slug in new | stale:
            _register(client, wanted[slug])
        for slug, one in wanted.items():
            if one.ticks:
                top_up(app, one.workflow, one.name, anew=slug in new | stale)
    return Deployed(
        added=tuple(sorted(new)),
        changed=tuple(sorted(stale)),
        removed=tuple(sorted(standing.keys() - wanted.keys())),
        kept=tuple(sorted(wanted.keys() - new - stale)),
    )


def _register(client: SyncPrefectClient, one: Registration) -> None:
    schedules = [DeploymentScheduleCreate(schedule=IntervalSchedule(interval=one.every))] if one.every else []
    client.create_deployment(
        flow_id=client.create_flow_from_name(one.workflow),
        name=one.name,
        version=one.version,
        description=one.description,
        tags=list(one.tags),
        schedules=schedules,
        parameters={"folder": one.folder, "workflow": one.workflow, "trigger": one.trigger},
        parameter_openapi_schema=activation.parameters.model_dump(),
        work_pool_name=POOL,
        entrypoint=ENTRYPOINT,
        path=one.folder,
    )


def _standing(client: SyncPrefectClient, app: Antiphon) -> dict[str, DeploymentResponse]:
    """The deployments of this workspace. A server that others share may have other workspaces' too."""
    shared = app.settings.prefect_api_url is not None
    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=["antiphon"]))
    found: list[DeploymentResponse] = []
    sort = DeploymentSort.NAME_ASC
    while page := client.read_deployments(deployment_filter=ours, sort=sort, limit=PAGE, offset=len(found)):
        found += page
    return {
        f"{one.parameters['workflow']}/{one.name}": one
        for one in found
        if "workflow" in one.parameters and (not shared or one.parameters.get("folder") == str(app.settings.folder))
    }


def _ensure_pool(client: SyncPrefectClient) -> None:
    pool = WorkPoolCreate(
        name=POOL,
        type=InProcessWorker.type,
        description=InProcessWorker.get_description(),
        base_job_template=InProcessWorker.get_default_base_job_template(),
    )
    # A worker that starts at this moment makes it too.
    with suppress(ObjectAlreadyExists):
        client.create_work_pool(pool)
