"""Evaluations, and which version of a workflow was in force when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "evaluations",
        sa.Column("workflow", name, nullable=False),
        sa.Column("trigger", name, nullable=False),
        sa.Column("hour", instant, nullable=False),
        sa.Column("kind", name, nullable=False),
        sa.Column("reason", name, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", instant, nullable=False),
        sa.Column("last_at", instant, nullable=False),
        sa.Column("examples", text, nullable=False),
        sa.Column("near_event", name, nullable=False),
        sa.Column("near_because", text, nullable=False),
        sa.Column("near_distance", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("workflow", "trigger", "hour", "kind", "reason", name="pk_evaluations"),
    )
    op.create_index("ix_evaluations_hour", "evaluations", ["hour"])
    op.create_table(
        "in_force",
        sa.Column("workflow", name, nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("fingerprint", name, nullable=False),
        sa.PrimaryKeyConstraint("workflow", "since", name="pk_in_force"),
    )
    op.add_column("programs", sa.Column("listing", text, nullable=True))


def downgrade() -> None:
    op.drop_column("programs", "listing")
    op.drop_table("in_force")
    op.drop_table("evaluations")
