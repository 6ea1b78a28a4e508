"""What Alembic runs for every command; the connection is handed in, already in a transaction."""

from __future__ import annotations

from alembic import context

from antiphon.store.migrations import VERSION_TABLE
from antiphon.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
