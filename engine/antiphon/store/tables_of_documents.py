"""The tables of documents: their versions, the plans made of them, and what their triggers came to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, Text

from antiphon.store.columns import Instant, Json, Name, Prose
from antiphon.store.tables import metadata

programs = Table(
    "programs",
    metadata,
    Column("fingerprint", Name, primary_key=True),
    Column("program", Json, nullable=False),
    Column("source", Text, nullable=False),
    Column("listing", Json),
)

plans = Table(
    "plans",
    metadata,
    Column("fingerprint", Name, primary_key=True),
    Column("workflow", Name, nullable=False),
    Column("plan", Json, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("applied_at", Instant),
    Column("follow", Boolean, nullable=False),
)
Index("ix_plans_planned_at", plans.c.planned_at, plans.c.fingerprint)

# Which version of a workflow answered calls since when; a fingerprint that is empty says that none did any more.
in_force = Table(
    "in_force",
    metadata,
    Column("workflow", Name, primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("fingerprint", Name, nullable=False),
)

evaluations = Table(
    "evaluations",
    metadata,
    Column("workflow", Name, primary_key=True),
    Column("trigger", Name, primary_key=True),
    Column("hour", Instant, primary_key=True),
    Column("kind", Name, primary_key=True),
    Column("reason", Name, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("examples", Json, nullable=False),
    Column("near_event", Name, nullable=False),
    Column("near_because", Prose, nullable=False),
    Column("near_distance", Float),
)
Index("ix_evaluations_hour", evaluations.c.hour)
