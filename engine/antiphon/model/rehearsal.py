"""Tests of a document: what is heard when, what networks would answer, and what must come of it.

A text `fixtures/NAME` stands for what the test's `fixtures` has under that name, or for the file NAME.json or NAME.yaml
in the folder `fixtures` beside the document; `fixtures/NAME.key` for a part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, model_validator

from antiphon.model.base import Identifier, Noun
from antiphon.model.duration import Duration
from antiphon.model.effect import EffectState
from antiphon.model.run import StepState

OWN_ENDS = ("done", "declined", "stopped", "failed", "held")
"""How a run may have finished, beside the names of its exits."""


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


class HeardEvent(Noun):
    """Something that is heard so long after the test has begun. What it does not have a key for is its data."""

    model_config = ConfigDict(extra="allow")

    at: Duration = Field(timedelta(), description="How long after the beginning.")
    type: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$", description="The type, such as mention.received.")
    id: str = Field("", description="Its id; two with one id are the same event.")
    source: str = Field("", description="The source it comes from, such as mastodon.mentions.")
    data: Any = Field({}, description="Its data, or fixtures/NAME; keys beside these are data as well.")

    @property
    def extra(self) -> Mapping[str, Any]:
        """The data that stands beside the keys."""
        return self.model_extra or {}


Trouble = Literal["done", "rejected", "limited", "unreachable", "denied", "unknown"]


class ScriptedAnswer(Noun):
    """What a network would answer to an effect, or what a step would compute. Each answers once, in their order."""

    use: str = Field("", description="The action that is answered; without it, the next effect.")
    match: dict[str, Any] = Field({}, description="What its content must look like.")
    answer: Trouble = Field(
        "done",
        description="done, rejected (it said no), limited (come back later), unreachable, denied (the credentials are "
        "dead) or unknown (nobody can tell).",
    )
    result: Any = Field(None, description="What `steps.ID` has then; of an act remote_id, url, and what else there is.")
    because: str = Field("", description="The words of the network.")
    after: Duration = Field(timedelta(minutes=15), description="When to come back, for limited.")
    found: bool | None = Field(
        None, description="For unknown: whether it is there when one looks; without it nobody can look."
    )
    times: int = Field(1, ge=1, le=1000, description="How many are answered like this.")


class Word(Noun):
    """What somebody says to the approval that is open then."""

    at: Duration = Field(timedelta(), description="How long after the beginning.")
    decide: Literal["approve", "reject", "veto"] = Field(
        description="approve or reject what is asked; veto the effect that goes out next."
    )
    by: str = Field(description="Who says so: a person of the group.")
    comment: str = ""
    edited: Any = Field(None, description="What they make of the content.")


class ExpectedEffect(Noun):
    """An effect that must come. A key that is none of these is a field of its content, compared as a `match` does."""

    model_config = ConfigDict(extra="allow")

    use: str = Field("", description="The action.")
    connection: str = ""
    key: str = Field("", description="Its key: workflow/step/subject/event, or the author's own.")
    to: str = Field("", description="Whom it goes to: the content's `to`, or a recipient.")
    at: Duration | None = Field(None, description="How long after the beginning it was done, or last put off.")
    state: EffectState = Field(EffectState.DONE, description="What became of it.")
    because: str = Field("", description="A part of the reason, for one that was not done.")

    @property
    def content(self) -> Mapping[str, Any]:
        """The fields of the content that are asked for."""
        return self.model_extra or {}


class ExpectedStep(Noun):
    """How a step must have ended."""

    state: StepState | None = None
    because: str = Field("", description="A part of the reason.")
    result: Any = Field(None, description="What it gave; of a mapping the fields named, compared as a `match` does.")


def _step(value: Any) -> Any:
    return value if isinstance(value, dict | ExpectedStep) else {"state": value}


class Expected(Noun):
    """What must come of a test. What is left out is not asked."""

    effects: list[ExpectedEffect] | None = Field(
        None,
        description="All that was to reach somebody outside, in order; what reaches nobody outside may stand here too.",
    )
    not_effects: list[ExpectedEffect] = Field([], description="What must not have been done.")
    finished: Annotated[list[str], BeforeValidator(_as_list)] = Field(
        [],
        description="How the runs ended: done, declined, stopped, failed, held, or the name of an exit; one for all "
        "runs, or one for each.",
    )
    because: str = Field("", description="A part of the reason of a run's end.")
    declined: str = Field("", description="A part of the reason for which a run was declined.")
    fires: bool | None = Field(None, description="Whether there is a run at all.")
    runs: int | None = Field(None, ge=0, description="How many runs there are.")
    steps: dict[str, Annotated[ExpectedStep, BeforeValidator(_step)]] = Field(
        {}, description="How steps ended, by id or path; of several runs, in one of them."
    )

    @model_validator(mode="after")
    def _asks_something(self) -> Expected:
        if not self.model_fields_set:
            raise ValueError("expects nothing; write at least one of " + ", ".join(type(self).model_fields))
        return self


class TestCase(Noun):
    """One test of a workflow or recipe, on a clock that is moved. Nothing in it is sent."""

    __test__ = False  # not one of pytest's

    name: str = Field(min_length=1, description="The law it states.")
    clock: AwareDatetime = Field(
        "2026-03-02T09:00:00Z",
        description="When it begins: an ISO 8601 time with its offset.",
        validate_default=True,
    )
    until: Duration | None = Field(
        None, description="How long it goes on; without it, until nothing is left to happen, at most a year."
    )
    inputs: dict[str, Any] = Field({}, description="The answers to a recipe's questions, or those of a run by hand.")
    by_hand: bool = Field(False, description="Whether somebody starts the workflow at the beginning.")
    ticks: bool = Field(False, description="Whether the clock wakes its schedules; needs `until`.")
    events: list[HeardEvent] = Field([], description="What is heard, and when.")
    answers: list[ScriptedAnswer] = Field([], description="What networks answer; without one, an effect is done.")
    approvals: list[Word] = Field([], description="What people say.")
    fixtures: dict[Identifier, Any] = Field({}, description="Values by name, before the files beside the document.")
    connections: dict[Identifier, str] = Field({}, description="Accounts that only this test has, with their network.")
    people: list[Any] = Field([], description="Whom the brand has met, each with an id, or fixtures/NAME.")
    flags: dict[str, bool] = Field({}, description="Flags of the workspace, before those of antiphon.toml.")
    expect: Expected

    @model_validator(mode="after")
    def _ends(self) -> TestCase:
        if self.ticks and self.until is None:
            raise ValueError("has `ticks: true`, which never ends; say `until:`, such as until: 7d")
        return self
