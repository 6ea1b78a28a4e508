"""One activation as a flow run in this very process, without a worker."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from prefect import tags
from prefect.client.schemas.objects import State
from prefect.flow_engine import run_flow_sync

from antiphon.app import Antiphon
from antiphon.model.activation import Activation
from antiphon.orchestrator.bench import lay
from antiphon.orchestrator.client import one_client
from antiphon.orchestrator.flows import activation
from antiphon.orchestrator.tags import run_name, tags_of


def run_flow_once(app: Antiphon, workflow: str, trigger: str = "", due: datetime | None = None) -> Activation:
    """Work through a workflow's runs as a flow run that Prefect shows under the workflow's id.

    A named `trigger` is woken first, with `due` as the scheduled time of a tick. The runs that failed are in the
    answer. Raises what waking or working raised; the flow run has failed then.
    """
    program = app.program(workflow)
    lay(app)
    ours = activation.with_options(name=workflow, flow_run_name=lambda: run_name(program, trigger, due))
    given = {"folder": str(app.settings.folder), "workflow": workflow, "trigger": trigger, "due": due}
    with one_client(), tags(*tags_of(program, trigger)):
        state = cast("State[Activation]", run_flow_sync(ours, parameters=given, return_type="state"))
        done = state.result(raise_on_failure=False)
    if isinstance(done, Exception):
        raise done
    return done
