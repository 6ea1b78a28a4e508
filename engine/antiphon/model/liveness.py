"""What is taken for silence: the key `liveness` of a document."""

from __future__ import annotations

from pydantic import Field

from antiphon.model.base import Noun
from antiphon.model.duration import Duration


class Liveness(Noun):
    """How often a workflow is expected to run; less is an alert."""

    at_least: int = Field(1, ge=1, description="How many runs there must be.")
    per: Duration = Field(description="Within how long.")
