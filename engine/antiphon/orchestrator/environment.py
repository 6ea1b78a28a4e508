"""The environment that Prefect reads when it is imported: private, local, quiet and thrifty."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from antiphon.errors import SetupError

PRIVATE: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_API_HOST": "127.0.0.1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
}
"""Never to be overridden: nothing is told to anybody, and the server listens to this machine only."""

THRIFTY: Mapping[str, str] = {
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "00:03:00",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
    "PREFECT_TASKS_DEFAULT_PERSIST_RESULT": "false",
    "PREFECT_WORKER_PREFETCH_SECONDS": "1",
    "PREFECT_WORKER_QUERY_SECONDS": "1",
}
"""Where an operator's own variable stands, it is kept. Events stay on: the server learns of task runs through them."""


def prefect_environment(home: Path, api_url: str, given: Mapping[str, str]) -> dict[str, str]:
    """The variables for a Prefect that keeps its things in `home` and speaks to `api_url`, over those `given`."""
    chosen = {name: value for name, value in THRIFTY.items() if name not in given}
    return {**chosen, **PRIVATE, "PREFECT_HOME": str(home), "PREFECT_API_URL": api_url}


def theirs(given: Mapping[str, str]) -> dict[str, str]:
    """The variables that a Prefect server may see: none of ours, since our keys and secrets are among them."""
    return {name: value for name, value in given.items() if not name.startswith("ANTIPHON_")}


def enter(home: Path, api_url: str) -> None:
    """Set the variables of this process, before Prefect is imported.

    Raises:
        SetupError: Prefect has been imported with another address; it does not look again.
    """
    os.environ.update(prefect_environment(home, api_url, os.environ))
    if "prefect" in sys.modules:
        from prefect.settings import get_current_settings

        found = get_current_settings().api.url
        if found != api_url:
            raise SetupError(
                f"This process already speaks to the Prefect server at {found or 'no address'}, not to {api_url}.",
                hint="Serve one workspace in one process.",
            )
