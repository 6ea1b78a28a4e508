"""The four kinds of column: an instant, a JSON value, a name that is compared, and prose that is only read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic_core import PydanticSerializationError, to_jsonable_python
from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from antiphon.errors import StoreError

Name = Text().with_variant(Text(collation="C"), "postgresql")
"""A key or name. Compared by code point on every database, whatever the server's language is."""


class Instant(TypeDecorator[datetime]):
    """A moment, to the microsecond: aware in, UTC out, in order in SQL. A naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn to UTC, which SQLite then writes as text that sorts like time."""
        if value is None or value.tzinfo is UTC:
            return value
        if value.tzinfo is None:
            raise StoreError(f"{value.isoformat()} has no time zone, so nobody can tell when it is.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC datetime: SQLite hands out naive ones, PostgreSQL its session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value, kept as text in ASCII: so every text that Python can hold survives, even half an emoji."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write it; pydantic's models, times and the like become what JSON has for them."""
        if value is None:
            return None
        try:
            return _encode(value)
        except (TypeError, ValueError, RecursionError) as error:
            raise StoreError(f"A value cannot be written as JSON: {error}.") from error

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it."""
        return None if value is None else json.loads(value)


class Prose(TypeDecorator[str]):
    """Words for a person. What no database keeps (a NUL, half an emoji) becomes U+FFFD.

    An outcome must never be lost because of the letters in a network's error message.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be kept."""
        return None if value is None else keepable(value)


def keepable(words: str) -> str:
    """The words as every database keeps them: what none does is U+FFFD."""
    if words.isascii() and "\0" not in words:
        return words
    return words.replace("\0", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def plain(value: Any) -> Any:
    """What JSON has for a value that it has no word for itself. Raises TypeError."""
    if isinstance(value, Mapping):
        return dict(value)
    try:
        return to_jsonable_python(value)
    except PydanticSerializationError as error:
        raise TypeError(str(error)) from error


_encode = json.JSONEncoder(separators=(",", ":"), default=plain).encode
