"""What a database says when it will not, put into a sentence with what to do next; a password is never shown."""

from __future__ import annotations

import sqlite3

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from antiphon.errors import AntiphonError, StoreError

_SQLITE = {
    "CANTOPEN": ("cannot be opened", "Make its folder, or correct the address, and see that you may write there."),
    "NOTADB": ("is not a SQLite database", "The file is something else; choose another path."),
    "CORRUPT": ("is damaged", "Restore it from a backup."),
    "READONLY": ("can only be read", "Give this user the right to write to the file and to its folder."),
    "PERM": ("can only be read", "Give this user the right to write to the file and to its folder."),
    "BUSY": (
        "has been kept busy by another process for half a minute",
        "Look for a process that hangs, and try again.",
    ),
    "FULL": ("has no room left on its disk", "Free some space, and try again."),
    "IOERR": (
        "cannot be read from or written to its disk",
        "Look at the disk; do not keep a database on a network share.",
    ),
}


def shown(url: URL) -> str:
    """An address that can be shown to anybody: without password, and without options, which may hold one."""
    return url.set(query={}).render_as_string(hide_password=True)


def refusal(error: SQLAlchemyError | UnicodeEncodeError, url: URL) -> AntiphonError:
    """The same failure as an error for the operator."""
    where = f"The database {shown(url)}"
    if isinstance(error, UnicodeEncodeError):
        return StoreError(f"{where} cannot keep a name that holds half a character.", hint="Look at its source.")
    if isinstance(error, PoolTimeout):
        return StoreError(f"{where} has no connection free.", hint="Fewer threads, or more workers with fewer each.")
    cause = error.orig if isinstance(error, StatementError) else None
    if isinstance(cause, AntiphonError):
        return cause
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", None) or ""
        for code, (sentence, hint) in _SQLITE.items():
            if name.startswith(f"SQLITE_{code}"):
                return StoreError(f"{where} {sentence}.", hint=hint)
    words = _first_line(cause or error)
    if getattr(cause, "sqlstate", None) == "25006":
        return StoreError(f"{where} can only be read.", hint="Use the primary server, and a user who may write.")
    if isinstance(error, DBAPIError) and (error.connection_invalidated or error.statement is None):
        return StoreError(
            f"{where} cannot be reached: {words}.",
            hint="See that the server runs, and that address, database, user and password are right.",
        )
    return StoreError(f"{where} refused: {words}.")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
