"""MariaDB, Debian's, for servers of others that want one: with a folder and a port of its own, and never as root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import free_port, is_listening, running


@contextmanager
def database(folder: Path, name: str) -> Iterator[int]:
    """An empty database of this name, in which `root` may do everything without a password; the port it is at."""
    data, port = folder / "database", free_port()
    user = None if os.getuid() else "mysql"
    data.mkdir()
    if user:
        shutil.chown(data, user)
    subprocess.run(
        [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ],
        check=True,
        capture_output=True,
        user=user,
        cwd=data,
    )
    start = data / "start.sql"
    start.write_text(f"CREATE DATABASE {name};")
    options = (
        f"--datadir={data}",
        "--bind-address=127.0.0.1",
        f"--port={port}",
        f"--socket={data}/socket",
        f"--init-file={start}",
        # It need not survive a power failure, so it need not wait for the disk.
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=32M",
    )
    program = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "mariadbd"
    command = [program, "--no-defaults", *options]
    with running(command, folder / "database.log", lambda: is_listening(port), user=user, cwd=data):
        yield port
