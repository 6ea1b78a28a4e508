"""Backfills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "backfills",
        sa.Column("id", name, nullable=False),
        sa.Column("workflow", name, nullable=False),
        sa.Column("trigger", name, nullable=False),
        sa.Column("events", sa.Boolean(), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.Column("labels", text, nullable=False),
        sa.Column("at_once", sa.Integer(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("state", name, nullable=False),
        sa.Column("at", instant, nullable=True),
        sa.Column("event", name, nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("begun_by", text, nullable=False),
        sa.Column("because", text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_backfills"),
    )
    op.create_index("ix_backfills_state", "backfills", ["state", "begun_at"])
    op.add_column("runs", sa.Column("backfill", name, nullable=False, server_default=sa.text("''")))
    ours = sa.text("backfill <> ''")
    op.create_index("ix_runs_backfill", "runs", ["backfill", "state"], sqlite_where=ours, postgresql_where=ours)


def downgrade() -> None:
    op.drop_index("ix_runs_backfill", "runs")
    op.drop_column("runs", "backfill")
    op.drop_table("backfills")
