"""The first tables: events, cursors, runs and steps, effects and their history, people, marks, records, programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cursors",
        sa.Column("name", name, nullable=False),
        sa.Column("cursor", text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_cursors"),
    )
    op.create_table(
        "effects",
        sa.Column("key", name, nullable=False),
        sa.Column("action", name, nullable=False),
        sa.Column("workflow", name, nullable=False),
        sa.Column("run", name, nullable=False),
        sa.Column("step", name, nullable=False),
        sa.Column("summary", text, nullable=False),
        sa.Column("payload", text, nullable=False),
        sa.Column("connection", name, nullable=False),
        sa.Column("subject", name, nullable=False),
        sa.Column("event", name, nullable=False),
        sa.Column("idempotency", name, nullable=False),
        sa.Column("reversible", sa.Boolean(), nullable=False),
        sa.Column("undoes", name, nullable=False),
        sa.Column("outward", sa.Boolean(), nullable=False),
        sa.Column("recipients", text, nullable=False),
        sa.Column("group", name, nullable=False),
        sa.Column("cost", sa.Float(), nullable=False),
        sa.Column("terms", text, nullable=False),
        sa.Column("spent", sa.Float(), nullable=False),
        sa.Column("waits_for", name, nullable=False),
        sa.Column("state", name, nullable=False),
        sa.Column("planned_at", instant, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", instant, nullable=True),
        sa.Column("claimed_by", name, nullable=False),
        sa.Column("settled_at", instant, nullable=True),
        sa.Column("receipt", text, nullable=True),
        sa.Column("remote_id", name, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("not_before", instant, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_effects"),
    )
    op.create_index("ix_effects_planned_at", "effects", ["planned_at", "key"])
    op.create_index("ix_effects_remote_id", "effects", ["connection", "remote_id"])
    op.create_index("ix_effects_run", "effects", ["run"])
    op.create_index("ix_effects_state", "effects", ["state", "planned_at"])
    op.create_table(
        "events",
        sa.Column("id", name, nullable=False),
        sa.Column("type", name, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("source", name, nullable=False),
        sa.Column("data", text, nullable=False),
        sa.Column("routed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_at", "events", ["at", "id"])
    op.create_index("ix_events_type", "events", ["type", "at"])
    op.create_index(
        "ix_events_unrouted",
        "events",
        ["at", "id"],
        sqlite_where=sa.text("routed = 0"),
        postgresql_where=sa.text("NOT routed"),
    )
    op.create_table(
        "marks",
        sa.Column("scope", name, nullable=False),
        sa.Column("key", name, nullable=False),
        sa.Column("owner", name, nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_marks"),
    )
    op.create_table(
        "people",
        sa.Column("id", name, nullable=False),
        sa.Column("network", name, nullable=False),
        sa.Column("handle", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("url", text, nullable=False),
        sa.Column("language", name, nullable=False),
        sa.Column("timezone", name, nullable=False),
        sa.Column("first_seen", instant, nullable=False),
        sa.Column("last_seen", instant, nullable=False),
        sa.Column("facts", text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_index("ix_people_last_seen", "people", ["last_seen", "id"])
    op.create_table(
        "programs",
        sa.Column("fingerprint", name, nullable=False),
        sa.Column("program", text, nullable=False),
        sa.Column("source", text, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_programs"),
    )
    op.create_table(
        "records",
        sa.Column("kind", name, nullable=False),
        sa.Column("key", name, nullable=False),
        sa.Column("data", text, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_records"),
    )
    op.create_index("ix_records_created_at", "records", ["kind", "created_at"])
    op.create_table(
        "runs",
        sa.Column("id", name, nullable=False),
        sa.Column("key", name, nullable=False),
        sa.Column("workflow", name, nullable=False),
        sa.Column("program", name, nullable=False),
        sa.Column("trigger", name, nullable=False),
        sa.Column("cause", name, nullable=False),
        sa.Column("state", name, nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("scope", text, nullable=False),
        sa.Column("subject", name, nullable=False),
        sa.Column("because", text, nullable=False),
        sa.Column("result", text, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("finished_at", instant, nullable=True),
        sa.Column("not_before", instant, nullable=True),
        sa.Column("verdicts", text, nullable=False),
        sa.Column("worker", name, nullable=False),
        sa.Column("leased_until", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("key", name="uq_runs_key"),
    )
    op.create_index("ix_runs_created_at", "runs", ["created_at", "id"])
    op.create_index("ix_runs_state", "runs", ["state", "created_at"])
    op.create_index("ix_runs_workflow", "runs", ["workflow", "created_at"])
    op.create_table(
        "effect_history",
        sa.Column("number", number, nullable=False),
        sa.Column("key", name, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("before", name, nullable=True),
        sa.Column("after", name, nullable=False),
        sa.Column("by", name, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.ForeignKeyConstraint(["key"], ["effects.key"], name="fk_effect_history_key"),
        sa.PrimaryKeyConstraint("number", name="pk_effect_history"),
    )
    op.create_index("ix_effect_history_key", "effect_history", ["key"])
    op.create_table(
        "steps",
        sa.Column("number", number, nullable=False),
        sa.Column("run", name, nullable=False),
        sa.Column("path", name, nullable=False),
        sa.Column("step", name, nullable=False),
        sa.Column("kind", name, nullable=False),
        sa.Column("state", name, nullable=False),
        sa.Column("result", text, nullable=True),
        sa.Column("because", text, nullable=False),
        sa.Column("effect", name, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_steps_run", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name="pk_steps"),
        sa.UniqueConstraint("run", "path", name="uq_steps_run_path"),
    )


def downgrade() -> None:
    for table in (
        "steps", "effect_history", "runs", "records", "programs", "people", "marks", "events", "effects", "cursors",
    ):  # fmt: skip
        op.drop_table(table)
