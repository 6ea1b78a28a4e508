"""Policy: what the workspace allows, and how a workflow tightens it.

The models of `[policy]` in antiphon.toml, and of the keys `limits`, `hours` and `cap` of a document. They use the same
words, so that what is set for all and what is set for one step reads the same.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from antiphon.model.base import Noun
from antiphon.model.duration import Duration, format_duration

Otherwise = Literal["hold", "skip"]
"""What becomes of an effect that may not go out now: it waits until it may, or it is left out."""

Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"


def _clock_time(text: object) -> str:
    if not isinstance(text, str) or not re.match(_CLOCK, text):
        raise ValueError(f"{text!r} is not a time of day; write it such as 08:30 or 17:00")
    return text


ClockTime = Annotated[
    str, BeforeValidator(_clock_time), WithJsonSchema({"type": "string", "pattern": _CLOCK, "examples": ["08:30"]})
]
"""A time of day as authors write it; 24:00 is the end of a day."""

Count = Annotated[int, Field(ge=1)]
Factor = Annotated[float, Field(gt=1)]
OWN_ZONES = ("subject", "workflow", "workspace")


class Concern(Noun):
    """Which effects a rule is about; an empty field means all of them.

    A channel is the family of an action, such as `email`, or one action, such as `email.send`.
    """

    channel: str = Field("", description="A family of actions such as `email`, or one such as `mastodon.post`.")
    connection: str = Field("", description="The name of a connection.")

    def concerns(self, action: str, connection: str) -> bool:
        """Whether the rule is about an effect of this action by this connection."""
        return is_of(action, self.channel) and self.connection in ("", connection)


def is_of(action: str, channel: str) -> bool:
    """Whether an action belongs to a channel; every action belongs to the empty one."""
    return channel in ("", action, action.partition(".")[0])


class Hours(Noun):
    """When something may go out: on some days, between two times of day. `between` may reach over midnight."""

    days: tuple[Day, ...] = Field(DAYS, description="The days; all of them when left out.")
    between: tuple[ClockTime, ClockTime] = Field(
        ("00:00", "24:00"), description="From the first time of day until the second, which may be on the next day."
    )
    tz: str = Field("subject", description="Whose clock: subject, workflow, workspace, or a zone such as Europe/Paris.")
    otherwise: Otherwise = Field("hold", description="At other times: hold it until it may go out, or skip it.")

    @field_validator("days")
    @classmethod
    def _has_one(cls, value: tuple[Day, ...]) -> tuple[Day, ...]:
        if not value:
            raise ValueError("without a day nothing would ever go out")
        return value

    @field_validator("between")
    @classmethod
    def _is_a_while(cls, value: tuple[str, str]) -> tuple[str, str]:
        if value[0] in (value[1], "24:00"):
            raise ValueError(f"nothing lies between {value[0]} and {value[1]}")
        return value

    @field_validator("tz")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in OWN_ZONES:
            try:
                ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                raise ValueError(
                    f"{value!r} is neither {', '.join(OWN_ZONES)} nor a zone such as Europe/Paris"
                ) from None
        return value


class HoursRule(Concern, Hours):
    """Hours of the workspace, for all its effects or for some."""

    @field_validator("tz")
    @classmethod
    def _has_no_workflow(cls, value: str) -> str:
        if value == "workflow":
            raise ValueError("the workspace's hours go by the clock of the subject, of the workspace, or of a zone")
        return value


class Cap(Noun):
    """How often this step may reach a person, and the group that its effects are counted in."""

    max: Count | None = Field(None, description="How many at most.")
    per: Duration | None = Field(None, description="In how long a time, such as 7d.")
    scope: Literal["workflow", "workspace"] = Field(
        "workflow", description="Whether only this workflow is counted, or all of the workspace."
    )
    group: str = Field("", description="A name under which effects of several workflows are counted together.")
    channel: str = Field("", description="Count only this channel, such as `email`.")
    otherwise: Otherwise = Field("hold", description="When it is full: hold the effect, or skip it.")

    @model_validator(mode="after")
    def _says_something(self) -> Cap:
        if (self.max is None) is not (self.per is None):
            raise ValueError("`max` and `per` belong together, such as max: 2, per: 7d")
        if self.max is None and not self.group:
            raise ValueError("it needs `max` and `per`, or a `group`")
        return self


class CapRule(Concern):
    """A cap of the workspace, over all workflows."""

    max: Count
    per: Duration
    each: Literal["person", "connection", "workspace"] = "person"
    group: str = ""
    otherwise: Otherwise = "hold"

    def told(self) -> str:
        """The cap for a person."""
        return f"{self.max} per {format_duration(self.per)}"


class Budget(Concern):
    """How much may be done, or spent, in a period of the workspace's calendar."""

    effects: Count | None = None
    cost: Annotated[float, Field(gt=0)] | None = None
    per: Literal["hour", "day", "week", "month"] = "month"
    otherwise: Otherwise = "hold"

    @model_validator(mode="after")
    def _limits_something(self) -> Budget:
        if self.effects is None and self.cost is None:
            raise ValueError("it needs `effects`, `cost`, or both")
        return self


class Blackout(Concern):
    """Days of the workspace's calendar on which nothing goes out; `until` is the last of them."""

    since: date = Field(alias="from")
    until: date | None = Field(None, alias="to")
    because: str = ""
    otherwise: Otherwise = "hold"

    @property
    def last(self) -> date:
        """The last day."""
        return self.until or self.since

    @model_validator(mode="after")
    def _is_a_while(self) -> Blackout:
        if self.last < self.since:
            raise ValueError(f"it ends on {self.last}, before it begins on {self.since}")
        return self


class NearDuplicates(Concern):
    """How alike two texts of one connection may be; `similarity` is the share of word triples they have in common."""

    within: Duration = timedelta(days=1)
    similarity: Annotated[float, Field(gt=0, le=1)] = 0.8
    otherwise: Literal["refuse", "hold", "skip"] = "refuse"


class Limits(Noun):
    """How much one run, or one day, may do. `blast_radius` is how many times the usual number is too many."""

    effects_per_run: Count | None = Field(None, description="Outward effects of one run at most.")
    effects_per_day: Count | None = Field(None, description="Outward effects on one day at most.")
    blast_radius: Factor | None = Field(None, description="Brake the workflow above so many times its usual number.")


class ConsentRule(Concern):
    """On which channel nobody is reached without consent, and to what purpose it must have been given.

    With a `group`, only effects that their step's `cap` puts into it are asked about. A consent to one purpose is none
    to another, nor one to no purpose.
    """

    group: str = ""
    purpose: str = Field("", pattern=r"^[^:]*$")

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        return {"channel": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _names_a_channel(self) -> ConsentRule:
        if not self.channel:
            raise ValueError("it needs a `channel`, such as email")
        return self

    def asks(self, action: str, connection: str, group: str) -> bool:
        """Whether the rule is about an effect of this action, connection and group."""
        return self.concerns(action, connection) and self.group in ("", group)

    def __str__(self) -> str:
        return f"{self.purpose} by {self.channel}" if self.purpose else self.channel


class PolicySettings(Limits):
    """All of `[policy]`. Nothing is limited that is not set here or in a document."""

    caps: tuple[CapRule, ...] = ()
    hours: tuple[HoursRule, ...] = ()
    consent: tuple[ConsentRule, ...] = ()
    budgets: tuple[Budget, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    near_duplicates: NearDuplicates | None = None
    alt_text: bool = Field(False, description="Whether every image must have an alt text.")


class Veto(Noun):
    """How long an effect waits for somebody to stop it, before it goes out."""

    window: Duration = Field(description="How long, such as 20m.")


class Terms(Noun):
    """What the document of an effect's workflow adds to the policy of the workspace."""

    hours: Hours | None = None
    cap: Cap | None = None
    veto: Veto | None = None
    limits: Limits = Limits()
    priority: int = 50
