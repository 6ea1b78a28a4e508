"""What triggers, conditions, actions, connectors and sections have in common."""

from __future__ import annotations

import inspect
import textwrap
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from antiphon.components.capabilities import Ability


class Options(BaseModel):
    """The typed options of a component: closed and frozen. Give every field a description: it is the reference page."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Component:
    """Something a plugin registers under a name that authors write.

    The docstring of a component is its documentation everywhere: one sentence as the first paragraph, a YAML example of
    its use as the second, and prose after that if there is more to say. `ability` is what the network of its
    `connection` must be able to do, where it is written against a capability.
    """

    name: ClassVar[str]
    ability: ClassVar[Ability | None] = None
    Options: ClassVar[type[Options]] = Options

    @classmethod
    def sentence(cls) -> str:
        """What it does, in one sentence: the first paragraph of the docstring."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0].replace("\n", " ")

    @classmethod
    def example(cls) -> str:
        """A YAML example of its use: the second paragraph of the docstring."""
        paragraphs = inspect.cleandoc(cls.__doc__ or "").split("\n\n")
        return textwrap.dedent(paragraphs[1]) if len(paragraphs) > 1 else ""

    @classmethod
    def remarks(cls) -> str:
        """What there is to say beyond the example: the rest of the docstring."""
        return "\n\n".join(inspect.cleandoc(cls.__doc__ or "").split("\n\n")[2:])
