"""How the runs of one workflow get along: the key `run` of a document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from antiphon.model.base import Noun
from antiphon.model.duration import Duration

Overlap = Literal["parallel", "skip", "restart", "queue"]


class RunOptions(Noun):
    """What becomes of a call while earlier runs have not ended. A run that waits has not ended."""

    overlap: Overlap = Field(
        "parallel", description="Run beside the earlier one, skip the call, stop the earlier one, or queue."
    )
    key: str = Field("", description="An expression: only runs with the same key get into one another's way.")
    max: int | None = Field(None, ge=1, le=100_000, description="How many runs of one key may be under way.")
    timeout: Duration | None = Field(None, description="How long a run may take, its waits included, before it fails.")
