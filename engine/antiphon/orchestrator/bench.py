"""The workspaces that this process has open: a worker opens each once, however many flow runs it works through."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from antiphon.app import Antiphon

_guard = threading.Lock()
_benches: dict[Path, Bench] = {}


@dataclass(frozen=True)
class Bench:
    """A workspace at work in this process.

    The lease on a run tells processes apart, not threads; so two flow runs of one workflow take turns here.
    """

    app: Antiphon
    _turns: defaultdict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))

    @contextmanager
    def turn(self, workflow: str, *, wait: bool) -> Iterator[bool]:
        """Whether it is the caller's turn to work on a workflow; always so for one who waits."""
        mine = self._turns[workflow].acquire(blocking=wait)
        try:
            yield mine
        finally:
            if mine:
                self._turns[workflow].release()


def lay(app: Antiphon) -> Bench:
    """Make the flow runs of this process use `app` for its folder; its database is opened now."""
    # The parts are opened when they are first needed, which is not for several threads to do at once.
    _ = app.store
    with _guard:
        known = _benches.get(app.settings.folder)
        bench = known if known and known.app is app else Bench(app)
        _benches[app.settings.folder] = bench
    return bench


def bench_of(folder: Path) -> Bench:
    """The workspace of a folder, opened if this process has not yet done so."""
    with _guard:
        known = _benches.get(folder.resolve())
    return known or lay(Antiphon.open(folder))
