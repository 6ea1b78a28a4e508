"""The gallery."""

from __future__ import annotations

import pytest

from .conftest import Line

RECIPE = """
antiphon: 1
recipe: greeting
version: 1.2.0
name: Greets
summary: Says a sentence.
effects: {outbound: []}
inputs:
  who: {type: text, label: Whom to greet, required: true, max: 20}
  times: {type: integer, label: How often, min: 1, max: 3, default: 1}
workflow:
  name: Greets
  tz: UTC
  triggers: [{id: by_hand, manual: {}}]
  actions: [{use: log, with: {message: "Hello, ${{ inputs.who }}"}}]
"""


@pytest.fixture
def gallery(antiphon: Line) -> Line:
    """A workspace with a recipe of its own."""
    antiphon.write("recipes/greeting.yaml", RECIPE)
    return antiphon


def test_list(gallery: Line) -> None:
    """The recipes of the workspace are in the gallery."""
    assert {"recipe": "greeting", "version": "1.2.0", "name": "Greets", "summary": "Says a sentence."} in gallery(
        "recipes", "list", "--json"
    ).document


def test_show(gallery: Line) -> None:
    """A recipe has a page: what it asks, with limits, and how to use it."""
    lines = [" ".join(line.split()) for line in gallery("recipes", "show", "greeting").out.splitlines()]

    assert "times integer from 1, to 3, else 1 How often" in lines
    assert "antiphon recipes use greeting --input who=…" in lines


def test_shipped(gallery: Line) -> None:
    """The page of a recipe of the gallery tells what it may do outside, when it refuses, and what is tested."""
    page = gallery("recipes", "show", "nurture-with-brakes").out

    assert "email.send  Sends an e-mail." in page
    assert "is more than most people want" in page
    assert "· an order ends it" in page


def test_use(gallery: Line) -> None:
    """Using a recipe writes a document that compiles and runs."""
    told = gallery("recipes", "use", "greeting", "--id", "hi", "--input", "who=Ana", "--json")
    assert (told.code, told.document) == (0, {"path": "workflows/hi.yaml", "problems": 0})
    assert "# times: 1    How often" in (gallery.folder / "workflows/hi.yaml").read_text()
    assert "Hello, Ana" in gallery("run", "hi", "--live").err


@pytest.mark.parametrize("answers", [[], ["--input", "who=" + "x" * 21], ["--input", "who=A", "--input", "whom=B"]])
def test_wrong_answers(gallery: Line, answers: list[str]) -> None:
    """Wrong or missing answers are refused, and nothing is written."""
    assert gallery("recipes", "use", "greeting", *answers).code == 1
    assert not (gallery.folder / "workflows/greeting.yaml").exists()


def test_never_over(gallery: Line) -> None:
    """A document that is there is not written over."""
    before = (gallery.folder / "workflows/hello.yaml").read_text()
    assert gallery("recipes", "use", "greeting", "--id", "hello", "--input", "who=Ana").code == 1
    assert (gallery.folder / "workflows/hello.yaml").read_text() == before


def test_unknown(gallery: Line) -> None:
    """An unknown recipe is answered with the nearest known one."""
    told = gallery("recipes", "show", "greetin")
    assert told.code == 1
    assert "greeting" in told.err
