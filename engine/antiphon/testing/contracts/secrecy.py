"""Secrecy: what proves who we are goes to the network, and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from antiphon.testing.contracts.check import Broken, LeftOut, check
from antiphon.testing.contracts.desk import Desk
from antiphon.testing.contracts.whole import carry_out, workspace
from antiphon.testing.sandbox.faults import FaultKind


@check()
def secrets_stay(desk: Desk) -> None:
    """No secret is in a log, an outcome, the trace of a run or the database, even when the network says it back."""
    if not desk.secrets:
        raise LeftOut("the connection has no secrets")
    with _logged() as lines, workspace(desk) as app:
        for number, status in enumerate((401, 422, 503)):
            try:
                desk.bench.fail(FaultKind.ECHO, status=status)
            except LeftOut:
                break
            carry_out(app, desk, f"{desk.bench.text} {number}", f"act-{number}")
        carry_out(app, desk, desk.bench.text, "the last act")
        ledger = repr(app.store.ledger.list(limit=100)) + repr(app.store.runs.list(limit=100))
        kept = "".join(
            path.read_bytes().decode("latin-1")
            for path in sorted(app.settings.folder.rglob("*"))
            if path.is_file() and path.name != "antiphon.toml"
        )
    told = {
        "a log": "\n".join(lines),
        "the ledger": ledger,
        "a file of the workspace": kept,
        "the options": repr(desk.options),
    }
    for where, text in told.items():
        if any(secret in text for secret in desk.secrets):
            raise Broken(f"a secret of the connection is in {where}")


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Everything that anybody logs meanwhile, at any level."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
