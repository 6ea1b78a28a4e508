"""Credentials of connections, and the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "credentials",
        sa.Column("kind", name, nullable=False),
        sa.Column("name", name, nullable=False),
        sa.Column("connector", name, nullable=False),
        sa.Column("options", text, nullable=False),
        sa.Column("hidden", text, nullable=False),
        sa.Column("sealed", text, nullable=False),
        sa.Column("key", name, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_credentials"),
    )
    op.create_table(
        "audit",
        sa.Column("number", number, autoincrement=False, nullable=False),
        sa.Column("at", name, nullable=False),
        sa.Column("who", text, nullable=False),
        sa.Column("what", text, nullable=False),
        sa.Column("subject", text, nullable=False),
        sa.Column("before", text, nullable=True),
        sa.Column("after", text, nullable=True),
        sa.Column("previous", name, nullable=False),
        sa.Column("hash", name, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_table("credentials")
