"""Versions of the tables: which one a database has, which one this code needs, and the way between."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from antiphon.errors import StoreError
from antiphon.store.refusals import shown
from antiphon.store.transactions import Transactions

VERSION_TABLE = "antiphon_version"
"""Where a database keeps its version; of our own, since others use Alembic too."""

_LOCK = 0x616E7469  # "anti"; any number will do, as long as every process takes the same


def head() -> str:
    """The version that this code needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def current(transactions: Transactions) -> str | None:
    """The version of a database, or None when it is empty.

    Raises:
        StoreError: it cannot be reached, it is not ours, or its version is newer than this code.
    """
    with transactions.reading() as connection:
        return _current(connection)


def upgrade(transactions: Transactions) -> None:
    """Bring the tables up to date, in one transaction; of several processes one does it and the others wait."""
    with transactions.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _current(connection) != head():
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def ready(transactions: Transactions, *, migrate: bool) -> None:
    """See that a database has the version this code needs and can be written to.

    Raises:
        StoreError: as `current` does; or it is older and `migrate` is False; or it can only be read.
    """
    version = current(transactions)
    if version != head():
        if not migrate:
            found = f"has version {version}" if version else "is empty"
            raise StoreError(
                f"The database {shown(transactions.engine.url)} {found}, and this Antiphon needs {head()}.",
                hint="Run `antiphon db upgrade`; a backup first does no harm.",
            )
        upgrade(transactions)
    with transactions.writing() as connection:
        # Changes nothing, and yet fails where nothing can be changed.
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = version_num"))  # noqa: S608


def _current(connection: Connection) -> str | None:
    where = f"The database {shown(connection.engine.url)}"
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE not in tables:
        if tables:
            raise StoreError(
                f"{where} belongs to something else: it holds the table {tables[0]!r}, and no mark of Antiphon.",
                hint="Give Antiphon a database of its own; on PostgreSQL a schema of its own will do.",
            )
        return None
    version = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if version is not None and version not in known:
        raise StoreError(
            f"{where} has version {version}, which this Antiphon does not know: a newer one has written it.",
            hint="Upgrade Antiphon, or restore the backup from before.",
        )
    return version


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
