"""Fixtures: values that stand beside a document, and are named in its tests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import Any

from antiphon.components.pattern import MISSING, lookup
from antiphon.errors import InputError
from antiphon.language.reader import MAX_BYTES, read_bytes
from antiphon.suggest import did_you_mean

_NAMED = re.compile(r"fixtures/([A-Za-z0-9][\w-]*)((?:\.[\w-]+)*)")
_ENDINGS = (".json", ".yaml", ".yml")


class Fixtures:
    """The values that a test has itself, before the files of a folder."""

    def __init__(self, own: Mapping[str, Any], folder: Traversable | None) -> None:
        self._own = dict(own)
        self._folder = folder

    def put(self, value: Any) -> Any:
        """The value with every `fixtures/NAME` in it replaced. Raises InputError for one that is not there."""
        match value:
            case str() if named := _NAMED.fullmatch(value):
                return self._part(named[1], named[2].removeprefix("."))
            case Mapping():
                return {key: self.put(item) for key, item in value.items()}
            case list() | tuple():
                return [self.put(item) for item in value]
        return value

    def _part(self, name: str, path: str) -> Any:
        if name not in self._own:
            self._own[name] = self._read(name)
        whole = self._own[name]
        found = lookup(whole, path) if path else whole
        if found is MISSING:
            has = ", ".join(whole) if isinstance(whole, Mapping) else type(whole).__name__
            raise InputError(f"The fixture {name} has no `{path}`.", hint=f"It has {has}.")
        return found

    def _read(self, name: str) -> Any:
        there = {}
        if self._folder is not None and self._folder.is_dir():
            there = {one.name: one for one in self._folder.iterdir()}
        for ending in _ENDINGS:
            if file := there.get(name + ending):
                with file.open("rb") as stream:
                    # JSON is YAML, but for what no fixture should hold.
                    return read_bytes(stream.read(MAX_BYTES + 1), f"{self._folder}/{file.name}").plain()
        known = {PurePosixPath(one).stem for one in there} | set(self._own)
        hint = (
            did_you_mean(name, known) or f"Put {name}.json or {name}.yaml into the folder fixtures beside the document."
        )
        raise InputError(f"There is no fixture {name}.", hint=hint)
