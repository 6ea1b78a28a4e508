"""What an entry of the audit says is sealed, so that it can be forgotten and the chain still holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0014"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("audit", sa.Column("salt", name, nullable=True))
    op.add_column("audit", sa.Column("seal", name, nullable=True))


def downgrade() -> None:
    op.drop_column("audit", "seal")
    op.drop_column("audit", "salt")
