"""The tables, but for those of documents. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from antiphon.store.columns import Instant, Json, Name, Prose
from antiphon.store.metadata import Number
from antiphon.store.metadata import metadata as metadata
from antiphon.store.metric_tables import fetches as fetches
from antiphon.store.metric_tables import metrics as metrics
from antiphon.store.metric_tables import subjects as subjects
from antiphon.store.watch_tables import firings as firings
from antiphon.store.watch_tables import watches as watches

events = Table(
    "events",
    metadata,
    Column("id", Name, primary_key=True),
    Column("type", Name, nullable=False),
    Column("at", Instant, nullable=False),
    Column("source", Name, nullable=False),
    Column("data", Json, nullable=False),
    Column("routed", Boolean, nullable=False, default=False),
)
Index("ix_events_at", events.c.at, events.c.id)
Index("ix_events_type", events.c.type, events.c.at)
# What waits to be routed is found by this flag and not by a number counted upwards: a number that was drawn first may
# be committed last, and a reader that has gone past it would never see its event.
Index(
    "ix_events_unrouted",
    events.c.at,
    events.c.id,
    sqlite_where=~events.c.routed,
    postgresql_where=~events.c.routed,
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", Name, primary_key=True),
    Column("cursor", Text, nullable=False),
)

rate_limits = Table(
    "rate_limits",
    metadata,
    Column("connection", Name, primary_key=True),
    Column("scope", Name, primary_key=True),
    Column("limit", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Name, primary_key=True),
    Column("key", Name, nullable=False, unique=True),
    Column("workflow", Name, nullable=False),
    Column("program", Name, nullable=False),
    Column("trigger", Name, nullable=False),
    Column("cause", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("scope", Json, nullable=False),
    Column("subject", Name, nullable=False),
    Column("because", Prose, nullable=False),
    Column("result", Json),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("not_before", Instant),
    Column("slot", Name, nullable=False, default="", server_default=text("''")),
    Column("places", Integer),
    Column("backfill", Name, nullable=False, default="", server_default=text("''")),
    Column("turn", Integer, nullable=False, default=0, server_default="0"),
    Column("ends_as", Prose, nullable=False, default="", server_default=text("''")),
    Column("verdicts", Json, nullable=False),
    Column("worker", Name, nullable=False, default=""),
    Column("leased_until", Instant),
)
Index("ix_runs_created_at", runs.c.created_at, runs.c.id)
Index("ix_runs_workflow", runs.c.workflow, runs.c.created_at)
Index("ix_runs_state", runs.c.state, runs.c.created_at)
# However many runs wait, those that are due are found without looking at the others.
Index("ix_runs_not_before", runs.c.state, runs.c.not_before)
_made_up = runs.c.backfill != ""
Index("ix_runs_backfill", runs.c.backfill, runs.c.state, sqlite_where=_made_up, postgresql_where=_made_up)
# Only what has not ended is in anybody's way.
_unended = runs.c.finished_at.is_(None)
Index("ix_runs_slot", runs.c.slot, runs.c.state, runs.c.turn, sqlite_where=_unended, postgresql_where=_unended)

steps = Table(
    "steps",
    metadata,
    Column("number", Number, primary_key=True),
    Column("run", Name, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("path", Name, nullable=False),
    Column("step", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("result", Json),
    Column("because", Prose, nullable=False),
    Column("effect", Name, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("run", "path"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("run", Name, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("path", Name, primary_key=True),
    Column("workflow", Name, nullable=False),
    Column("type", Name, nullable=False),
    Column("field", Name, nullable=False),
    Column("value", Name, nullable=False),
    Column("match", Json, nullable=False),
    Column("since", Instant, nullable=False),
    Column("satisfied", Boolean, nullable=False),
    Column("heard", Json),
)
Index("ix_subscriptions_address", subscriptions.c.type, subscriptions.c.field, subscriptions.c.value)

subscription_places = Table(
    "subscription_places",
    metadata,
    Column("type", Name, primary_key=True),
    Column("field", Name, primary_key=True),
)

effects = Table(
    "effects",
    metadata,
    Column("key", Name, primary_key=True),
    Column("action", Name, nullable=False),
    Column("workflow", Name, nullable=False),
    Column("run", Name, nullable=False),
    Column("step", Name, nullable=False),
    Column("summary", Prose, nullable=False),
    Column("payload", Json, nullable=False),
    Column("connection", Name, nullable=False),
    Column("subject", Name, nullable=False),
    Column("event", Name, nullable=False),
    Column("idempotency", Name, nullable=False),
    Column("reversible", Boolean, nullable=False),
    Column("undoes", Name, nullable=False),
    Column("outward", Boolean, nullable=False),
    Column("recipients", Json, nullable=False),
    Column("group", Name, nullable=False),
    Column("cost", Float, nullable=False),
    Column("terms", Json, nullable=False),
    Column("spent", Float, nullable=False, default=0.0),
    Column("waits_for", Name, nullable=False, default=""),
    Column("state", Name, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("claimed_at", Instant),
    Column("claimed_by", Name, nullable=False, default=""),
    Column("settled_at", Instant),
    Column("receipt", Json),
    Column("remote_id", Name, nullable=False, default=""),
    Column("reason", Prose, nullable=False, default=""),
    Column("not_before", Instant),
)
Index("ix_effects_planned_at", effects.c.planned_at, effects.c.key)
Index("ix_effects_state", effects.c.state, effects.c.planned_at)
Index("ix_effects_run", effects.c.run)
Index("ix_effects_claimed_at", effects.c.claimed_at)
Index("ix_effects_workflow", effects.c.workflow, effects.c.claimed_at)
Index("ix_effects_connection", effects.c.connection, effects.c.claimed_at)
Index("ix_effects_waits_for", effects.c.waits_for, effects.c.not_before)
Index("ix_effects_remote_id", effects.c.connection, effects.c.remote_id)

effect_history = Table(
    "effect_history",
    metadata,
    Column("number", Number, primary_key=True),
    Column("key", Name, ForeignKey("effects.key"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("before", Name),
    Column("after", Name, nullable=False),
    Column("by", Name, nullable=False),
    Column("reason", Prose, nullable=False),
)

Index("ix_effect_history_key", effect_history.c.key)

people = Table(
    "people",
    metadata,
    Column("id", Name, primary_key=True),
    Column("network", Name, nullable=False),
    Column("handle", Prose, nullable=False),
    Column("name", Prose, nullable=False),
    Column("url", Prose, nullable=False),
    Column("language", Name, nullable=False),
    Column("timezone", Name, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("facts", Json, nullable=False),
)
Index("ix_people_last_seen", people.c.last_seen, people.c.id)

marks = Table(
    "marks",
    metadata,
    Column("scope", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("owner", Name, nullable=False),
    Column("until", Instant, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("kind", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("data", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
Index("ix_records_created_at", records.c.kind, records.c.created_at)

credentials = Table(
    "credentials",
    metadata,
    Column("kind", Name, primary_key=True),
    Column("name", Name, primary_key=True),
    Column("connector", Name, nullable=False),
    Column("options", Json, nullable=False),
    Column("hidden", Json, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("key", Name, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

# Nothing here is read by a type of ours: what is hashed is the very text that stands in the row.
audit = Table(
    "audit",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("at", Name, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("salt", Name),
    Column("seal", Name),
    Column("previous", Name, nullable=False),
    Column("hash", Name, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Name, primary_key=True),
    Column("run", Name, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("workflow", Name, nullable=False),
    Column("path", Name, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", Json),
    Column("hash", Name, nullable=False),
    Column("edited", Json),
    Column("edited_hash", Name, nullable=False),
    Column("group", Name, nullable=False),
    Column("quorum", Integer, nullable=False),
    Column("not_author", Boolean, nullable=False),
    Column("author", Prose, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due", Instant),
    Column("state", Name, nullable=False),
    Column("decisions", Json, nullable=False),
    Column("because", Prose, nullable=False),
    Column("decided_at", Instant),
    UniqueConstraint("run", "path", "number"),
)
Index("ix_approvals_state", approvals.c.state, approvals.c.asked_at)

# Whom each effect reaches, in one spelling: what caps for a person are counted by.
reached = Table(
    "reached",
    metadata,
    Column("person", Name, primary_key=True),
    Column("effect", Name, ForeignKey("effects.key"), primary_key=True),
)

rulings = Table(
    "rulings",
    metadata,
    Column("number", Number, primary_key=True),
    Column("effect", Name, nullable=False),
    Column("rule", Name, nullable=False),
    Column("verdict", Name, nullable=False),
    Column("because", Prose, nullable=False),
    Column("until", Instant),
    Column("at", Instant, nullable=False),
)
Index("ix_rulings_effect", rulings.c.effect, rulings.c.number)
