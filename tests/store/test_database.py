"""Databases that are not there, not ours, or not of our time: a sentence, a hint, and nothing done."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from antiphon.errors import StoreError
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock


def refused(url: str, clock: VirtualClock, *, migrate: bool = True) -> str:
    """The sentence and the hint with which a database is refused."""
    with pytest.raises(StoreError) as caught:
        open_store(url, clock, migrate=migrate).close()
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "cannot be read"),
        ("antiphon.db", "cannot be read"),
        ("postgresql://ana:pa55word@host:notaport/db", "cannot be read"),
        ("mysql://ana:pa55word@host/db", "does not keep its data in mysql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_address(url: str, sentence: str, clock: VirtualClock) -> None:
    """An address that cannot be used is refused, with an example of one that can."""
    message = refused(url, clock)
    assert sentence in message
    assert "sqlite:////folder/antiphon.db" in message
    assert "pa55word" not in message


def test_no_folder(tmp_path: Path, clock: VirtualClock) -> None:
    """A file in a folder that is not there cannot be opened."""
    url = f"sqlite:///{tmp_path}/nowhere/antiphon.db"
    assert f"The database {url} cannot be opened. Make its folder" in refused(url, clock)


def test_no_file(tmp_path: Path, clock: VirtualClock) -> None:
    """A file that is not there is not made unless it was asked for."""
    path = tmp_path / "antiphon.db"
    assert "There is no database" in refused(f"sqlite:///{path}", clock, migrate=False)
    assert not path.exists()


def test_not_a_database(tmp_path: Path, clock: VirtualClock) -> None:
    """A file that is something else is refused, and stays as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, " * 1000)
    assert "is not a SQLite database" in refused(f"sqlite:///{path}", clock)
    assert path.read_text() == "Dear diary, " * 1000


def test_only_to_be_read(tmp_path: Path, clock: VirtualClock) -> None:
    """A file that cannot be written to is refused at once, and not at the first event.

    The write version in the header, byte 18, is what tells SQLite to leave a file alone (sqlite.org/fileformat2.html,
    1.3.3); unlike the rights of a file, it also binds the superuser.
    """
    path = tmp_path / "antiphon.db"
    open_store(f"sqlite:///{path}", clock).close()
    with path.open("r+b") as file:
        file.seek(18)
        file.write(b"\x03")
    assert "can only be read" in refused(f"sqlite:///{path}", clock)


def test_damaged(tmp_path: Path, clock: VirtualClock) -> None:
    """A damaged file is named as such."""
    path = tmp_path / "antiphon.db"
    open_store(f"sqlite:///{path}", clock).close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    assert "is damaged. Restore it from a backup" in refused(f"sqlite:///{path}", clock)


def test_somebody_elses(tmp_path: Path, clock: VirtualClock) -> None:
    """A database that holds another program's tables is left alone."""
    path = tmp_path / "prefect.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE flow_run (id)")
    connection.close()
    assert "belongs to something else: it holds the table 'flow_run'" in refused(f"sqlite:///{path}", clock)


@pytest.mark.postgresql
def test_unreachable(clock: VirtualClock) -> None:
    """A server that does not answer is told from one that refuses, and the password is not shown."""
    message = refused("postgresql://ana:pa55word@127.0.0.1:1/brand?password=pa55word", clock)
    assert "The database postgresql+psycopg://ana:***@127.0.0.1:1/brand cannot be reached:" in message
    assert "refused" in message
    assert "pa55word" not in message


@pytest.mark.postgresql
def test_no_such_database(postgresql_server: str, clock: VirtualClock) -> None:
    """A server without the database says so."""
    message = refused(f"{postgresql_server}/nobody_made_it", clock)
    assert "cannot be reached:" in message
    assert 'database "nobody_made_it" does not exist' in message


@pytest.mark.postgresql
def test_read_only_server(postgresql_url: str, clock: VirtualClock) -> None:
    """A server on which one may only read is refused at once."""
    open_store(postgresql_url, clock).close()
    assert "can only be read" in refused(f"{postgresql_url}%20-cdefault_transaction_read_only%3Don", clock)
