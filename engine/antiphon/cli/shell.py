"""The shell: what every verb is handed. Results go to standard output, everything else to standard error."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from zoneinfo import ZoneInfo

from rich.console import Console, RenderableType
from rich.text import Text

from antiphon.cli.printing import safe
from antiphon.errors import AntiphonError, DocumentError

if TYPE_CHECKING:
    from rich.progress import Progress

    from antiphon.app import Antiphon

_ENDLESS = 100_000
"""Columns of a file or a pipe: nothing is wrapped there, so that every row stays one line."""


@dataclass(frozen=True)
class Shell:
    """The workspace folder, the two streams, and whether a machine is reading."""

    folder: Path
    json: bool = False

    @cached_property
    def out(self) -> Console:
        """Standard output, for results."""
        return Console(width=_width(sys.stdout), markup=False, highlight=False, emoji=False)

    @cached_property
    def err(self) -> Console:
        """Standard error, for progress, logs and complaints."""
        return Console(width=_width(sys.stderr), stderr=True, markup=False, highlight=False, emoji=False)

    @property
    def person(self) -> str:
        """Who is at this machine, as `user@host`: whose word it is where a word is kept with its name."""
        from antiphon.runtime.identity import person

        return person()

    @contextmanager
    def workspace(self) -> Iterator[Antiphon]:
        """The workspace of the folder, closed afterwards; a plugin that could not be used is named."""
        from antiphon.app import Antiphon
        from antiphon.runtime.redaction import redacted

        app = Antiphon.open(self.folder)
        for problem in app.registry.catalogue.problems:
            self.note(problem, style="yellow")
        try:
            with self._listening(), redacted(app.secrets.conceal):
                yield app
        finally:
            app.close()

    def answer(self, document: Any, *shown: RenderableType) -> None:
        """The result: one JSON document for a machine, or what is to be shown to a person."""
        if self.json:
            # Past rich, which would wrap it.
            sys.stdout.write(json.dumps(plain(document), ensure_ascii=False, indent=2) + "\n")
            return
        if self.out.is_terminal:
            self.out.print(*shown, sep="\n")
            return
        with self.out.capture() as capture:
            self.out.print(*shown, sep="\n")
        sys.stdout.write("".join(f"{one.rstrip()}\n" for one in capture.get().splitlines()))

    def note(self, words: object, *, style: str = "") -> None:
        """Something to know that is not the result."""
        self.err.print(Text(safe(words), style=style))

    def complain(self, error: AntiphonError) -> None:
        """What happened, where, and what to do next."""
        if self.json:
            self.answer({"error": described(error)})
        if isinstance(error, DocumentError):
            from antiphon.cli.problems import shown

            self.err.print(*shown(error.problems, "error"), sep="\n")
            return
        self.err.print(Text.assemble(("error: ", "bold red"), safe(error.args[0])))
        if error.hint:
            self.err.print(Text.assemble(("hint:  ", "bold"), safe(error.hint)))

    def progress(self) -> Progress:
        """A progress bar that goes away when it is done."""
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(),
        )
        return Progress(*columns, console=self.err, transient=True, disable=not self.err.is_terminal)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Let the logs of workflows and of the engine be heard."""
        logger, handler = logging.getLogger("antiphon"), _ToShell(self)
        level = logger.level
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)


def _width(stream: TextIO) -> int | None:
    return None if stream.isatty() or "COLUMNS" in os.environ else _ENDLESS


class _ToShell(logging.Handler):
    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell

    def emit(self, record: logging.LogRecord) -> None:
        style = "red" if record.levelno >= logging.ERROR else "yellow" if record.levelno > logging.INFO else "dim"
        workflow = getattr(record, "workflow", "")
        self._shell.note(f"{workflow}: {record.getMessage()}" if workflow else record.getMessage(), style=style)


def zone(app: Antiphon) -> ZoneInfo:
    """The time zone in which the workspace's people read times."""
    return ZoneInfo(app.settings.workspace.timezone or "UTC")


def described(error: AntiphonError) -> dict[str, Any]:
    """An error for a machine."""
    document: dict[str, Any] = {"kind": type(error).__name__, "sentence": error.sentence, "hint": error.hint}
    if isinstance(error, DocumentError):
        from antiphon.cli.problems import as_document

        document["problems"] = [as_document(problem) for problem in error.problems]
    return document


def plain(value: Any) -> Any:
    """Nouns, dataclasses and moments as JSON."""
    from dataclasses import asdict, is_dataclass

    match value:
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case _ if hasattr(value, "model_dump"):
            return value.model_dump(mode="json", by_alias=True)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return plain(asdict(value))
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
        case Iterable():
            return [plain(item) for item in value]
    return str(value)
