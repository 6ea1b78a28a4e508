"""The triggers that are woken by a source, an event, another workflow or a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from antiphon.builtins.patterns.burst import BurstWatch
from antiphon.components.component import Options
from antiphon.components.interest import Interest
from antiphon.components.pattern import Pattern
from antiphon.components.trigger import Question, Trigger
from antiphon.model.base import Identifier
from antiphon.model.duration import Duration, format_duration
from antiphon.model.inputs import Input

SHORTEST_POLL = timedelta(seconds=10)
"""How often a source may be asked at most."""

RUN_FINISHED = "run.finished"
"""The type of the event that tells of the end of a run; its data has `workflow`, `state` and `run`."""

Ending = Literal["done", "failed", "stopped", "declined"]


class PollOptions(Options):
    """What is asked, how often, and which of the answers matter."""

    source: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$", description="A source, such as mastodon.mentions.")
    with_: dict[str, Any] = Field({}, alias="with", description="The options of the source.")
    every: Duration = Field(timedelta(minutes=5), description="How often it is asked, at least 10s.")
    match: Pattern = Field(Pattern(), description="What an item must look like.")
    first_run: Literal["seed", "fire"] = Field(
        "seed", description="Whether the items found at the very first time are only learnt, or answered."
    )

    @field_validator("every")
    @classmethod
    def _is_polite(cls, value: timedelta) -> timedelta:
        if value < SHORTEST_POLL:
            raise ValueError(f"{format_duration(value)} is too often; the shortest is {format_duration(SHORTEST_POLL)}")
        return value


class Poll(Trigger):
    """Asks a source now and then, and wakes the workflow for every item that is new.

        poll: {source: mastodon.mentions, with: {connection: brand}, every: 5m, match: {language: fr}}

    The first time it only learns what exists already, unless `first_run: fire` asks for the old items too.
    """

    name = "poll"
    polls = True
    Options = PollOptions

    def question(self, options: PollOptions) -> Question:
        """The question as the author wrote it."""
        return Question(options.source, options.with_, options.every, options.match, options.first_run == "seed")


class EventOptions(Options):
    """Which events."""

    type: str = Field(
        pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*\.(\*|[a-z0-9_]+)$",
        description="The type of event, such as mention.received; mention.* is any whose name begins so.",
    )
    match: Pattern = Field(Pattern(), description="What the event's data must look like.")


class OnEvent(Trigger):
    """Wakes the workflow for every event of a type that looks as described.

        event: {type: mention.received, match: {text: {contains_any: [cassé, broken]}}}

    Events come from polled sources, from webhooks, from `emit` steps and from files.
    """

    name = "event"
    Options = EventOptions

    def interest(self, options: EventOptions) -> Interest:
        """The type and the pattern as the author wrote them."""
        return Interest(options.type, options.match)


class ManualOptions(Options):
    """What the person is asked."""

    inputs: dict[Identifier, Input] = Field({}, description="The questions; the answers are `trigger.inputs`.")


class Manual(Trigger):
    """Lets a person start the workflow, and asks for what it needs.

        manual:
          inputs:
            headline: {type: text, max: 120, required: true}

    Nothing else wakes it.
    """

    name = "manual"
    Options = ManualOptions


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


class WorkflowOptions(Options):
    """Whose end, and which end."""

    id: Identifier | Literal["*"] = Field(description="The other workflow, or `*` for any.")
    state: Annotated[tuple[Ending, ...], BeforeValidator(_as_list), Field(min_length=1)] = Field(
        ("done",), description="How it ended: done, failed, stopped or declined, or a list of these."
    )
    at_least: int = Field(1, ge=1, le=10_000, description="How many runs must have ended so, with `within`.")
    within: Duration | None = Field(None, gt=timedelta(), description="Within how long, with `at_least`.")

    @model_validator(mode="after")
    def _counts(self) -> WorkflowOptions:
        if (self.at_least > 1) != (self.within is not None):
            raise ValueError("`at_least` (2 or more) and `within` belong together: so many runs within so long")
        return self

    @property
    def ends(self) -> Interest:
        """The ends of runs, by workflow and state."""
        wanted: dict[str, Any] = {"state": list(self.state)}
        if self.id != "*":
            wanted["workflow"] = self.id
        return Interest(RUN_FINISHED, Pattern.model_validate(wanted))


class OnWorkflow(Trigger):
    """Wakes the workflow when a run of another one has ended, or when so many have within so long.

        workflow: {id: launch-day, state: [failed, stopped]}

    The run that ended is `event.run`, and its workflow `event.workflow`. With `at_least` and `within` it is a `burst`.
    """

    name = "workflow"
    Options = WorkflowOptions

    def interest(self, options: WorkflowOptions) -> Interest | None:
        """Each end by itself, unless they are counted."""
        return None if options.within else options.ends

    def watch(self, options: WorkflowOptions) -> BurstWatch | None:
        """The counting of ends."""
        if options.within is None:
            return None
        what = f"{'a run' if options.id == '*' else options.id} {' or '.join(options.state)}"
        return BurstWatch((options.ends,), options.at_least, options.within, what=what)
