"""Every section, over a real store."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import pytest

from antiphon.components.section import ReportContext
from antiphon.model.report import Block, Cell
from antiphon_reporting import register_sections
from antiphon_reporting.sections import Answered, Heard, People, Runs, Waiting
from antiphon_reporting.sections.runs import shape

Context = Callable[..., ReportContext]


def figures(block: Block) -> Mapping[str, tuple[Cell, Cell]]:
    return {figure.label: (figure.value, figure.before) for figure in block.figures}


def chart(block: Block, number: int = 0) -> tuple[tuple[str, ...], Mapping[str, tuple[float | None, ...]]]:
    drawn = block.charts[number]
    return drawn.labels, {series.name: series.values for series in drawn.series}


@pytest.mark.usefixtures("week")
def test_heard(context: Context) -> None:
    """Events of the period are counted by type and by local day, and the period before is compared."""
    block = Heard().build(Heard.Options(), context())
    assert block.summary == "5 things were heard, above all mentions."
    assert figures(block) == {"Events": (5, 1), "Mentions": (3, 1), "Posts": (1, 0), "Feed items": (1, 0)}
    labels, series = chart(block)
    assert labels == tuple(f"2026-03-0{day}" for day in range(2, 9))
    assert series == {
        "Mentions": (1, 1, 1, 0, 0, 0, 0),
        "Posts": (0, 0, 0, 0, 0, 0, 1),
        "Feed items": (0, 1, 0, 0, 0, 0, 0),
    }
    assert chart(block, 1) == (("French", "not told"), {"Events": (3, 2)})


@pytest.mark.usefixtures("week")
def test_left_out(context: Context) -> None:
    """What an author leaves out is not counted, here or before."""
    block = Heard().build(Heard.Options(leave_out=["run.*", "mention.*"]), context())
    assert figures(block) == {"Events": (2, None), "Posts": (1, None), "Feed items": (1, None)}


@pytest.mark.usefixtures("week")
def test_answered(context: Context) -> None:
    """Effects are counted by action and state; the newest stand with their links; before the first is unknown."""
    block = Answered().build(Answered.Options(), context())
    assert block.summary == "4 answers were planned, 1 of them carried out."
    assert figures(block) == {"Held": (1, None), "Done": (1, None), "Refused": (1, None), "In doubt": (1, None)}
    assert chart(block) == (
        ("mastodon.post", "mastodon.boost"),
        {"held": (1, None), "done": (None, 1), "refused": (1, None), "in doubt": (1, None)},
    )
    rows = {row[1]: row for row in block.tables[0].rows}
    assert rows["mastodon.boost for boost"] == (
        "2026-03-02T09:00:00+00:00", "mastodon.boost for boost", "done", "https://social.example/1",
    )  # fmt: skip
    assert Answered().build(Answered.Options(rows=0), context()).tables == ()


@pytest.mark.usefixtures("week")
def test_runs(context: Context) -> None:
    """Runs are counted by workflow and state; reasons that differ in a value only are one reason."""
    block = Runs().build(Runs.Options(), context())
    assert figures(block) == {"Done": (1, None), "Declined": (2, None), "Failed": (1, None)}
    assert chart(block) == (("desk", "boosts"), {"done": (1, None), "declined": (2, None), "failed": (None, 1)})
    assert block.tables[0].rows == (
        ("desk", "declined", "event.text contains none of the words", 2),
        ("boosts", "failed", "the network is down", 1),
    )


@pytest.mark.parametrize(
    ("because", "without"),
    [
        ("event.followers (37) is not above 100", "event.followers is not above 100"),
        ("text ('a (b) c') is not there", "text is not there"),
        ("text (“cut off (in the…) contains “x”", "text contains “…”"),
        ("it is 21:14, not between 09:00 and 18:00", "it is 21:14, not between 09:00 and 18:00"),
        ("the key 'a1' is known", "the key 'a1' is known"),
        ("", ""),
    ],
)
def test_shape(because: str, without: str) -> None:
    """The shape of a reason is the reason without the values found."""
    assert shape(because) == without


@pytest.mark.usefixtures("week")
def test_people(context: Context) -> None:
    """Authors are counted; an event without one counts for nobody."""
    block = People().build(People.Options(), context())
    assert block.summary == "2 people spoke."
    assert block.tables[0].rows == (
        ("Ana", "ana", 3, "2026-03-04T09:00:00+00:00", "https://social.example/@ana"),
        ("Ben", "ben", 1, "2026-03-08T22:59:00+00:00", "https://social.example/@ben"),
    )


@pytest.mark.usefixtures("week")
def test_waiting(context: Context) -> None:
    """What waits is shown whenever it began, the most urgent ticket first; what is closed does not wait."""
    block = Waiting().build(Waiting.Options(), context())
    assert block.summary == "5 things wait for a person."
    assert figures(block) == {
        "Open tickets": (2, None), "Drafts to approve": (1, None),
        "In doubt": (1, None), "Held": (1, None),
    }  # fmt: skip
    effects, tickets, drafts = block.tables
    assert [(row[1], row[2], row[3]) for row in effects.rows] == [
        ("mastodon.post for reply", "in doubt", "no answer"),
        ("mastodon.post for later", "held", "the token is dead"),
    ]
    assert tickets.rows == (
        ("T-1", "urgent", "Number 1", None, None),
        ("T-0", "low", "Number 0", None, None),
    )
    assert drafts.rows == (("T-0", "Hello", "1"),)


@pytest.mark.parametrize("section", register_sections())
@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing(section: Any, language: str, context: Context) -> None:
    """Over an empty store a section says in words that there is nothing."""
    said = section().build(section.Options(), context(language))
    block = said if isinstance(said, Block) else said[0]
    assert block.summary.startswith(("No", "Nobody", "Rien", "Personne", "Aucun"))
    assert block.tables == block.charts == ()


def test_words() -> None:
    """Every language has the same words."""
    catalogue = tomllib.loads(files("antiphon_reporting").joinpath("words.toml").read_text("utf-8"))

    def keys(table: Mapping[str, Any]) -> Any:
        return {key: keys(value) if isinstance(value, dict) else None for key, value in table.items()}

    assert keys(catalogue["fr"]) == keys(catalogue["en"])
