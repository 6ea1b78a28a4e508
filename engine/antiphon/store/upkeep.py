"""The tables of those who look after a workspace: brakes, suppressions, alerts, triggers that rest, backfills."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from antiphon.store.columns import Instant, Json, Name, Prose
from antiphon.store.metadata import Number, metadata

brakes = Table(
    "brakes",
    metadata,
    Column("number", Number, primary_key=True),
    Column("scope", Name, nullable=False),
    Column("reason", Prose, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Prose, nullable=False),
    Column("until", Instant),
    Column("lifted_at", Instant),
    Column("lifted_by", Prose, nullable=False),
)
Index("ix_brakes_scope", brakes.c.scope, brakes.c.number)

suppressions = Table(
    "suppressions",
    metadata,
    Column("person", Name, primary_key=True),
    Column("channel", Name, primary_key=True),
    Column("reason", Prose, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Prose, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("number", Number, primary_key=True),
    Column("kind", Name, nullable=False),
    Column("key", Name, nullable=False),
    Column("text", Prose, nullable=False),
    Column("link", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("told", Boolean, nullable=False, default=False),
    UniqueConstraint("kind", "key"),
)
Index("ix_alerts_untold", alerts.c.kind, alerts.c.at, sqlite_where=~alerts.c.told, postgresql_where=~alerts.c.told)

messages = Table(
    "messages",
    metadata,
    Column("number", Number, primary_key=True),
    Column("destination", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("title", Prose, nullable=False),
    Column("body", Prose, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Name, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("not_before", Instant),
    Column("because", Prose, nullable=False),
)
Index("ix_messages_state", messages.c.state, messages.c.not_before)

rests = Table(
    "rests",
    metadata,
    Column("number", Number, primary_key=True),
    Column("workflow", Name, nullable=False),
    Column("trigger", Name, nullable=False),
    Column("at", Instant, nullable=False),
    Column("because", Prose, nullable=False),
    Column("by", Prose, nullable=False),
    Column("run", Name, nullable=False),
    Column("over_at", Instant),
    Column("over_by", Prose, nullable=False, default=""),
)
_stands = rests.c.over_at.is_(None)
Index(
    "ix_rests_standing",
    rests.c.workflow,
    rests.c.trigger,
    unique=True,
    sqlite_where=_stands,
    postgresql_where=_stands,
)

backfills = Table(
    "backfills",
    metadata,
    Column("id", Name, primary_key=True),
    Column("workflow", Name, nullable=False),
    Column("trigger", Name, nullable=False),
    Column("events", Boolean, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("labels", Json, nullable=False),
    Column("at_once", Integer, nullable=False),
    Column("again", Boolean, nullable=False),
    Column("state", Name, nullable=False),
    Column("at", Instant),
    Column("event", Name, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("begun_by", Prose, nullable=False),
    Column("because", Prose, nullable=False),
)
Index("ix_backfills_state", backfills.c.state, backfills.c.begun_at)
