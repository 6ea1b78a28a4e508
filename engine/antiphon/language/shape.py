"""Node → model: a document's tree becomes a typed noun, or every reason why not, each at its line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from antiphon.errors import DocumentError, Problem
from antiphon.language.annotations import allowed_keys, key_of
from antiphon.language.complaints import KINDS, complain, name_of, shown, wrong_kind
from antiphon.model.document import Node, Path
from antiphon.model.workflow import STEP_KINDS, StepBase
from antiphon.suggest import closest, did_you_mean

M = TypeVar("M", bound=BaseModel)

_STEP_KEYS = frozenset(key_of(*field) for model in STEP_KINDS.values() for field in model.model_fields.items())


def shape(node: Node, model: type[M], path: Path = ()) -> M:
    """What stands at `path` below `node`, as a model.

    Raises:
        DocumentError: every mistake that pydantic finds, each at its place.
    """
    try:
        return model.model_validate(node.find(path).plain())
    except ValidationError as error:
        raise DocumentError(problems_of(error, node, model, path)) from error


def problems_of(
    error: ValidationError,
    node: Node,
    model: type[BaseModel],
    path: Path = (),
    *,
    skip_expressions: bool = False,
) -> list[Problem]:
    """The problems behind a validation error of `model` about what stands at `path` below `node`.

    With `skip_expressions`, complaints about a value that holds an expression are left out, since its type is known
    only when it runs. The list can then be empty.
    """
    target = node.find(path)
    complaints = _settled([_Complaint.of(details, target) for details in error.errors(include_url=False)])
    return [
        problem
        for complaint in complaints
        if not (skip_expressions and complaint.about_expression(target))
        for problem in _problems(complaint, target, model, path)
    ]


@dataclass(frozen=True, slots=True)
class _Complaint:
    """One of pydantic's errors: its location falls into `path`, which is in the document, and the `tags` of unions."""

    kind: str
    location: Path
    path: Path
    tags: Mapping[Path, str]
    value: Any
    context: Mapping[str, Any]
    message: str
    kinds: tuple[str, ...] = ()

    @classmethod
    def of(cls, details: Any, node: Node) -> _Complaint:
        location: Path = tuple(part for part in details["loc"] if part != "[key]")
        path: list[str | int] = []
        tags: dict[Path, str] = {}
        for index, part in enumerate(location):
            inner = node.find((part,))
            if inner is node and not (details["type"] == "missing" and index == len(location) - 1):
                tags[tuple(path)] = f"{tags.get(tuple(path), '')}{part}"
                continue
            path.append(part)
            node = inner
        context = details.get("ctx", {})
        return cls(details["type"], location, tuple(path), tags, details["input"], context, details["msg"])

    def about_expression(self, node: Node) -> bool:
        if self.kind in ("missing", "extra_forbidden"):
            return False
        below = node.find(self.path).scalars()
        return any(isinstance(scalar.value, str) and "${{" in scalar.value for _, scalar in below)


def _settled(complaints: list[_Complaint]) -> list[_Complaint]:
    """Where a value fits no member of a union, all of them complain: keep the one that the author most likely meant."""
    for prefix in sorted({prefix for complaint in complaints for prefix in complaint.tags}, key=len):
        members: dict[str, list[_Complaint]] = {}
        others: list[_Complaint] = []
        for complaint in complaints:
            inside = complaint.path[: len(prefix)] == prefix and prefix in complaint.tags
            (members.setdefault(complaint.tags[prefix], []) if inside else others).append(complaint)
        if len(members) > 1:
            complaints = others + _meant(list(members.values()), len(prefix))
    return complaints


def _meant(members: list[list[_Complaint]], depth: int) -> list[_Complaint]:
    right_kind = [member for member in members if not _is_wrong_kind(member, depth)]
    if right_kind:
        return min(right_kind, key=len)
    first = members[0][0]
    kinds = tuple(dict.fromkeys(KINDS[complaint.kind] for member in members for complaint in member))
    return [_Complaint(first.kind, first.location, first.path, {}, first.value, {}, first.message, kinds)]


def _is_wrong_kind(member: Iterable[_Complaint], depth: int) -> bool:
    return all(complaint.kind in KINDS and len(complaint.path) == depth for complaint in member)


def _problems(complaint: _Complaint, node: Node, model: type[BaseModel], prefix: Path) -> Iterable[Problem]:
    place = node.place_of(complaint.path)
    path = (*prefix, *complaint.path)
    if complaint.kind == "step_kind":
        yield from _step_problems(node.find(complaint.path), path)
    elif complaint.kinds:
        yield Problem(place, *wrong_kind(path, complaint.value, list(complaint.kinds)))
    elif complaint.kind == "extra_forbidden":
        hint = did_you_mean(str(path[-1]), allowed_keys(model, complaint.location[:-1]))
        yield Problem(place, f"`{path[-1]}` is not a key of {_owner(complaint, model, prefix)}.", hint)
    else:
        yield Problem(place, *complain(complaint.kind, path, complaint.value, complaint.context, complaint.message))


def _owner(complaint: _Complaint, model: type[BaseModel], prefix: Path) -> str:
    """The thing that does not have a key."""
    parent = complaint.path[:-1]
    tag = complaint.tags.get(parent, "")
    if tag.endswith(" step"):
        return f"{'an' if tag[0] in 'aei' else 'a'} `{tag.removesuffix(' step')}` step"
    if whole := (*prefix, *parent):
        return name_of(whole).replace("`", "")
    words = "".join(
        f" {letter.lower()}" if letter.isupper() else letter for letter in model.__name__.strip("_")
    ).strip()
    return f"the {words}"


def _step_problems(item: Node, path: Path) -> Iterable[Problem]:
    """What is wrong with a step that has no kind, or several."""
    known = ", ".join(f"`{kind}`" for kind in STEP_KINDS)
    if not isinstance(item.value, dict):
        hint = f"Write a mapping with one of the keys {known}."
        yield Problem(item.place, f"{name_of(path).capitalize()} must be a step, not {shown(item.plain())}.", hint)
        return
    kinds = [key for key in item.value if key in STEP_KINDS]
    if kinds:
        listed = " and ".join(f"`{kind}`" for kind in kinds)
        yield Problem(
            item.keys[kinds[1]], f"This step has {listed}; a step does one thing.", "Make them steps of their own."
        )
        return
    strange = [key for key in item.value if key not in _STEP_KEYS and key not in StepBase.model_fields]
    for key in strange:
        near = closest(key, STEP_KINDS)
        hint = f"Did you mean `{near}`?" if near else f"A step has one of the keys {known}."
        yield Problem(item.keys[key], f"`{key}` is not a kind of step.", hint)
    if not strange:
        yield Problem(item.place, "This step does not say what to do.", f"Give it one of the keys {known}.")
