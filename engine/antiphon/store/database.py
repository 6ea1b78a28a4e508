"""The database: opened by its address, brought up to date, and handed out port by port."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from antiphon.components.clock import Clock
from antiphon.components.ports import Store
from antiphon.errors import StoreError
from antiphon.model.event import Event
from antiphon.store import migrations
from antiphon.store.alerts import SqlAlerts
from antiphon.store.allowances import SqlAllowances
from antiphon.store.approvals import SqlApprovals
from antiphon.store.audit import SqlAudit
from antiphon.store.backfills import SqlBackfills
from antiphon.store.brakes import SqlBrakes
from antiphon.store.credentials import SqlCredentials
from antiphon.store.cursors import SqlCursors
from antiphon.store.evaluations import SqlEvaluations
from antiphon.store.events import SqlEvents
from antiphon.store.harvests import SqlHarvests
from antiphon.store.ledger import SqlLedger
from antiphon.store.marks import SqlMarks
from antiphon.store.metrics import SqlMetrics
from antiphon.store.people import SqlPeople
from antiphon.store.personal import SqlPersonal
from antiphon.store.plans import SqlPlans
from antiphon.store.programs import SqlPrograms
from antiphon.store.records import SqlRecords
from antiphon.store.refusals import shown
from antiphon.store.rests import SqlRests
from antiphon.store.retention import SqlRetention
from antiphon.store.rulings import SqlRulings
from antiphon.store.runs import SqlRuns
from antiphon.store.slots import SqlSlots
from antiphon.store.subscriptions import SqlSubscriptions
from antiphon.store.suppressions import SqlSuppressions
from antiphon.store.tally import SqlTally
from antiphon.store.transactions import Transactions
from antiphon.store.watches import SqlWatches

_BUSY_SECONDS = 30
_REACH_SECONDS = 10
_CONNECTIONS = 20
_TURNS = 100
_EXAMPLES = "Write sqlite:////folder/antiphon.db or postgresql://user:password@host/name."


def no_key(make: bool) -> bytes:
    """No key: who is forgotten is kept as a plain digest."""
    return b""


def open_store(
    url: str,
    clock: Clock,
    *,
    migrate: bool = True,
    lasting: bool = True,
    digest_key: Callable[[bool], bytes] = no_key,
) -> Store:
    """Open the database at `url`: `sqlite:////folder/file.db` or `postgresql://user:password@host/name`.

    A new or older database is brought up to date first, unless `migrate` is False. One that is not `lasting` is for a
    while only: a SQLite file that is written without waiting for the disk, and may be broken after a power failure.
    `digest_key` gives the key under which those who were forgotten are known, which it makes when it is told True.

    Raises:
        StoreError: it is not there, cannot be written to, is not ours, or is of another version; nothing was changed.
    """
    address = _address(url)
    if not migrate and address.drivername == "sqlite" and not Path(address.database or "").exists():
        raise StoreError(f"There is no database {shown(address)}.", hint="Run `antiphon db upgrade` to make it.")
    transactions = Transactions(_engine(address, lasting=lasting))
    try:
        migrations.ready(transactions, migrate=migrate)
    except BaseException:
        transactions.engine.dispose()
        raise
    return Database(transactions, clock, digest_key)


class Database:
    """The store: all the ports on one engine."""

    def __init__(self, transactions: Transactions, clock: Clock, digest_key: Callable[[bool], bytes]) -> None:
        self._engine = transactions.engine
        self.events = SqlEvents(transactions)
        self.evaluations = SqlEvaluations(transactions)
        self.retention = SqlRetention(transactions, clock)
        self.personal = SqlPersonal(transactions)
        self.cursors = SqlCursors(transactions)
        self.harvests = SqlHarvests(transactions)
        self.watches = SqlWatches(transactions)
        self.allowances = SqlAllowances(transactions)
        self.runs = SqlRuns(transactions, clock)
        self.slots = SqlSlots(transactions, clock)
        self.ledger = SqlLedger(transactions, clock)
        self.people = SqlPeople(transactions)
        self.marks = SqlMarks(transactions)
        self.records = SqlRecords(transactions)
        self.programs = SqlPrograms(transactions)
        self.approvals = SqlApprovals(transactions, clock)
        self.credentials = SqlCredentials(transactions)
        self.audit = SqlAudit(transactions, clock)
        self.plans = SqlPlans(transactions)
        self.tally = SqlTally(transactions, clock)
        self.rulings = SqlRulings(transactions, clock)
        self.brakes = SqlBrakes(transactions, clock)
        self.suppressions = SqlSuppressions(transactions, clock, digest_key)
        self.subscriptions = SqlSubscriptions(transactions, clock)
        self.alerts = SqlAlerts(transactions)
        self.rests = SqlRests(transactions, clock)
        self.backfills = SqlBackfills(transactions)
        self.metrics = SqlMetrics(transactions)

    def events_between(self, since: datetime, until: datetime) -> Iterator[Event]:
        """Every event of a period, oldest first, streamed; `until` is exclusive."""
        return self.events.between(since, until)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:  # neither is shown: both may hold a password
        raise StoreError("The address of the database cannot be read.", hint=_EXAMPLES) from error
    kind = address.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise StoreError(f"Antiphon does not keep its data in {kind}.", hint=_EXAMPLES)
    if address.database in (None, "", ":memory:"):
        raise StoreError("The address of the database names no file, and a store must not forget.", hint=_EXAMPLES)
    return address.set(drivername="sqlite")


def _engine(address: URL, *, lasting: bool) -> Engine:
    if address.drivername == "sqlite":
        engine = create_engine(
            address, connect_args={"timeout": _BUSY_SECONDS}, pool_size=_CONNECTIONS, max_overflow=_CONNECTIONS
        )
        event.listen(engine, "connect", _prepare_sqlite if lasting else _prepare_passing)
        return engine
    reach = {"connect_timeout": _REACH_SECONDS, "application_name": "antiphon"}
    try:
        # Pinged before use, so that a server that was restarted in the night costs nothing.
        return create_engine(address, connect_args=reach, pool_size=_CONNECTIONS, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError("The driver for PostgreSQL is missing.", hint="pip install 'antiphon[postgresql]'") from error


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # Transactions are begun by hand: Python's driver would begin them too late.
    connection.isolation_level = None
    # WAL lets others read while one writes. In WAL, synchronous=NORMAL may forget the last commits when the power
    # fails; a claim that is forgotten is an effect done twice, and a forgotten receipt one that nobody can prove. So
    # every commit is on the disk before it returns; events pay little for it, since they come in batches.
    _use_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_passing(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: sqlite3.Connection) -> None:
    for _ in range(_TURNS):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            # Another process opens the new file too. The change of mode does not wait for its turn; a transaction does.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")
