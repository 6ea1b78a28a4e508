"""Slots: which runs get into one another's way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("runs", sa.Column("slot", name, nullable=False, server_default=sa.text("''")))
    op.add_column("runs", sa.Column("places", sa.Integer(), nullable=True))
    op.add_column("runs", sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("ends_as", sa.Text(), nullable=False, server_default=sa.text("''")))
    unended = sa.text("finished_at IS NULL")
    columns = ["slot", "state", "turn"]
    op.create_index("ix_runs_slot", "runs", columns, sqlite_where=unended, postgresql_where=unended)


def downgrade() -> None:
    op.drop_index("ix_runs_slot", "runs")
    for column in ("ends_as", "turn", "places", "slot"):
        op.drop_column("runs", column)
