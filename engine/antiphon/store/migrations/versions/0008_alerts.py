"""Alerts, and the messages that tell of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("number", number, nullable=False),
        sa.Column("kind", name, nullable=False),
        sa.Column("key", name, nullable=False),
        sa.Column("text", text, nullable=False),
        sa.Column("link", text, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_alerts"),
        sa.UniqueConstraint("kind", "key", name="uq_alerts_kind_key"),
    )
    untold = sa.text("NOT told")
    op.create_index("ix_alerts_untold", "alerts", ["kind", "at"], sqlite_where=untold, postgresql_where=untold)
    op.create_table(
        "messages",
        sa.Column("number", number, nullable=False),
        sa.Column("destination", name, nullable=False),
        sa.Column("kind", name, nullable=False),
        sa.Column("title", text, nullable=False),
        sa.Column("body", text, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("state", name, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", instant, nullable=True),
        sa.Column("because", text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_messages"),
    )
    op.create_index("ix_messages_state", "messages", ["state", "not_before"])


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_table("alerts")
