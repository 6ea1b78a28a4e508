"""What every test may ask for: a clock, and a store on each of the two databases."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from antiphon.components.ports import Store
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock

collect_ignore = ["noticeboard"]
"""The worked example has tests of its own, which are run where it is installed."""


def pytest_configure() -> None:
    """Let what a command writes go to no terminal: a process of pytest-xdist says that it is one of 80 columns."""
    os.environ.pop("COLUMNS", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, in one of the processes, the tests that share a server which takes long to start."""
    for item in items:
        if item.get_closest_marker("prefect"):
            item.add_marker(pytest.mark.xdist_group("prefect"))
        elif item.get_closest_marker("networks"):
            item.add_marker(pytest.mark.xdist_group(item.path.parent.name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a report travel between processes: hostile texts in a log may hold what UTF-8 cannot write."""
    report = yield
    report.sections = [(name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture
def clock() -> VirtualClock:
    """A clock that stands at nine in the morning, UTC, of the second of March 2026."""
    return VirtualClock(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: a file, and then a schema on a real server."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'antiphon.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """The address of an empty schema on a real server: as good as a database of its own, and made in no time."""
    import psycopg

    schema = f"antiphon_{uuid.uuid4().hex}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{postgresql_server}/postgres?options=-csearch_path%3D{schema}"


@pytest.fixture
def store(store_url: str, clock: VirtualClock) -> Iterator[Store]:
    """An empty store."""
    store = open_store(store_url, clock)
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL of our own on a free loopback port, for the length of the session; its address without database."""
    pytest.importorskip("psycopg", reason="the driver for PostgreSQL is not installed")
    programs = _postgresql_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed: neither `initdb` on the PATH nor in /usr/lib/postgresql")
    # PostgreSQL refuses to run as root, and the folders of pytest are closed to everybody else.
    user = None if os.getuid() else _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="antiphon-postgresql-"))
    if user:
        shutil.chown(folder, user)
    try:
        yield from _serve(programs, folder, user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(programs: Path, folder: Path, user: str | None) -> Iterator[str]:
    data, port = folder / "data", _free_port()
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "antiphon", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        check=True,
        capture_output=True,
        user=user,
        cwd=folder,
    )
    # It need not survive a power failure, so it need not wait for the disk.
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())],
            stdout=log,
            stderr=log,
            user=user,
            cwd=folder,
        )
    try:
        _wait_until_ready(server, port, folder / "log")
        yield f"postgresql://antiphon@127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"postgresql://antiphon@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.05)


def _postgresql_programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
