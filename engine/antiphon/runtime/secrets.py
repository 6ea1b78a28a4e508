"""Secrets: marks in documents and payloads, values only on their way to the network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from antiphon.components.secret_marks import SEALED, WRITTEN, concealing
from antiphon.errors import SecretMissing

SHORTEST = 8
"""Characters of the shortest secret that is looked for in texts: a shorter one stands in too many words by chance."""


class Secrets:
    """Puts values in the place of marks, and marks in the place of values.

    `sources` are asked in their order: the plugins, of which the environment is one, and then the vault. An operator's
    variable stands before what is stored, as it stands before antiphon.toml; and where it is set no database is needed.
    """

    def __init__(self, *sources: Callable[[str], str | None]) -> None:
        self._sources = sources
        self._known: dict[str, str] = {}
        self._conceal: Callable[[Any], Any] = concealing({})

    def value(self, name: str) -> str:
        """The value of one secret. Raises SecretMissing."""
        for source in self._sources:
            if (value := source(name)) is not None:
                self.learn(value, f"${{{{ secrets.{name} }}}}")
                return value
        raise SecretMissing(name)

    def learn(self, value: str, stands_for: str) -> None:
        """Remember a value that must not be shown; in its place will stand the other text."""
        if len(value) >= SHORTEST and value not in self._known:
            # A new mapping each time: another thread may be reading the old one.
            self._known = {**self._known, value: stands_for}
            self._conceal = concealing(self._known)

    def conceal(self, value: Any) -> Any:
        """A JSON-like value without any secret that this process has seen: the last line of defence."""
        return self._conceal(value)

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
