"""Which keys a pydantic model allows at a place in a document: the way there goes along the annotations."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Union

from pydantic import BaseModel, RootModel, Tag
from pydantic.fields import FieldInfo


def allowed_keys(model: type[BaseModel], location: Sequence[str | int]) -> tuple[str, ...]:
    """The keys that a mapping at pydantic's `location` may have; empty when it may have any."""
    found: list[Any] = [model]
    for part in location:
        found = _into(found, part)
    models = [kind for kind, _ in _alternatives(found) if _is_model(kind)]
    return tuple(dict.fromkeys(key_of(name, info) for kind in models for name, info in kind.model_fields.items()))


def key_of(name: str, info: FieldInfo) -> str:
    """What a field is called in documents."""
    return info.validation_alias if isinstance(info.validation_alias, str) else info.alias or name


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel) and not issubclass(kind, RootModel)


def _alternatives(annotations: Iterable[Any], tag: str = "") -> list[tuple[Any, str]]:
    """The types that the annotations admit, unions opened, each with its discriminator's tag."""
    found: list[tuple[Any, str]] = []
    for annotation in annotations:
        origin = typing.get_origin(annotation)
        if origin is Annotated:
            inner, *notes = typing.get_args(annotation)
            found += _alternatives([inner], next((note.tag for note in notes if isinstance(note, Tag)), tag))
        elif origin in (Union, types.UnionType):
            found += _alternatives(typing.get_args(annotation), tag)
        elif isinstance(annotation, type) and issubclass(annotation, RootModel):
            found += _alternatives([annotation.model_fields["root"].annotation], tag)
        else:
            found.append((annotation, tag))
    return found


def _into(annotations: list[Any], part: str | int) -> list[Any]:
    """One part further: a field's, a value's or an item's annotation; else the part is a union's tag."""
    alternatives = _alternatives(annotations)
    inner: list[Any] = []
    for kind, _ in alternatives:
        if _is_model(kind):
            inner += [info.annotation for name, info in kind.model_fields.items() if key_of(name, info) == part]
            continue
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if not isinstance(origin, type) or not arguments:
            continue
        if isinstance(part, str) and issubclass(origin, Mapping):
            inner.append(arguments[-1])
        elif isinstance(part, int) and issubclass(origin, Sequence | set | frozenset):
            inner.append(arguments[0])
    if isinstance(part, int) or any(part == name for name in _field_names(alternatives)):
        return inner
    tagged = [kind for kind, tag in alternatives if part in (tag, getattr(kind, "__name__", None))]
    return tagged or inner or annotations


def _field_names(alternatives: list[tuple[Any, str]]) -> set[str]:
    return {key_of(*field) for kind, _ in alternatives if _is_model(kind) for field in kind.model_fields.items()}
