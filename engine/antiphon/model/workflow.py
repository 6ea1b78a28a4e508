"""A workflow: what the author said, in the author's own shape.

The keys of these models are the keys of the document, so that every complaint can be shown where the author looks.
Values that may hold an expression are typed `Any`; the compiler checks what they lead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, Tag

from antiphon.model.base import Identifier, Noun
from antiphon.model.conditions import Conditions
from antiphon.model.duration import Duration
from antiphon.model.liveness import Liveness
from antiphon.model.overlap import RunOptions
from antiphon.model.policy import Cap, Hours, Limits, Veto
from antiphon.model.rehearsal import TestCase
from antiphon.model.waiting import Exit, Retry, WaitForOptions


class TriggerItem(Noun):
    """One call that the workflow answers: an id and exactly one key that names the kind of trigger."""

    model_config = ConfigDict(extra="allow")

    id: Identifier

    @property
    def kinds(self) -> Mapping[str, Any]:
        """The keys beside `id`; a well-formed item has exactly one."""
        return self.model_extra or {}


class EffectOptions(Noun):
    """How an author widens or narrows the identity of an effect."""

    key: str


class StepBase(Noun):
    """What every step may have."""

    id: Identifier | None = None
    name: str = ""


class Use(StepBase):
    """Do what a plugin offers."""

    use: str
    with_: dict[str, Any] = Field({}, alias="with")
    effect: EffectOptions | None = None
    hours: Hours | None = None
    cap: Cap | None = None
    veto: Veto | None = None
    retry: Retry | None = None
    timeout: Duration | None = None


class If(StepBase):
    """Take one of two ways."""

    if_: Conditions = Field(alias="if")
    then: list[Step]
    else_: list[Step] = Field([], alias="else")


class Choice(Noun):
    """One way of a `choose`."""

    if_: Conditions = Field(alias="if")
    then: list[Step]


class Choose(StepBase):
    """Take the first way whose conditions hold."""

    choose: list[Choice] = Field(min_length=1)
    else_: list[Step] = Field([], alias="else")


class Loop(Noun):
    """What an `each` goes over, and what the item is called."""

    in_: Any = Field(alias="in")
    as_: Identifier = Field("item", alias="as")


class Each(StepBase):
    """Do the steps once for every item of a list, in order."""

    each: Loop
    steps: list[Step] = Field(min_length=1)


class Branches(Noun):
    """Steps that do not wait for one another."""

    steps: list[Step] = Field(min_length=1)
    fail: Literal["stop", "continue"] = "stop"


class Parallel(StepBase):
    """Do several steps side by side; the next step waits for all of them."""

    parallel: Branches


class Posts(Noun):
    """What is posted, option by option, and to which accounts; each may say something of its own instead.

    The options are those of `post.publish`, or of the action that an account `use`s instead, such as `post.thread`.
    """

    model_config = ConfigDict(extra="allow")

    to: dict[Identifier, dict[str, Any] | None] = Field(min_length=1)
    fail: Literal["stop", "continue"] = "stop"


class Post(StepBase):
    """Post to several accounts, side by side, each in words that suit it."""

    id: Identifier = Field(description="The name of the step, and the beginning of the name of each account's own.")
    post: Posts
    hours: Hours | None = None
    cap: Cap | None = None
    veto: Veto | None = None
    retry: Retry | None = None
    timeout: Duration | None = None


class Set(StepBase):
    """Give values a name, seen by later steps as `vars.name`."""

    set: dict[Identifier, Any] = Field(min_length=1)


class Call(StepBase):
    """Run another workflow and take its result as this step's."""

    call: Identifier
    with_: dict[str, Any] = Field({}, alias="with")


class StopOptions(Noun):
    """How the run ends, and what it hands back."""

    because: str = ""
    result: Any = None
    failed: bool = False


class Stop(StepBase):
    """End the run here."""

    stop: str | StopOptions


class Try(StepBase):
    """Do steps; when one fails do others, with `error.message` and `error.step`; and some in any case."""

    try_: list[Step] = Field(alias="try", min_length=1)
    catch: list[Step] = []
    finally_: list[Step] = Field([], alias="finally")


class WaitUntil(Noun):
    """A moment: an expression that gives one, or an ISO 8601 time; without an offset it is in the workflow's zone."""

    until: str = Field(min_length=1)


class Wait(StepBase):
    """Go on after a while, or at a moment."""

    wait: Duration | WaitUntil


class WaitFor(StepBase):
    """Go on when something happens."""

    wait_for: WaitForOptions


class Emit(StepBase):
    """Announce an event to every workflow."""

    emit: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")
    with_: dict[str, Any] = Field({}, alias="with")


class Approvers(Noun):
    """Who may approve, and how many of them it takes; `not_author` keeps out whoever started the run."""

    group: Identifier
    quorum: int = Field(1, ge=1)
    not_author: bool = False


class Rework(Noun):
    """Where a run goes back to when it is rejected."""

    rework: Identifier


class ApproveOptions(Noun):
    """What people are shown, who they are, and what becomes of the run without their consent."""

    show: Any
    by: Approvers
    due: Duration | None = None
    on_timeout: Literal["stop", "continue"] = "stop"
    on_reject: Literal["stop"] | Rework = "stop"


class Approve(StepBase):
    """Go on when people have approved exactly what they were shown."""

    approve: ApproveOptions


STEP_KINDS: Mapping[str, type[StepBase]] = {
    "use": Use,
    "if": If,
    "choose": Choose,
    "each": Each,
    "parallel": Parallel,
    "post": Post,
    "set": Set,
    "call": Call,
    "stop": Stop,
    "try": Try,
    "wait": Wait,
    "wait_for": WaitFor,
    "emit": Emit,
    "approve": Approve,
}


def step_kind(item: Any) -> str | None:
    """The one discriminating key of a step, or None when it has none or several."""
    if isinstance(item, StepBase):
        return next(kind for kind, model in STEP_KINDS.items() if type(item) is model)
    found = [key for key in item if key in STEP_KINDS] if isinstance(item, Mapping) else []
    return found[0] if len(found) == 1 else None


def _tag(item: Any) -> str | None:
    # A tag appears in the path of a complaint, where it must not be taken for a key of the document.
    kind = step_kind(item)
    return f"{kind} step" if kind else None


Step: TypeAlias = Annotated[
    Annotated[Use, Tag("use step")]
    | Annotated[If, Tag("if step")]
    | Annotated[Choose, Tag("choose step")]
    | Annotated[Each, Tag("each step")]
    | Annotated[Parallel, Tag("parallel step")]
    | Annotated[Post, Tag("post step")]
    | Annotated[Set, Tag("set step")]
    | Annotated[Call, Tag("call step")]
    | Annotated[Stop, Tag("stop step")]
    | Annotated[Try, Tag("try step")]
    | Annotated[Wait, Tag("wait step")]
    | Annotated[WaitFor, Tag("wait_for step")]
    | Annotated[Emit, Tag("emit step")]
    | Annotated[Approve, Tag("approve step")],
    Discriminator(
        _tag,
        custom_error_type="step_kind",
        custom_error_message=f"A step needs exactly one of the keys {', '.join(STEP_KINDS)}",
    ),
]
"""One item of `actions:`."""


class Workflow(Noun):
    """What the author said, recipes unfolded."""

    antiphon: Literal[1]
    id: Identifier
    name: str
    summary: str = ""
    tz: str = Field(description="An IANA time zone such as Europe/Paris, or `workspace`.")
    enabled: bool = True
    labels: dict[str, str] = {}
    triggers: list[TriggerItem] = Field(min_length=1)
    conditions: Conditions = []
    subject: str = Field("", description="An expression: whom the run is about.")
    limits: Limits = Field(Limits(), description="How much it may do: tighter than the workspace's, never looser.")
    priority: int = Field(50, ge=0, le=100, description="Who goes first when two workflows compete; the higher does.")
    run: RunOptions = Field(RunOptions(), description="How its runs get along, and how long one may take.")
    liveness: Liveness | None = Field(None, description="How often it must run; silence is an alert.")
    actions: list[Step] = Field(min_length=1)
    exit: list[Exit] = Field([], description="What ends a run early: looked at before every step and while it waits.")
    on_exit: dict[Identifier, list[Step]] = Field({}, description="Steps for each of these ends, by its name.")
    on_error: list[Step] = Field([], description="Steps for a run that has failed; they see `error`.")
    tests: list[TestCase] = Field([], description="What must come of what, on a clock that is moved.")
    inputs: dict[str, Any] = Field({}, description="Filled by a recipe; read as `inputs.name`.")


for _model in STEP_KINDS.values():
    _model.model_rebuild()
for _part in (Choice, Branches, Workflow):
    _part.model_rebuild()
