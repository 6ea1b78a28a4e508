"""Watches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("watch", name, nullable=False),
        sa.Column("key", name, nullable=False),
        sa.Column("memory", text, nullable=True),
        sa.Column("due", instant, nullable=True),
        sa.Column("until", instant, nullable=True),
        sa.PrimaryKeyConstraint("watch", "key", name="pk_watches"),
    )
    for column in ("due", "until"):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_watches_{column}", "watches", [column], sqlite_where=there, postgresql_where=there)
    op.create_table(
        "firings",
        sa.Column("id", name, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("data", text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_firings"),
    )


def downgrade() -> None:
    op.drop_table("firings")
    op.drop_table("watches")
