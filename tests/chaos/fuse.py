"""The fuse: kills this very process, with SIGKILL, at a chosen boundary of the life of an effect.

The boundaries are crossed by objects that are wrapped here, in the worker's process only; the engine knows nothing of
it. Around every word by which a worker changes the store there are three: before it, `within` it (all is written, and
nothing is committed yet), and after it. Around every request that writes to a network there are three more: before the
first byte, when all bytes have left, and when the answer is there but nobody has read it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from antiphon.app import Antiphon
from antiphon.components import wire

WORDS = {
    "harvests": ("bring_in",),
    "events": ("mark_routed",),
    "runs": ("open", "claim", "record_verdicts", "record_step", "finish"),
    "subscriptions": ("put", "hear"),
    "ledger": ("plan", "claim", "settle", "release", "park"),
}
"""What a worker says to the store."""

MOMENTS = ("before", "within", "after")
REQUEST = ("request before", "request left", "request answered")
BOUNDARIES = (*(f"{port}.{word} {when}" for port in WORDS for word in WORDS[port] for when in MOMENTS), *REQUEST)


class Fuse:
    """Burns down to `at`: the name of a boundary, the how-manieth crossing of any, or None for never; and only once."""

    def __init__(self, at: str | int | None, tell: Callable[[str], None], by: signal.Signals = signal.SIGKILL) -> None:
        self._at = at
        self._tell = tell
        self._by = by
        self._crossed = 0

    def cross(self, boundary: str) -> None:
        """Come to a boundary, and perhaps no further."""
        self._crossed += 1
        if self._at in (boundary, self._crossed):
            self._at = None
            self._tell(boundary)
            os.kill(os.getpid(), self._by)

    def into(self, app: Antiphon) -> None:
        """Wrap what this process changes the store and writes to networks with."""
        store: Any = app.store
        for port, words in WORDS.items():
            setattr(store, port, _Port(getattr(store, port), port, words, self, store._engine))
        self._into_the_wire()

    def _into_the_wire(self) -> None:
        stream: Any = wire._Stream
        write, read = stream.write, stream.read

        def writes(self_: Any, buffer: bytes, timeout: float | None = None) -> None:
            if buffer.startswith((b"POST ", b"DELETE ")):
                self_.writing = True
                self.cross("request before")
            elif buffer.startswith(b"GET "):
                self_.writing = False
            write(self_, buffer, timeout)

        def reads(self_: Any, most: int, timeout: float | None = None) -> bytes:
            if getattr(self_, "writing", False):
                self.cross("request left")
            answer: bytes = read(self_, most, timeout)
            if getattr(self_, "writing", False):
                self.cross("request answered")
            return answer

        stream.write, stream.read = writes, reads


class _Port:
    """A port of the store whose changes cross boundaries; all else goes straight through."""

    def __init__(self, port: Any, name: str, words: tuple[str, ...], fuse: Fuse, engine: Any) -> None:
        self._port, self._name, self._words, self._fuse, self._engine = port, name, words, fuse, engine

    def __getattr__(self, word: str) -> Any:
        said = getattr(self._port, word)
        if word not in self._words:
            return said
        boundary = f"{self._name}.{word}"

        def crossing(*given: Any, **named: Any) -> Any:
            def committing(_: Any) -> None:
                self._fuse.cross(f"{boundary} within")

            self._fuse.cross(f"{boundary} before")
            event.listen(self._engine, "commit", committing)
            try:
                answer = said(*given, **named)
            finally:
                event.remove(self._engine, "commit", committing)
            self._fuse.cross(f"{boundary} after")
            return answer

        return crossing
