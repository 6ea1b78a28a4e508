from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from antiphon.errors import DocumentError, Place
from antiphon.language import problems_of, read, shape
from antiphon.model.document import Node
from antiphon.model.duration import Duration
from antiphon.model.workflow import Workflow

HEAD = """\
antiphon: 1
id: w
name: W
tz: Europe/Paris
triggers: [{id: t, manual: {}}]
actions:
"""


def problems(text: str, model: type[BaseModel] = Workflow) -> list[str]:
    """What is wrong with a document's shape."""
    with pytest.raises(DocumentError) as caught:
        shape(read(text, "w.yaml"), model)
    return [
        f"{problem.place.line}:{problem.place.column} {problem.sentence} {problem.hint}".strip()
        for problem in caught.value.problems
    ]


def test_valid() -> None:
    """A document of the right shape becomes the model."""
    workflow = shape(read(f"{HEAD}  - wait: 90m\n", "w.yaml"), Workflow)

    assert "w" == workflow.id


def test_all_at_once() -> None:
    """Every mistake is told in one go, in reading order, each at its own key."""
    text = """\
antiphon: 2
id: Bad Id
nme: x
tz: 5
labels: {a: 1}
enabled: maybe
triggers: []
actions: [{wait: ten}]
"""
    assert [
        "1:1 `antiphon` must be 1, not the number 2.",
        "1:1 `name` is missing.",
        "2:1 `id` must be small letters, digits, dashes and underscores, such as launch-day, not “Bad Id”.",
        "3:1 `nme` is not a key of the workflow. Did you mean `name`?",
        '4:1 `tz` must be a text, not the number 5. If a text is meant, put it in quotes: "5".',
        '5:10 `a` must be a text, not the number 1. If a text is meant, put it in quotes: "1".',
        "6:1 `enabled` must be true or false, not the text “maybe”.",
        "7:1 `triggers` must have at least 1 entry.",
        "8:12 `wait`: 'ten' is not a length of time; write a number and a unit, such as 30m or 3d.",
    ] == problems(text)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("{use: a, wth: {}}", "7:14 `wth` is not a key of a `use` step. Did you mean `with`?"),
        ("{usee: a}", "7:6 `usee` is not a kind of step. Did you mean `use`?"),
        ("{banana: a}", "7:6 `banana` is not a kind of step. A step has one of the keys `use`, `if`, "),
        ("{use: a, wait: 3s}", "7:14 This step has `use` and `wait`; a step does one thing."),
        ("{id: a, with: {}}", "7:5 This step does not say what to do. Give it one of the keys `use`, `if`, "),
        ("post", "7:5 Item 1 of `actions` must be a step, not the text “post”."),
        ("{stop: {becuase: x}}", "7:13 `becuase` is not a key of stop. Did you mean `because`?"),
        ("{stop: 5}", "7:6 `stop` must be a text or a mapping of keys to values, not the number 5."),
        ("{parallel: {steps: [{use: 1}]}}", "7:26 `use` must be a text, not the number 1."),
        ("{parallel: {steps: [wait: 1s], fail: contine}}", "`fail` must be stop or continue, not the text “contine”."),
        ("{if: 3, then: []}", "7:6 `if` must be a text, true or false, a mapping of keys to values or a list, not the"),
        ("{if: true, then: [{emit: x}]}", "7:24 `emit` must be words joined by dots, such as order.shipped, not “x”."),
        ("{if: [a, [b]], then: []}", "7:14 Item 2 of `if` must be a text, true or false or a mapping"),
        ("{set: {A b: 1}}", "7:12 `A b` must be small letters, digits, dashes and underscores"),
        ("{try: [{wiat: 1s}]}", "7:13 `wiat` is not a kind of step. Did you mean `wait`?"),
    ],
)
def test_steps(step: str, expected: str) -> None:
    """A mistake in a step is told as one about steps, not about unions of models."""
    [problem] = problems(f"{HEAD}  - {step}\n")

    assert problem.startswith(expected) or expected in problem


class Limits(BaseModel):
    model_config = ConfigDict(extra="forbid")

    many: int = Field(1, gt=0, le=5)
    part: float = Field(0.5, ge=0, lt=1)
    word: str = Field("ab", min_length=2, max_length=3)
    filled: str = Field("a", min_length=1)
    some: list[int] = Field([1], max_length=2)
    either: int | Literal["all"] = "all"
    length: Duration | None = None
    tagged: Annotated[list[dict[str, int]], Field(min_length=1)] = [{}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("many: ten", "1:1 `many` must be a whole number, not the text “ten”."),
        ("many: 1.5", "1:1 `many` must be a whole number, not the number 1.5."),
        ("many: 0", "1:1 `many` must be more than 0, not 0."),
        ("many: 6", "1:1 `many` must be at most 5, not 6."),
        ("part: -1", "1:1 `part` must be at least 0.0, not -1."),
        ("part: x", "1:1 `part` must be a number, not the text “x”."),
        ("word: a", "1:1 `word` must have at least 2 characters, not 1."),
        ("word: abcd", "1:1 `word` must have at most 3 characters, not 4."),
        ('filled: ""', "1:1 `filled` must not be an empty text."),
        ("some: [1, 2, 3]", "1:1 `some` must have at most 2 entries."),
        ("some: 1", "1:1 `some` must be a list, not the number 1. Begin each item with `- ` on a line of its own"),
        ("some: [1, x]", "1:11 Item 2 of `some` must be a whole number, not the text “x”."),
        ("either: x", "1:1 `either` must be"),
        ("length: 5", "1:1 `length`: 5 is not a length of time"),
        ("tagged: [{a: x}]", "1:11 `a` must be a whole number, not the text “x”."),
        ("some: ${{ x }}", "1:1 `some` must be a list"),
    ],
)
def test_sentences(text: str, expected: str) -> None:
    """Types and limits are told in the author's words."""
    [problem] = problems(text, Limits)

    assert problem.startswith(expected)


def test_below_a_path() -> None:
    """What stands further down is shaped from there, and told where it stands."""
    node = read("a:\n  - with: {many: 9, mny: 1}\n", "w.yaml")

    with pytest.raises(DocumentError) as caught:
        shape(node, Limits, ("a", 0, "with"))

    assert [Place("w.yaml", 2, 12), Place("w.yaml", 2, 21)] == [problem.place for problem in caught.value.problems]
    assert "`mny` is not a key of with." == caught.value.problems[1].sentence


def test_expressions_are_skipped() -> None:
    """What only the run can know is passed over when asked for; what is wrong in any case is not."""
    node = read("many: ${{ a }}\nsome: [1, '${{ b }}']\nword: abcd\nmny: ${{ c }}\n", "w.yaml")

    with pytest.raises(ValidationError) as caught:
        Limits.model_validate(node.plain())
    sentences = [problem.sentence for problem in problems_of(caught.value, node, Limits, skip_expressions=True)]

    assert ["`word` must have at most 3 characters, not 4.", "`mny` is not a key of the limits."] == sentences
    assert 4 == len(problems_of(caught.value, node, Limits))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["id", "use", "with", "if", "then", "wait", "stop", "actions", "triggers", "conditions", "steps", "x", "set"]
    ), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([*Workflow.model_fields, "x"]), JSON, max_size=6))
def test_any_tree(tree: dict[str, Any]) -> None:
    """Any tree either has the shape or has problems with sentences; nothing else is ever raised."""
    workflow, told = None, []
    try:
        workflow = shape(Node.of(tree, Place("w.yaml")), Workflow)
    except DocumentError as error:
        told = [problem.sentence for problem in error.problems]

    assert (workflow is None) == bool(told)
    assert all(sentence.endswith((".", "?", "!", "…")) for sentence in told)
