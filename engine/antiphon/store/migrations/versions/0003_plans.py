"""Plans that can be applied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("fingerprint", name, nullable=False),
        sa.Column("workflow", name, nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("planned_at", instant, nullable=False),
        sa.Column("applied_at", instant, nullable=True),
        sa.Column("follow", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_plans"),
    )
    op.create_index("ix_plans_planned_at", "plans", ["planned_at", "fingerprint"])


def downgrade() -> None:
    op.drop_table("plans")
