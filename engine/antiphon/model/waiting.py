"""What a run waits for, and what ends it early: the keys `wait_for`, `exit`, `retry` and `timeout` of a document."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from antiphon.model.base import Identifier, Noun
from antiphon.model.conditions import Conditions
from antiphon.model.duration import Duration

EventType = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*\.(\*|[a-z0-9_]+)$")]
"""A dotted type of event, or a family such as `mention.*`."""


class EventMatch(Noun):
    """An event that a run looks out for. The values of `match` may hold expressions of the run."""

    type: EventType = Field(description="The type of event, such as message.received; message.* is any such.")
    match: dict[str, Any] = Field({}, description="What the event's data must look like.")


class WaitForOptions(Noun):
    """Which event goes on with the run, and what becomes of it when none comes."""

    event: EventMatch
    timeout: Duration | None = Field(None, description="How long to wait; without it, for as long as it takes.")
    on_timeout: Literal["continue", "stop", "fail"] = Field(
        "continue", description="When nothing has come: go on, stop the run, or fail the step."
    )


class ExitEvent(EventMatch):
    """An event that ends the run, and the name of that end."""

    then: Identifier = "left"


class Exit(Noun):
    """A way out of a run: an event, or a condition that is asked before every step."""

    event: ExitEvent | None = None
    if_: Conditions | None = Field(None, alias="if")
    then: Identifier = "left"

    @model_validator(mode="after")
    def _one_way(self) -> Exit:
        if (self.event is None) == (self.if_ is None):
            raise ValueError("a way out has either `event` or `if`")
        return self

    @property
    def called(self) -> str:
        """The name of the end, under which `on_exit` has its steps."""
        return self.event.then if self.event and self.event.then != "left" else self.then


Trouble = Literal["unavailable", "rejected", "error"]


class Retry(Noun):
    """How often a step is tried before it fails, and how long it waits in between.

    `unavailable` is a network that is not there or asks for patience, `rejected` its no, `error` a failure before
    anything was sent. What is in doubt is never tried again, but looked up.
    """

    times: int = Field(3, ge=1, le=50, description="How often it is tried again, after the first time.")
    wait: Duration = Field(timedelta(seconds=30), description="How long to wait before the second try.")
    factor: float = Field(2.0, ge=1, le=10, description="By how much each wait is longer than the one before.")
    longest: Duration = Field(timedelta(minutes=15), description="The longest wait.")
    on: tuple[Trouble, ...] = Field(
        ("unavailable",), min_length=1, description="Which kinds of trouble are worth another try."
    )

    def pause(self, tries: int) -> timedelta:
        """How long to wait after so many tries."""
        return min(self.wait * self.factor ** min(tries - 1, 50), self.longest)
