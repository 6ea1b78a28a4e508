"""Salvage: what can still be checked of a document that has the wrong shape, so that all its problems come at once.

A step or trigger of the wrong shape gives its place to a blank one with the same id; the paths of all others stay true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from antiphon.model.document import Node, Path
from antiphon.model.workflow import Workflow

_STEP_LISTS = frozenset({"actions", "then", "else", "steps", "try", "catch", "finally", "on_error"})
_BLANKS: Mapping[str, Any] = {
    "antiphon": 1,
    "id": "x",
    "name": "x",
    "tz": "UTC",
    "triggers": [{"id": "x", "manual": {}}],
    "actions": [{"set": {"x": 0}}],
}
_ATTEMPTS = 8


def salvage(node: Node) -> tuple[Workflow, Node] | None:
    """The workflow that is left when everything of the wrong shape is blanked, and its document; None if hopeless."""
    for _ in range(_ATTEMPTS):
        try:
            return Workflow.model_validate(node.plain()), node
        except ValidationError as error:
            if not isinstance(node.value, dict):
                return None
            for complaint in error.errors(include_url=False, include_input=False, include_context=False):
                node = _blanked(node, _path(node, complaint["loc"]), str(complaint["loc"][-1]))
    return None


def _path(node: Node, loc: tuple[str | int, ...]) -> Path:
    """The part of a complaint's location that is in the document."""
    path: Path = ()
    for part in loc:
        if node.get((*path, part)) is not None:
            path = (*path, part)
    return path


def _blanked(node: Node, path: Path, last: str) -> Node:
    for length in range(len(path), 0, -1):
        if isinstance(path[length - 1], int) and length > 1 and path[length - 2] in _STEP_LISTS:
            return _replaced(node, path[:length], _blank_step)
        if length == 2 and path[0] == "triggers":
            return _replaced(node, path[:length], _blank_trigger)
    # Something at the top: a key that is unknown, missing, or of the wrong type.
    assert isinstance(node.value, dict)
    key = str(path[0]) if path else last
    kept = {name: value for name, value in node.value.items() if name != key}
    if key in _BLANKS:
        kept[key] = Node.of(_BLANKS[key], node.place_of((key,)))
    return Node(kept, node.place, node.keys)


def _replaced(node: Node, path: Path, make: Any) -> Node:
    if not path:
        blank: Node = make(node)
        return blank
    match node.value:
        case dict() as mapping:
            return Node(
                {**mapping, str(path[0]): _replaced(mapping[str(path[0])], path[1:], make)}, node.place, node.keys
            )
        case list() as items:
            changed = [
                _replaced(item, path[1:], make) if index == path[0] else item for index, item in enumerate(items)
            ]
            return Node(changed, node.place, node.keys)
    return node


def _id(node: Node) -> dict[str, Any]:
    given = node.get(("id",))
    return {"id": given.value} if given and isinstance(given.value, str) else {}


def _blank_step(node: Node) -> Node:
    # A blank that is still refused (its id is not one) loses its id as well.
    already = isinstance(node.value, dict) and set(node.value) == {"id", "set"}
    return Node.of({**({} if already else _id(node)), "set": {"x": 0}}, node.place)


def _blank_trigger(node: Node) -> Node:
    already = isinstance(node.value, dict) and set(node.value) == {"id", "manual"}
    return Node.of({"id": "x", **({} if already else _id(node)), "manual": {}}, node.place)
