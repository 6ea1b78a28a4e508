"""Findings: every problem of one document, gathered while the compiler walks on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from antiphon.errors import DocumentError, Place, Problem
from antiphon.language import problems_of

if TYPE_CHECKING:
    from antiphon.model.document import Node, Path

M = TypeVar("M", bound=BaseModel)


class Findings:
    """The problems found so far, and the document in which their places are looked up."""

    def __init__(self, node: Node, problems: Iterable[Problem] = ()) -> None:
        self.node = node
        self.problems = list(problems)

    def add(self, path: Path, sentence: str, hint: str = "", *, offset: int = 0) -> None:
        """Note a problem at a path; `offset` moves it to the right within a text that stands on one line."""
        place = self.node.place_of(path)
        if offset:
            value = self.node.find(path)
            inline = isinstance(value.value, str) and "\n" not in value.value
            place = value.place if not inline else Place(place.file, value.place.line, value.place.column + offset)
        self.problems.append(Problem(place, sentence, hint))

    def bind(self, model: type[M], path: Path) -> M | None:
        """The options at a path, typed; what only the run can know is left to the run. None when there are problems."""
        written = self.node.get(path)
        plain = written.plain() if written else None
        return self.bind_value(model, {} if plain is None else plain, path)

    def bind_value(self, model: type[M], value: object, path: Path) -> M | None:
        """As `bind`, for options that are only a part of what stands at the path."""
        try:
            return model.model_validate(value)
        except ValidationError as error:
            self.problems += problems_of(error, self.node, model, path, skip_expressions=True)
            return None

    def finish(self) -> None:
        """Raise what has been found, if anything."""
        if self.problems:
            raise DocumentError(self.problems)
