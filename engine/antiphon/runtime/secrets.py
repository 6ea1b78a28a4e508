"""Secrets: marks in documents and payloads, values only on their way to the network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from antiphon.errors import SecretMissing

MARK = re.compile(r"\$\{\{\s*secrets\.([A-Za-z0-9_]+)\s*\}\}")
"""How a secret stands in a document, a setting or an effect's payload."""


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

    def reveal(self, value: Any) -> Any:
        """The same JSON-like value with every mark replaced. What comes back must go nowhere but the network."""
        match value:
            case str():
                return MARK.sub(lambda mark: self.value(mark[1]), value)
            case Mapping():
                return {key: self.reveal(item) for key, item in value.items()}
            case list() | tuple():
                return [self.reveal(item) for item in value]
        return value
