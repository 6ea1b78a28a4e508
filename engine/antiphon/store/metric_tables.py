"""The tables of measurements: what is measured, the one table of values, and what sources answered."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Table

from antiphon.store.columns import Instant, Json, Name, Prose
from antiphon.store.metadata import metadata

subjects = Table(
    "metric_subjects",
    metadata,
    Column("connection", Name, primary_key=True),
    Column("kind", Name, primary_key=True),
    Column("id", Name, primary_key=True),
    Column("network", Name, nullable=False),
    Column("url", Prose, nullable=False),
    Column("title", Prose, nullable=False),
    Column("at", Instant),
    Column("effect", Name, nullable=False),
)
Index("ix_metric_subjects_at", subjects.c.kind, subjects.c.at)
Index(
    "ix_metric_subjects_effect",
    subjects.c.effect,
    sqlite_where=subjects.c.effect != "",
    postgresql_where=subjects.c.effect != "",
)

# In SQLite the rows lie in the order of their key, so the last value of a metric is one step into one tree.
metrics = Table(
    "metrics",
    metadata,
    Column("connection", Name, primary_key=True),
    Column("kind", Name, primary_key=True),
    Column("subject", Name, primary_key=True),
    Column("metric", Name, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("value", Float, nullable=False),
    Column("source", Name, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("formula", Name, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_metrics_at", metrics.c.at)

fetches = Table(
    "metric_fetches",
    metadata,
    Column("connection", Name, primary_key=True),
    Column("source", Name, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("renamed", Json, nullable=False),
    Column("payload", Json, nullable=False),
)
Index("ix_metric_fetches_at", fetches.c.at)
