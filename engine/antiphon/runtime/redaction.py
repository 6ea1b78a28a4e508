"""Redaction: the last line of defence. What this process logs, and what it says when it breaks, passes through here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

from antiphon.model.effect import Done, Outcome, Receipt

Conceal = Callable[[Any], Any]
"""Puts something else in the place of every secret in a JSON-like value."""


@contextmanager
def redacted(conceal: Conceal) -> Iterator[None]:
    """Keep secrets out of all log records of this process, and out of an exception that leaves the block.

    It is done where records are made, so no handler and no logger that somebody adds is forgotten.
    """
    make = logging.getLogRecordFactory()

    def safely(*args: Any, **named: Any) -> logging.LogRecord:
        return _redact(make(*args, **named), conceal)

    logging.setLogRecordFactory(safely)
    try:
        with safely_broken(conceal):
            yield
    finally:
        if logging.getLogRecordFactory() is safely:
            logging.setLogRecordFactory(make)


@contextmanager
def safely_broken(conceal: Conceal) -> Iterator[None]:
    """Keep secrets out of an exception that leaves the block, before an orchestrator keeps its words."""
    try:
        yield
    except BaseException as error:
        _redact_chain(error, conceal)
        raise


def concealed(outcome: Outcome, conceal: Conceal) -> Outcome:
    """The same outcome without secrets: whatever a connector says goes into the ledger."""
    if isinstance(outcome, Done):
        return Done(Receipt.model_validate(conceal(outcome.receipt.model_dump())))
    return replace(outcome, **{field.name: conceal(getattr(outcome, field.name)) for field in fields(outcome)})


def _redact(record: logging.LogRecord, conceal: Conceal) -> logging.LogRecord:
    try:
        said = record.getMessage()
    except (TypeError, ValueError):
        record.args = (conceal(repr(record.args)),)  # a mistake of the caller, which logging reports with the arguments
        return record
    if (safe := conceal(said)) != said:
        record.msg, record.args = safe, None
    if record.exc_info and record.exc_info[1] is not None:
        _redact_chain(record.exc_info[1], conceal)
    return record


def _redact_chain(error: BaseException, conceal: Conceal) -> None:
    """Redact the words of an exception and of those that led to it; what they mean to a program stays."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.args = tuple(conceal(arg) if isinstance(arg, str) else arg for arg in one.args)
        vars(one).update({name: conceal(value) for name, value in vars(one).items() if isinstance(value, str)})
        waiting += [one.__cause__, one.__context__]
