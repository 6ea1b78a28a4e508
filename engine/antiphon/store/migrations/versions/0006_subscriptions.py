"""What waiting runs look out for, and when runs are due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("run", name, nullable=False),
        sa.Column("path", name, nullable=False),
        sa.Column("workflow", name, nullable=False),
        sa.Column("type", name, nullable=False),
        sa.Column("field", name, nullable=False),
        sa.Column("value", name, nullable=False),
        sa.Column("match", text, nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("satisfied", sa.Boolean(), nullable=False),
        sa.Column("heard", text, nullable=True),
        sa.PrimaryKeyConstraint("run", "path", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_subscriptions_run", ondelete="CASCADE"),
    )
    op.create_index("ix_subscriptions_address", "subscriptions", ["type", "field", "value"])
    op.create_table(
        "subscription_places",
        sa.Column("type", name, nullable=False),
        sa.Column("field", name, nullable=False),
        sa.PrimaryKeyConstraint("type", "field", name="pk_subscription_places"),
    )
    op.create_index("ix_runs_not_before", "runs", ["state", "not_before"])


def downgrade() -> None:
    op.drop_index("ix_runs_not_before", "runs")
    op.drop_table("subscription_places")
    op.drop_table("subscriptions")
