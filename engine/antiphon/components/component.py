"""What triggers, conditions, actions, connectors and sections have in common."""

from __future__ import annotations

import inspect
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """The typed options of a component: closed and frozen. Give every field a description: it is the reference page."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Component:
    """Something a plugin registers under a name that authors write.

    The docstring of a component is its documentation everywhere: one sentence, a blank line, then a YAML example of its
    use, indented by four spaces.
    """

    name: ClassVar[str]
    Options: ClassVar[type[Options]] = Options

    @classmethod
    def sentence(cls) -> str:
        """What it does, in one sentence: the first paragraph of the docstring."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0].replace("\n", " ")

    @classmethod
    def example(cls) -> str:
        """A YAML example of its use: the indented block of the docstring."""
        rest = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[2]
        lines = [line[4:] for line in rest.splitlines() if line.startswith("    ") or not line.strip()]
        return "\n".join(lines).strip("\n")
