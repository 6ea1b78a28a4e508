"""Approvals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", name, nullable=False),
        sa.Column("run", name, nullable=False),
        sa.Column("workflow", name, nullable=False),
        sa.Column("path", name, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", text, nullable=True),
        sa.Column("hash", name, nullable=False),
        sa.Column("edited", text, nullable=True),
        sa.Column("edited_hash", name, nullable=False),
        sa.Column("group", name, nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("not_author", sa.Boolean(), nullable=False),
        sa.Column("author", text, nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("due", instant, nullable=True),
        sa.Column("state", name, nullable=False),
        sa.Column("decisions", text, nullable=False),
        sa.Column("because", text, nullable=False),
        sa.Column("decided_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_approvals"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_approvals_run", ondelete="CASCADE"),
        sa.UniqueConstraint("run", "path", "number", name="uq_approvals_run_path_number"),
    )
    op.create_index("ix_approvals_state", "approvals", ["state", "asked_at"])


def downgrade() -> None:
    op.drop_table("approvals")
