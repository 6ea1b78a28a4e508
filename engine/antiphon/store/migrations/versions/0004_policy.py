"""What policy remembers: whom each effect reaches, the rulings, the brakes, the suppressions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
text = sa.Text()
instant = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_index("ix_effects_claimed_at", "effects", ["claimed_at"])
    op.create_index("ix_effects_workflow", "effects", ["workflow", "claimed_at"])
    op.create_index("ix_effects_connection", "effects", ["connection", "claimed_at"])
    op.create_index("ix_effects_waits_for", "effects", ["waits_for", "not_before"])
    op.create_table(
        "reached",
        sa.Column("person", name, nullable=False),
        sa.Column("effect", name, nullable=False),
        sa.ForeignKeyConstraint(["effect"], ["effects.key"], name="fk_reached_effect"),
        sa.PrimaryKeyConstraint("person", "effect", name="pk_reached"),
    )
    op.create_table(
        "rulings",
        sa.Column("number", number, nullable=False),
        sa.Column("effect", name, nullable=False),
        sa.Column("rule", name, nullable=False),
        sa.Column("verdict", name, nullable=False),
        sa.Column("because", text, nullable=False),
        sa.Column("until", instant, nullable=True),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rulings"),
    )
    op.create_index("ix_rulings_effect", "rulings", ["effect", "number"])
    op.create_table(
        "brakes",
        sa.Column("number", number, nullable=False),
        sa.Column("scope", name, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("by", text, nullable=False),
        sa.Column("until", instant, nullable=True),
        sa.Column("lifted_at", instant, nullable=True),
        sa.Column("lifted_by", text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_brakes"),
    )
    op.create_index("ix_brakes_scope", "brakes", ["scope", "number"])
    op.create_table(
        "suppressions",
        sa.Column("person", name, nullable=False),
        sa.Column("channel", name, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("by", text, nullable=False),
        sa.PrimaryKeyConstraint("person", "channel", name="pk_suppressions"),
    )


def downgrade() -> None:
    for table in ("suppressions", "brakes", "rulings", "reached"):
        op.drop_table(table)
    for index in ("claimed_at", "workflow", "connection", "waits_for"):
        op.drop_index(f"ix_effects_{index}", "effects")
