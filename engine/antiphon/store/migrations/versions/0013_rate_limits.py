"""Rate limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rate_limits",
        sa.Column("connection", name, nullable=False),
        sa.Column("scope", name, nullable=False),
        sa.Column("limit", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("connection", "scope", name="pk_rate_limits"),
    )


def downgrade() -> None:
    op.drop_table("rate_limits")
