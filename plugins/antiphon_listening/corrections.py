"""Corrections: what a person said of a text, kept for good and asked before any model."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from antiphon import Event, InputError, ReadContext, Record
from antiphon_listening.understanding import LABELS, Understanding, understand
from antiphon_listening.words import folded

KIND = "listening.correction"
"""The kind of record. Its key is the event's id, or `text:` with the hash of the text."""


class _Records(Protocol):
    def put(self, kind: str, key: str, data: Mapping[str, Any], now: datetime) -> Record: ...
    def get(self, kind: str, key: str) -> Record | None: ...
    def list(self, kind: str, *, limit: int = 100) -> Sequence[Record]: ...


def text_of(data: Mapping[str, Any]) -> str:
    """What an event says: its title, where it has one, and its text."""
    parts = (data.get("title"), data.get("text"))
    return "\n".join(part for part in parts if isinstance(part, str) and part)


def keep(records: _Records, event: Event, labels: Mapping[str, str], now: datetime) -> Mapping[str, str]:
    """Keep what a person said of an event, beside what was said of it before; gives all of it.

    It holds for the event, and for whatever else says the same. The text itself is not kept here.
    """
    known = records.get(KIND, event.id)
    merged = {**(_labels(known) if known else {}), **labels}
    said = {event.data[field] for field in ("text",) if isinstance(event.data.get(field), str)} | {text_of(event.data)}
    for key in (event.id, *(_key(text) for text in sorted(said) if text)):
        records.put(KIND, key, {"event": event.id, "labels": merged}, now)
    return merged


def judged(text: str, ctx: ReadContext, language: str = "") -> Understanding:
    """What a text says: by a person who has corrected it or the event that the run is about, else by the models."""
    by_model = understand(text, language, ctx.here.language)
    return by_model.corrected(_said(text, ctx))


def training(records: _Records, events: Any, limit: int) -> Sequence[Mapping[str, Any]]:
    """The newest corrected events with their texts and labels; those that are no longer kept are left out."""
    found = []
    for record in records.list(KIND, limit=limit * 3):
        event = events.get(record.key) if record.data["event"] == record.key else None
        if event is not None:
            found.append({"event": event.id, "text": text_of(event.data), **_labels(record)})
    return found[:limit]


def checked(labels: Mapping[str, str]) -> Mapping[str, str]:
    """The labels that were given, each of which must be one that there is.

    Raises:
        InputError: there is none, or one is not known.
    """
    given = {kind: label for kind, label in labels.items() if label}
    if not given:
        raise InputError("Nothing is corrected.", hint=f"Give one of {', '.join(f'--{kind}' for kind in LABELS)}.")
    for kind, label in given.items():
        if label not in LABELS[kind]:
            raise InputError(f"`{label}` is no {kind}.", hint=f"It is one of {', '.join(LABELS[kind])}.")
    return given


def _said(text: str, ctx: ReadContext) -> Mapping[str, str]:
    record = ctx.records.get(KIND, _key(text))
    if record is None and ctx.here.event and _told(text, ctx.scope.get("event")):
        record = ctx.records.get(KIND, ctx.here.event)
    return _labels(record) if record else {}


def _told(text: str, event: Any) -> bool:
    """Whether a text is what the event says, or a part of it: an event that was edited is still the same."""
    return isinstance(event, Mapping) and bool(text) and text in text_of(event)


def _labels(record: Record) -> Mapping[str, str]:
    return {str(kind): str(label) for kind, label in record.data["labels"].items()}


def _key(text: str) -> str:
    plain = " ".join(folded(text, len(text)).split())
    return f"text:{hashlib.sha256(plain.encode('utf-8', 'replace')).hexdigest()}"
