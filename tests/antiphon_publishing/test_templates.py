"""Templates: the same words for the same person, and other words where an account has some."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from antiphon.cli.app import cli
from antiphon.errors import GiveUp
from antiphon.model.run import RunState
from antiphon_publishing.checking import problems
from antiphon_publishing.templates import Template

from .conftest import Studio

LAUNCH = """
text = ["{{ name }} is here: {{ link }}", "Fresh: {{ name }}. {{ link }}", "Taste {{ name }}! {{ link }}"]

[for.sky]
text = "New: {{ name | our roast }} {{ link }}"

[for.mastodon]
text = "{{ name }} #coffee {{ link }}"
"""
FILL: dict[str, Any] = {
    "id": "words",
    "use": "template.fill",
    "with": {
        "template": "launch",
        "accounts": ["brand", "sky"],
        "values": {"name": "${{ event.name }}", "link": "https://torrea.example/@beans"},
    },
}
LINK = "https://torrea.example/@beans"


@pytest.fixture
def shelf(studio: Studio) -> Studio:
    """A studio with one template."""
    (studio.folder / "templates").mkdir()
    (studio.folder / "templates" / "launch.toml").write_text(LAUNCH, encoding="utf-8")
    return studio


def test_k1_variants(shelf: Studio) -> None:
    """K1: a template has variables, and other words for an account or a network; a post step says them."""
    to = {name: {"text": f"${{{{ steps.words.{name} }}}}"} for name in ("brand", "sky")}
    shelf.write(FILL, {"id": "launch", "post": {"to": to}})

    shelf.say(name="Huehuetenango")
    shelf.say("e2", name="")

    assert [f"Huehuetenango #coffee {LINK}"] == shelf.texts(shelf.brand)
    assert [f"New: Huehuetenango {LINK}"] == shelf.texts(shelf.sky)


def test_k1_turns(shelf: Studio) -> None:
    """K1: wordings take turns from subject to subject, and one subject always gets the same."""
    shelf.write(FILL, subject="${{ event.who }}")

    said = {
        who: {shelf.result(shelf.say(f"{who}-{n}", who=who, name="X"), "words")["text"] for n in range(2)}
        for who in map(str, range(12))
    }

    assert {1} == {len(texts) for texts in said.values()}
    assert 3 == len(set().union(*said.values()))


@pytest.mark.parametrize("name", ["☕" * 40, "مرحبا", "<script>alert(1)</script>", "{{ link }}", "a\r\nBcc: b", "@all"])
def test_values(shelf: Studio, name: str) -> None:
    """A value is put in as it is, on one line, and neither read again nor a mention."""
    shelf.write(FILL)

    text = shelf.result(shelf.say(name=name), "words")["sky"]

    assert text == f"New: {' '.join(name.replace('@', '').split())} {LINK}"


def test_long_value(shelf: Studio) -> None:
    """100 kB in a value are cut."""
    shelf.write(FILL)

    assert len(shelf.result(shelf.say(name="x" * 100_000), "words")["text"]) < 2100


@pytest.mark.parametrize(("template", "told"), [("gone", "cannot be read"), ("../antiphon", "template")])
def test_no_template(shelf: Studio, template: str, told: str) -> None:
    """A template that is not there, or not in its folder, is told."""
    shelf.write({**FILL, "with": {"template": "${{ event.template }}"}})

    run = shelf.say(template=template)

    assert (RunState.FAILED, True) == (run.state, told in run.because)


def test_missing_value(shelf: Studio) -> None:
    """A variable that nobody gives fails the step by its name."""
    shelf.write({**FILL, "with": {"template": "launch"}})

    assert "{{ name }}, which is not known" in shelf.say().because


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('text = "{{ name"', "“{{ name” is no placeholder"),
        ('text = ["fine", "{{ 1 + 1 }}"]', "is no placeholder"),
        ("text = []", "at least 1 item"),
        ('text = ""', "at least 1 character"),
        ('words = "x"', "Field required"),
        ('text = "x"\n[for.sky]\ntekst = "y"', "Extra inputs"),
        ("text = ", "is not TOML"),
    ],
)
def test_bad_template(content: str, told: str) -> None:
    """What is wrong with a template is told."""
    with pytest.raises(GiveUp) as complaint:
        Template.read(content.encode(), "templates/x.toml")

    assert told in str(complaint.value)


def test_check(shelf: Studio) -> None:
    """`antiphon check` reads slots, links and all templates, and says file and line of what is wrong."""
    shelf.write(FILL)
    assert [] == list(problems(shelf.folder))
    (shelf.folder / "templates" / "more").mkdir()
    (shelf.folder / "templates" / "more" / "bad.toml").write_text('text = "x"\ntext = "y"\n')
    (shelf.folder / "links.toml").write_bytes(b"\xff")
    (shelf.folder / "slots.toml").write_bytes(b"x" * 2_000_000)

    done = CliRunner().invoke(cli, ["check", "--folder", str(shelf.folder)])

    assert 1 == done.exit_code
    for told in ("templates/more/bad.toml:2", "links.toml is not TOML", "slots.toml has more than 1,048,576 bytes"):
        assert told in " ".join(done.output.split()), done.output


def test_no_files(tmp_path: Path) -> None:
    """A workspace without such files has no such problems."""
    assert [] == list(problems(tmp_path))
