"""Calls: what a command line hands to a workflow, from files of events and from `--input name=value`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from antiphon.errors import InputError
from antiphon.model.event import Event

LONGEST_LINE = 1024 * 1024
"""Bytes that one event may have."""

_KEYS = ("id", "type", "at", "data", "source")
_SHAPE = 'An event is {"type": "mention.received", "at": "2026-03-02T09:00:00Z", "data": {…}}; `id` is optional.'

EventFile = Annotated[
    Path | None, typer.Option("--event", metavar="FILE.json", help="An event that the workflow is to answer.")
]
EventsFile = Annotated[
    Path | None, typer.Option("--events", metavar="FILE.jsonl", help="Many events, one JSON object a line.")
]
Inputs = Annotated[
    list[str] | None, typer.Option("--input", metavar="NAME=VALUE", help="An input of a run by hand; repeatable.")
]


def events(event: Path | None, many: Path | None, now: datetime) -> list[Event]:
    """The events of the options --event and --events. Raises InputError."""
    found = [read_event(event, now)] if event else []
    return [*found, *read_events(many, now)] if many else found


def inputs(pairs: list[str] | None) -> dict[str, Any]:
    """The inputs of `--input name=value`: a value that reads as JSON is that, else it is text. Raises InputError."""
    values: dict[str, Any] = {}
    for pair in pairs or []:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise InputError(f"--input {pair!r} is not name=value.", hint="Write it like --input headline='New drop'.")
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
    return values


def read_event(path: Path, now: datetime) -> Event:
    """The one event of a file. Raises InputError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    return parse(content, str(path), now)


def read_events(path: Path, now: datetime, advance: Callable[[int], None] = lambda size: None) -> Iterator[Event]:
    """The events of a JSON Lines file, read as they are asked for. Raises InputError with the line.

    `advance` is told how many bytes were read. Empty lines are passed over.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(LONGEST_LINE + 1):
                number += 1
                advance(len(raw))
                if raw.strip():
                    yield parse(raw, f"{path}:{number}", now)
    except OSError as error:
        raise _unreadable(path, error) from error


def parse(content: bytes, where: str, now: datetime) -> Event:
    """An event from JSON. Without an `id` it is known by its content; without an `at` it happened now."""

    def refuse(sentence: str) -> NoReturn:
        raise InputError(f"{where}: {sentence}", hint=_SHAPE)

    if len(content) > LONGEST_LINE:
        refuse(f"this event is longer than {LONGEST_LINE:,} bytes.")
    try:
        written = json.loads(content.decode("utf-8-sig"), parse_constant=lambda name: refuse(f"{name} is not JSON."))
    except RecursionError:
        refuse("this is nested too deep.")
    except ValueError as error:
        refuse(f"this is not JSON: {error}.")
    if not isinstance(written, dict):
        refuse("this is not an object.")
    if unknown := [key for key in written if key not in _KEYS]:
        refuse(f"`{unknown[0]}` is not a key of an event; what happened belongs under `data`.")
    kind, data, source = written.get("type"), written.get("data", {}), written.get("source", "")
    if not isinstance(kind, str) or not kind:
        refuse("`type` is missing.")
    if not isinstance(data, dict):
        refuse("`data` is not an object.")
    try:
        canonical = json.dumps(written, sort_keys=True, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        refuse("this holds half of a character (a lone surrogate).")
    known = written.get("id") or "file:" + hashlib.sha256(canonical).hexdigest()[:24]
    if not isinstance(known, str) or not isinstance(source, str):
        refuse("`id` and `source` are texts.")
    return Event(known, kind, _moment(written.get("at"), now, refuse), data, source or "file")


def _moment(written: Any, now: datetime, refuse: Callable[[str], NoReturn]) -> datetime:
    if written is None:
        return now
    try:
        found = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        refuse(f"`at` is {written!r}, which is not a moment such as 2026-03-02T09:00:00Z.")
    if found.tzinfo is None:
        refuse(f"`at` is {written!r}, which has no time zone; end it with Z or +01:00.")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        refuse(f"`at` is {written!r}, which is out of this world.")


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path} cannot be read: {(error.strerror or type(error).__name__).lower()}.")
