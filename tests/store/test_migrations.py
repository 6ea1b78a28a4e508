"""Versions of the tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from antiphon.errors import StoreError
from antiphon.store import migrations
from antiphon.store.database import open_store
from antiphon.store.tables import metadata
from antiphon.store.transactions import Transactions
from antiphon.testing.clock import VirtualClock


@pytest.fixture
def transactions(store_url: str, clock: VirtualClock) -> Iterator[Transactions]:
    """Transactions on an empty database."""
    engine = create_engine(store_url.replace("postgresql:", "postgresql+psycopg:"))
    yield Transactions(engine)
    engine.dispose()


def test_same(transactions: Transactions) -> None:
    """The migrations, from nothing, lead to exactly the tables that the code speaks of."""
    assert migrations.current(transactions) is None
    migrations.upgrade(transactions)
    assert migrations.current(transactions) == migrations.head()
    with transactions.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": migrations.VERSION_TABLE, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_twice(transactions: Transactions) -> None:
    """An upgrade of what is up to date changes nothing."""
    migrations.upgrade(transactions)
    migrations.upgrade(transactions)
    assert migrations.current(transactions) == migrations.head()


def test_newer(store_url: str, transactions: Transactions, clock: VirtualClock) -> None:
    """A database that a newer Antiphon has written is refused, and not touched."""
    migrations.upgrade(transactions)
    with transactions.writing() as connection:
        connection.execute(text(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"has version 9999, which this Antiphon does not know.*Upgrade Antiphon"):
        open_store(store_url, clock)


def test_older(store_url: str, transactions: Transactions, clock: VirtualClock) -> None:
    """A database that is behind is refused with the command to run, where it may not be changed."""
    with transactions.writing() as connection:
        connection.execute(text(f"CREATE TABLE {migrations.VERSION_TABLE} (version_num TEXT)"))
    with pytest.raises(StoreError, match=f"is empty, and this Antiphon needs {migrations.head()}.*antiphon db upgrade"):
        open_store(store_url, clock, migrate=False)
    assert migrations.current(transactions) is None
