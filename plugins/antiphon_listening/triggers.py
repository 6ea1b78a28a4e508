"""The trigger of a spike."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field, field_validator

import antiphon
from antiphon import Duration, Pattern, Trigger
from antiphon_listening.mentions import MET
from antiphon_listening.spikes import SpikeWatch, interests


class SpikeOptions(antiphon.Options):
    """What is counted, and how much is too much."""

    query: str = Field("", description="The name of a saved query: what it finds is counted.")
    event: str = Field(MET, description="Another type of event to count; one with `sentiment` has a negative share.")
    match: Pattern = Field(Pattern(), description="What the event must look like.")
    per: str = Field("", description="An expression over `event`: its values are counted apart.")
    when: Literal["begins", "ends"] = Field("begins", description="Whether its beginning or its end is told.")
    sensitivity: float = Field(
        3.0, gt=1, le=100, description="How many deviations above the usual two hours in a row must be."
    )
    floor: int = Field(10, ge=1, description="How many mentions each of these hours must have at least.")
    negative_times: float = Field(2.0, gt=1, le=100, description="How many times the usual share of negative ones.")
    negative_floor: int = Field(20, ge=1, description="How many mentions an hour must have for that.")
    influential: int = Field(0, ge=0, description="How many followers make one negative mention a spike; 0 is never.")
    calm: Duration = Field(timedelta(hours=6), description="How long it must be quiet to be over; whole hours.")
    weeks: int = Field(8, ge=3, le=52, description="How many weeks are compared with.")

    @field_validator("calm")
    @classmethod
    def _whole_hours(cls, value: timedelta) -> timedelta:
        if value < timedelta(hours=1) or value % timedelta(hours=1):
            raise ValueError("write whole hours, at least 1h")
        return value


class OnSpike(Trigger):
    """Wakes the workflow when far more is said than is usual for the hour, or far worse, and once it is quiet again.

        listening.spike: {query: torrea, sensitivity: 3, floor: 10, calm: 6h}

    Each spike is told once, however long it lasts. `trigger.z` is how many deviations above the usual it is, and
    `trigger.negative_share` how much of it is negative. Sensitivity and calm are the settings to turn.
    """

    name = "listening.spike"
    computes = frozenset({"per"})
    Options = SpikeOptions

    def watch(self, options: SpikeOptions) -> SpikeWatch:
        """The counting."""
        wanted = options.match.model_dump(mode="json", by_alias=True, exclude_unset=True)
        match = {**wanted, **({"query": options.query} if options.query else {})}
        return SpikeWatch(
            interests(options.event, match, options.influential),
            options.when,
            options.sensitivity,
            options.floor,
            options.negative_times,
            options.negative_floor,
            options.calm // timedelta(hours=1),
            options.weeks,
            options.per,
        )
