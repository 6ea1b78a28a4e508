"""What a person sees of a workflow on Prefect's page: names and tags."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from antiphon.model.program import Program

EVENTS = "events"
"""The name of the deployment, and of the runs, that answer events, deliveries and people."""


def tags_of(program: Program, trigger: str = "") -> list[str]:
    """`antiphon`, the workflow's labels as `key:value`, and the kind of trigger."""
    kind = next((one.kind for one in program.triggers if one.id == trigger), EVENTS)
    return ["antiphon", *(f"{key}:{value}" for key, value in sorted(program.labels.items())), kind]


def run_name(program: Program, trigger: str = "", due: datetime | None = None) -> str:
    """Such as `Weekly figures · monday · 2026-11-23 09:00`, in the workflow's own time zone."""
    parts = [program.name, trigger or EVENTS]
    if due is not None:
        parts.append(due.astimezone(ZoneInfo(program.timezone)).strftime("%Y-%m-%d %H:%M"))
    return " · ".join(parts)


def wake_name(program: Program, at: datetime) -> str:
    """Such as `Three touches · goes on · 2026-11-23 09:00`: when runs that wait are looked at again."""
    return " · ".join([program.name, "goes on", at.astimezone(ZoneInfo(program.timezone)).strftime("%Y-%m-%d %H:%M")])
