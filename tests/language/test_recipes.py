from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from antiphon.errors import DocumentError, Place
from antiphon.language import Evaluator, Gallery, Unfolded, expand, read, shape
from antiphon.model.workflow import Workflow

OUTREACH = """\
antiphon: 1
recipe: outreach
version: 1.4.0
name: Creator outreach
summary: Emails creators.
requires: {plugins: [leads]}
inputs:
  tag: {type: text, label: Tag, required: true}
  touches: {type: integer, min: 1, max: 5, default: 3}
  gap: {type: duration, default: 4d}
  greeting: {type: text, default: Hello}
  after_reply:
    type: steps
    provides: {thread: thread}
    default: [{use: assign, with: {thread: "${{ slot.thread.id }}", tag: "${{ inputs.tag }}"}}]
checks:
  - if: ${{ inputs.gap * inputs.touches > duration('45d') }}
    level: warn
    say: This runs ${{ inputs.gap * inputs.touches }}.
  - if: ${{ inputs.tag == 'bad' }}
    say: This tag is not allowed.
workflow:
  tz: Europe/Paris
  labels: {kind: outreach}
  triggers:
    - id: tagged
      event: {type: creator.tagged, match: {tag: "${{ inputs.tag }}"}}
  actions:
    - wait: ${{ inputs.gap }}
    - id: mail
      use: send
      with:
        touches: ${{ inputs.touches * 2 }}
        text: ${{ inputs.greeting }}
        subject: "${{ inputs.tag }} for ${{ event.name }}"
        number: ${{ inputs.touches + event.count }}
        at: ${{ now() + inputs.gap }}
    - slot: after_reply
      with: {thread: "${{ event.thread }}"}
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with one recipe."""
    folder = tmp_path / "recipes"
    folder.mkdir()
    (folder / "outreach.yaml").write_text(OUTREACH, encoding="utf-8")
    return folder


def unfold(shelf: Path, text: str, **options: Any) -> Unfolded:
    return expand(read(text, "w.yaml"), Gallery([shelf]), Evaluator({}), **options)


def problems(shelf: Path, text: str, **options: Any) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        unfold(shelf, text, **options)
    return [str(problem).strip() for problem in caught.value.problems]


def test_workflow_stays(shelf: Path) -> None:
    """A document that uses no recipe is what it is."""
    node = read("id: w", "w.yaml")

    assert Unfolded(node) == expand(node, Gallery([shelf]))


def test_unfolded(shelf: Path) -> None:
    """The recipe's body gets the user's head and answers; what needs the run is left to the run."""
    text = "antiphon: 1\nid: q2\nrecipe: outreach@^1.4\nlabels: {team: a}\ninputs: {tag: short, gap: 48h}\n"
    unfolded = unfold(shelf, text)

    assert {
        "antiphon": 1,
        "id": "q2",
        "name": "Creator outreach",
        "summary": "Emails creators.",
        "tz": "Europe/Paris",
        "labels": {"kind": "outreach", "team": "a"},
        "triggers": [{"id": "tagged", "event": {"type": "creator.tagged", "match": {"tag": "short"}}}],
        "actions": [
            {"wait": "2d"},
            {
                "id": "mail",
                "use": "send",
                "with": {
                    "touches": 6,
                    "text": "Hello",
                    "subject": "short for ${{ event.name }}",
                    "number": "${{ inputs.touches + event.count }}",
                    "at": "${{ now() + inputs.gap }}",
                },
            },
            {"use": "assign", "with": {"thread": "${{ (event.thread).id }}", "tag": "short"}},
        ],
        "inputs": {"tag": "short", "touches": 3, "gap": "2d", "greeting": "Hello"},
    } == unfolded.node.plain()
    assert ["outreach 1.4.0"] == [str(recipe) for recipe in unfolded.recipes]
    assert "q2" == shape(unfolded.node, Workflow).id


def test_places(shelf: Path) -> None:
    """What the user said stands where the user said it, and the rest in the recipe."""
    node = unfold(shelf, "antiphon: 1\nid: q2\nrecipe: outreach\ninputs:\n  tag: short\n  gap: 2d\n").node

    assert Place("w.yaml", 2, 1) == node.place_of(("id",))
    assert Place("w.yaml", 5, 8) == node.place_of(("triggers", 0, "event", "match", "tag"))
    assert Place("w.yaml", 6, 8) == node.place_of(("actions", 0, "wait"))
    assert "recipes/outreach.yaml" == node.place_of(("actions", 1, "use")).file
    assert "recipes/outreach.yaml" == node.place_of(("actions", 1, "with", "text")).file


def test_slot(shelf: Path) -> None:
    """The user's own steps take the place of a slot, and see what the recipe hands them."""
    text = """\
antiphon: 1
id: q2
recipe: outreach
inputs:
  tag: short
  after_reply:
    - use: note
      with: {all: "${{ slot.thread }}", part: "in ${{ slot['thread'].id ~ event.x }} or ${{ slot.thread }}"}
    - wait: 1h
"""
    node = unfold(shelf, text).node

    assert [
        {
            "use": "note",
            "with": {
                "all": "${{ (event.thread) }}",
                "part": "in ${{ (event.thread).id ~ event.x }} or ${{ (event.thread) }}",
            },
        },
        {"wait": "1h"},
    ] == node.plain()["actions"][2:]
    assert Place("w.yaml", 9, 7) == node.place_of(("actions", 3, "wait"))


def test_slot_mistakes(shelf: Path) -> None:
    """A slot's steps can use only what they are handed, and have no slots."""
    head = "antiphon: 1\nid: q2\nrecipe: outreach\ninputs:\n  tag: a\n  after_reply:\n"

    assert ["w.yaml:7:14: This slot is not handed `thred`. Did you mean `thread`?"] == problems(
        shelf, head + "    - {emit: '${{ slot.thred }}'}\n"
    )
    assert ["w.yaml:7:7: The steps that fill a slot cannot have a slot themselves."] == problems(
        shelf, head + "    - slot: after_reply\n"
    )


def test_answer_with_expression(shelf: Path) -> None:
    """A text answer may hold an expression for the run; it is copied and never calculated with."""
    head = "antiphon: 1\nid: q2\nrecipe: outreach\n"
    node = unfold(shelf, head + "inputs: {tag: a, greeting: 'Hi ${{ event.name }}'}\n").node

    assert "Hi ${{ event.name }}" == node.plain()["actions"][1]["with"]["text"]
    (shelf / "outreach.yaml").write_text(OUTREACH.replace("${{ inputs.greeting }}", "${{ inputs.greeting ~ event.x }}"))
    assert (
        "The answer `greeting` holds an expression; it can only be copied, not calculated with."
        in problems(shelf, head + "inputs: {tag: a, greeting: 'Hi ${{ event.name }}'}\n")[0]
    )


def test_answers_make_no_expression(shelf: Path) -> None:
    """Answers cannot be put together to an expression that nobody wrote."""
    (shelf / "outreach.yaml").write_text(OUTREACH.replace('"${{ inputs.tag }} for', '"$${{ inputs.tag }} for'))

    told = problems(shelf, "antiphon: 1\nid: q\nrecipe: outreach\ninputs: {tag: '{{ secrets.x }}'}\n")
    assert "The answers make an expression here that neither the recipe nor they have." in told[0]


def test_checks(shelf: Path) -> None:
    """A recipe's checks warn of answers or refuse them, at the answer that they look at."""
    head = "antiphon: 1\nid: q2\nrecipe: outreach\n"
    [warning] = unfold(shelf, head + "inputs: {tag: a, gap: 20d}\n").warnings

    assert "w.yaml:4:18: This runs 60d." == str(warning)
    assert ["w.yaml:4:10: This tag is not allowed."] == problems(shelf, head + "inputs: {tag: bad}\n")


def test_every_answer_is_checked(shelf: Path) -> None:
    """Wrong answers are told all at once."""
    assert [
        "w.yaml:4:9: The input `tag` is missing. Tag",
        "w.yaml:4:10: There is no input `tga`. Did you mean `tag`?",
        "w.yaml:4:18: `touches` must be at most 5, not 9.",
    ] == problems(shelf, "antiphon: 1\nid: q2\nrecipe: outreach\ninputs: {tga: a, touches: 9}\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("antiphon: 1\nid: q\nrecipe: outrech", "w.yaml:3:9: There is no recipe `outrech`. Did you mean `outreach`?"),
        ("antiphon: 1\nid: q\nrecipe: outreach@9.9.9", "w.yaml:3:9: There is no version 9.9.9 of the recipe"),
        ("antiphon: 1\nid: q\nrecipe: outreach\ninput: {}", "w.yaml:4:1: `input` is not a key of the recipe use."),
        ("recipe: a\nversion: 1.0.0", "w.yaml:1:1: This is a recipe, which does nothing by itself."),
    ],
)
def test_no_such(text: str, expected: str, shelf: Path) -> None:
    """A use of what is not there is told where it is named."""
    assert problems(shelf, text)[0].startswith(expected)


def test_requires(shelf: Path) -> None:
    """A recipe that needs a plugin or a language that is not here is refused."""
    text = "antiphon: 1\nid: q\nrecipe: outreach\ninputs: {tag: a}\n"

    assert unfold(shelf, text, plugins={"leads"})
    assert "needs the plugin `leads`" in problems(shelf, text, plugins={"ads"})[0]
    (shelf / "outreach.yaml").write_text(OUTREACH.replace("{plugins: [leads]}", '{antiphon: ">=2"}'))
    assert "needs the language >=2" in problems(shelf, text)[0]


def test_recipe_of_a_recipe(shelf: Path) -> None:
    """A recipe whose body uses another is unfolded in turn, its answers filled from its own."""
    (shelf / "outer.yaml").write_text(
        "antiphon: 1\nrecipe: outer\nversion: 1.0.0\nname: Outer\ninputs: {word: {type: text, required: true}}\n"
        "workflow: {recipe: outreach, inputs: {tag: '${{ inputs.word }}-x'}}\n",
        encoding="utf-8",
    )
    unfolded = unfold(shelf, "antiphon: 1\nid: q\nrecipe: outer\ninputs: {word: a}\n")

    assert ["outer 1.0.0", "outreach 1.4.0"] == [str(recipe) for recipe in unfolded.recipes]
    assert "a-x" == unfolded.node.plain()["triggers"][0]["event"]["match"]["tag"]
    assert "Outer" == unfolded.node.plain()["name"]


def test_circle(shelf: Path) -> None:
    """Recipes that come back to themselves are told with the whole chain."""
    for name, other in (("hen", "egg"), ("egg", "hen")):
        (shelf / f"{name}.yaml").write_text(
            f"antiphon: 1\nrecipe: {name}\nversion: 1.0.0\nname: N\nworkflow: {{recipe: {other}}}\n", encoding="utf-8"
        )

    assert ["This recipe comes back to itself: hen 1.0.0 → egg 1.0.0 → hen 1.0.0. Cut one of the uses."] == [
        problem.partition(": ")[2] for problem in problems(shelf, "antiphon: 1\nid: q\nrecipe: hen\n")
    ]


def test_recipe_mistakes(shelf: Path) -> None:
    """Mistakes in a recipe's body are told in the recipe, all at once."""
    body = OUTREACH.replace("${{ inputs.touches * 2 }}", "${{ inputs.tuoches }}").replace(
        "slot: after_reply", "slot: after"
    )
    (shelf / "outreach.yaml").write_text(body, encoding="utf-8")

    told = problems(shelf, "antiphon: 1\nid: q\nrecipe: outreach\ninputs: {tag: a}\n")
    assert 2 == len(told)
    assert "recipes/outreach.yaml:33:22: " in told[0]
    assert "There is no input `tuoches`. Did you mean `touches`?" in told[0]
    assert "There is no slot `after`. Did you mean `after_reply`?" in told[1]


def test_unfolding_stays_small(shelf: Path) -> None:
    """A large answer that a recipe repeats does not become a huge workflow."""
    uses = ", ".join(["'${{ inputs.many }}'"] * 60)
    (shelf / "echo.yaml").write_text(
        "antiphon: 1\nrecipe: echo\nversion: 1.0.0\nname: E\ninputs: {many: {type: list}}\n"
        f"workflow: {{actions: [{uses}]}}\n",
        encoding="utf-8",
    )
    many = ", ".join(["1"] * 5000)

    assert (
        "more than 100,000 values"
        in problems(shelf, f"antiphon: 1\nid: q\nrecipe: echo\ninputs: {{many: [{many}]}}")[0]
    )
