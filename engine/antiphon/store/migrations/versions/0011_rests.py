"""Triggers that rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "rests",
        sa.Column("number", number, nullable=False),
        sa.Column("workflow", name, nullable=False),
        sa.Column("trigger", name, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("because", text, nullable=False),
        sa.Column("by", text, nullable=False),
        sa.Column("run", name, nullable=False),
        sa.Column("over_at", instant, nullable=True),
        sa.Column("over_by", text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rests"),
    )
    stands = sa.text("over_at IS NULL")
    names = ["workflow", "trigger"]
    op.create_index("ix_rests_standing", "rests", names, unique=True, sqlite_where=stands, postgresql_where=stands)


def downgrade() -> None:
    op.drop_table("rests")
