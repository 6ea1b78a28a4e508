"""How the runs of one workflow get along: the key `run` of a document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from antiphon.model.base import Noun
from antiphon.model.duration import Duration

Overlap = Literal["parallel", "skip", "restart", "queue"]


class RunOptions(Noun):
    """What becomes of a call while earlier runs have not ended. A run that waits has not ended."""

    overlap: Overlap = Field(
        "parallel", description="Run beside the earlier one, skip the call, stop the earlier one, or queue."
    )
    key: str = Field("", description="An expression: only runs with the same key get into one another's way.")
    max: int | None = Field(
        None, ge=1, le=100_000, description="How many runs of one key may be under way: one, but for `parallel`."
    )
    queue_max: int | None = Field(
        None, ge=0, le=100_000, description="How many may wait for their turn; what comes then is declined."
    )
    settle: Duration | None = Field(
        None, description="Debounce: only the last event is answered, once none of its key has come for so long."
    )
    settle_max: Duration | None = Field(None, description="How long that may go on before the last one is answered.")
    gather: Duration | None = Field(
        None, description="Coalesce: all events that come within so long are answered together, as trigger.events."
    )
    gather_max: int = Field(1000, ge=2, le=1000, description="How many events are answered together at most.")
    stop_after: int | None = Field(
        None, ge=1, le=1000, description="After how many failed runs in a row a trigger rests until a person starts it."
    )
    timeout: Duration | None = Field(None, description="How long a run may take, its waits included, before it fails.")

    @model_validator(mode="after")
    def _fit_together(self) -> RunOptions:
        if self.settle and self.gather:
            raise ValueError("a run settles or gathers, not both: it answers the last event, or all of them")
        if self.settle_max and not self.settle:
            raise ValueError("`settle_max` bounds `settle`, which is missing")
        if self.settle and self.settle_max and self.settle_max < self.settle:
            raise ValueError("`settle_max` is shorter than `settle`, so nothing could ever settle")
        if self.queue_max is not None and (self.overlap not in ("queue", "parallel") or self.places is None):
            raise ValueError(
                "`queue_max` bounds a queue, and there is none: write overlap: queue, or parallel with max"
            )
        return self

    @property
    def places(self) -> int | None:
        """How many runs of one key may be under way; None for any number."""
        return self.max or (None if self.overlap == "parallel" else 1)

    @property
    def apart(self) -> bool:
        """Whether runs never get into one another's way."""
        return self.places is None and not self.settle and not self.gather
