"""The common ground of every noun that is read from a document or written to the store."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
"""A name in a document: small letters, digits, dashes and underscores."""


class Noun(BaseModel):
    """Frozen, and closed: a key it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def describe(error: ValidationError) -> str:
    """What pydantic found, as one sentence that shows no values: they may be secret."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'it'}: {one['msg']}" for one in found)
