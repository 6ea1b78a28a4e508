"""Metrics."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "metric_subjects",
        sa.Column("connection", name, nullable=False),
        sa.Column("kind", name, nullable=False),
        sa.Column("id", name, nullable=False),
        sa.Column("network", name, nullable=False),
        sa.Column("url", text, nullable=False),
        sa.Column("title", text, nullable=False),
        sa.Column("at", instant, nullable=True),
        sa.Column("effect", name, nullable=False),
        sa.PrimaryKeyConstraint("connection", "kind", "id", name="pk_metric_subjects"),
    )
    op.create_index("ix_metric_subjects_at", "metric_subjects", ["kind", "at"])
    made = sa.text("effect != ''")
    op.create_index(
        "ix_metric_subjects_effect", "metric_subjects", ["effect"], sqlite_where=made, postgresql_where=made
    )
    op.create_table(
        "metrics",
        sa.Column("connection", name, nullable=False),
        sa.Column("kind", name, nullable=False),
        sa.Column("subject", name, nullable=False),
        sa.Column("metric", name, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("source", name, nullable=False),
        sa.Column("fetched_at", instant, nullable=False),
        sa.Column("formula", name, nullable=False),
        sa.PrimaryKeyConstraint("connection", "kind", "subject", "metric", "at", name="pk_metrics"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_metrics_at", "metrics", ["at"])
    op.create_table(
        "metric_fetches",
        sa.Column("connection", name, nullable=False),
        sa.Column("source", name, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("renamed", text, nullable=False),
        sa.Column("payload", text, nullable=False),
        sa.PrimaryKeyConstraint("connection", "source", "at", name="pk_metric_fetches"),
    )
    op.create_index("ix_metric_fetches_at", "metric_fetches", ["at"])


def downgrade() -> None:
    op.drop_table("metric_fetches")
    op.drop_table("metrics")
    op.drop_table("metric_subjects")
