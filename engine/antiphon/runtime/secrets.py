"""Secrets: marks in documents and payloads, values only on their way to the network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from antiphon.components.secret_marks import SEALED, WRITTEN
from antiphon.errors import SecretMissing


class Secrets:
    """Puts values in the place of marks. `resolve` asks the plugins."""

    def __init__(self, resolve: Callable[[str], str | None]) -> None:
        self._resolve = resolve

    def value(self, name: str) -> str:
        """The value of one secret. Raises SecretMissing."""
        value = self._resolve(name)
        if value is None:
            raise SecretMissing(name)
        return value

    def reveal(self, payload: Any) -> Any:
        """An effect's payload with every sealed mark replaced. What comes back must go nowhere but the network."""
        return self._replaced(payload, SEALED)

    def reveal_written(self, options: Any) -> Any:
        """Options of a trigger or a connection, which only an author or operator writes, with every mark replaced."""
        return self._replaced(options, WRITTEN)

    def _replaced(self, value: Any, marks: re.Pattern[str]) -> Any:
        match value:
            case str():
                return marks.sub(lambda mark: self.value(mark[1]), value)
            case Mapping():
                return {key: self._replaced(item, marks) for key, item in value.items()}
            case list() | tuple():
                return [self._replaced(item, marks) for item in value]
        return value
