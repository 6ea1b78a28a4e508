"""The tables of watches: what is remembered of events that mean something together only, and what came of them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from antiphon.store.columns import Instant, Json, Name
from antiphon.store.metadata import metadata

# What is remembered of events that mean something together only. A row without a memory has just been made, to be held.
watches = Table(
    "watches",
    metadata,
    Column("watch", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("memory", Json),
    Column("due", Instant),
    Column("until", Instant),
)
Index(
    "ix_watches_due",
    watches.c.due,
    sqlite_where=watches.c.due.is_not(None),
    postgresql_where=watches.c.due.is_not(None),
)
Index(
    "ix_watches_until",
    watches.c.until,
    sqlite_where=watches.c.until.is_not(None),
    postgresql_where=watches.c.until.is_not(None),
)

# What has come about and is to be answered still.
firings = Table(
    "firings",
    metadata,
    Column("id", Name, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("data", Json, nullable=False),
)
