"""Inputs: what a recipe or a run by hand asks for, with types and limits."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from antiphon.model.base import Noun

InputType = Literal[
    "text", "number", "integer", "boolean", "choice", "duration", "date", "time", "timezone",
    "url", "connection", "list", "steps",
]  # fmt: skip


class Input(Noun):
    """One question to the user. `min` and `max` limit a number, or the length of a text or list."""

    type: InputType
    label: str = ""
    help: str = ""
    section: str = ""
    required: bool = False
    default: Any = None
    min: Any = None
    max: Any = None
    options: list[str] | None = Field(None, description="What a choice may be.")
    pattern: str | None = Field(None, description="A regular expression that a whole text must match.")
    of: InputType | None = Field(None, description="The type of a list's items.")
    provides: Any = Field(None, description="What a connection must offer, or what a slot hands to its steps.")
