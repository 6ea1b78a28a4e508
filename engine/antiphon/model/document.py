"""A document as its author wrote it: a tree in which every node knows its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from antiphon.errors import Place

Path: TypeAlias = tuple[str | int, ...]
"""The way from the root to a node: keys and indexes."""

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place: a scalar, a dict of nodes or a list of nodes. `keys` has the places of a dict's keys."""

    value: Scalar | dict[str, Node] | list[Node]
    place: Place
    keys: Mapping[str, Place] = field(default_factory=dict)

    def plain(self) -> Any:
        """The same tree without places: dicts, lists and scalars."""
        match self.value:
            case dict() as mapping:
                return {key: node.plain() for key, node in mapping.items()}
            case list() as items:
                return [node.plain() for node in items]
            case scalar:
                return scalar

    def find(self, path: Sequence[str | int]) -> Node:
        """The deepest node on the way of `path`; a part that leads nowhere (a union's tag) is passed over."""
        node = self
        for part in path:
            match node.value, part:
                case dict() as mapping, str() if part in mapping:
                    node = mapping[part]
                case list() as items, int() if 0 <= part < len(items):
                    node = items[part]
        return node

    def get(self, path: Sequence[str | int]) -> Node | None:
        """The node at exactly this path, or None."""
        node: Node | None = self
        for part in path:
            match node.value if node else None, part:
                case dict() as mapping, str():
                    node = mapping.get(part)
                case list() as items, int():
                    node = items[part] if 0 <= part < len(items) else None
                case _:
                    return None
        return node

    def place_of(self, path: Sequence[str | int]) -> Place:
        """Where `path` stands: the place of its last key if that is a key of a mapping, else of its node."""
        parent = self.find(path[:-1])
        if path and isinstance(path[-1], str) and path[-1] in parent.keys:
            return parent.keys[path[-1]]
        return self.find(path).place

    def scalars(self, path: Path = ()) -> Iterator[tuple[Path, Node]]:
        """Every scalar below with its path, in reading order."""
        match self.value:
            case dict() as mapping:
                for key, node in mapping.items():
                    yield from node.scalars((*path, key))
            case list() as items:
                for index, node in enumerate(items):
                    yield from node.scalars((*path, index))
            case _:
                yield path, self

    @classmethod
    def of(cls, value: Any, place: Place) -> Node:
        """A tree made of plain data, every node of which stands at `place`."""
        match value:
            case dict():
                keys = {str(key): place for key in value}
                return cls({str(key): cls.of(item, place) for key, item in value.items()}, place, keys)
            case list() | tuple():
                return cls([cls.of(item, place) for item in value], place)
            case scalar:
                return cls(scalar, place)
