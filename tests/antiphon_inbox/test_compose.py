"""Replies from templates."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.components.context import Here, ReadContext
from antiphon.errors import GiveUp
from antiphon_inbox.computations import Compose
from antiphon_inbox.library import Library
from antiphon_inbox.placeholders import fill, first_name, harmless

HERE = Here(workflow="desk", run="r1", step="reply", timezone=ZoneInfo("Europe/Paris"), language="fr", event="m:1")
NOTHING = cast(Any, None)
CONTEXT = ReadContext(HERE, *(NOTHING,) * 8)


def compose(**options: Any) -> Any:
    return Compose().compute(Compose.Options(**options), CONTEXT)


@pytest.mark.parametrize(
    ("wanted", "spoken"), [("", "fr"), ("fr-CA", "fr"), ("en_GB", "en"), ("EN", "en"), ("sw", "en"), ("und", "en")]
)
def test_language(wanted: str, spoken: str) -> None:
    """A reply is in the person's language, else the workspace's, and in English where there are no templates."""
    assert compose(language=wanted)["language"] == spoken


def test_whole() -> None:
    """A reply greets by the first name and signs; the same event gets the same words, others get others."""
    reply = compose(occasion="complaint", person="☕ ana Beltrán", values={"signature": "Nina"})
    assert "Ana" in reply["text"]
    assert reply["text"].endswith("Nina")
    assert reply == compose(occasion="complaint", person="☕ ana Beltrán", values={"signature": "Nina"})
    texts = {
        Compose().compute(Compose.Options(), replace(CONTEXT, here=replace(HERE, event=f"m:{number}")))["text"]
        for number in range(20)
    }
    assert len(texts) == 2


@pytest.mark.parametrize("occasion", ["complaint", "praise", "question"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("tone", ["warm", "formal"])
def test_templates(occasion: str, language: str, tone: str) -> None:
    """Every template reads well with a name and without, and fits in 500 characters."""
    spoken, texts = Library.shipped().find(occasion, language, tone)
    assert spoken == language
    assert texts
    for text in texts:
        for values in ({}, {"first_name": "Ana", "signature": "Nina"}):
            filled = fill(text, values)
            assert len(filled) < 400
            assert "{" not in filled
            assert not [bad for bad in ("  ", " ,", " .", " \u202f", "None") if bad in filled], filled
            assert filled[0].isupper()


def test_own_words() -> None:
    """An author's own words are filled in the same way."""
    assert compose(text="Salut {{ first_name }} ! {{brand}}", person="Zoé", values={"brand": "Torréa"}) == {
        "text": "Salut Zoé ! Torréa",
        "language": "fr",
    }


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hi {{ a }}!", "Hi Ana!"),
        ("Hi {{a|you}}, {{ b | friend }}.", "Hi Ana, friend."),
        ("Bonjour {{ b | }}, merci", "Bonjour, merci"),
        (r"Write \{{ a }}", "Write {{ a }}"),
        ("{{ c }}", "{{ a }} said"),
        ("{{ 1 + 1 }} { a }", "{{ 1 + 1 }} { a }"),
        ("one  two\n{{ b | }}\nthree", "one two\n\nthree"),
    ],
)
def test_fill(text: str, filled: str) -> None:
    """A placeholder is filled once; what is in a value is never read as a placeholder."""
    assert fill(text, {"a": "Ana", "b": None, "c": "{{ a }}\n said"}) == filled


def test_missing() -> None:
    """A value that is not known, and for which nothing stands, is named."""
    with pytest.raises(GiveUp, match=r"asks for \{\{ b \}\}, which is not known. Give it in `values`"):
        fill("Hi {{ b }}", {"b": "  "})


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Ana Beltrán", "Ana"),
        ("☕ ana b.", "Ana"),
        ("Jean-Luc P.", "Jean-Luc"),
        ("D’Arcy", "D’Arcy"),
        ("李 小龙", ""),
        ("xX_42", ""),
        ("@everyone", "Everyone"),
        ("K.", ""),
        ("", ""),
    ],
)
def test_first_name(shown: str, name: str) -> None:
    """The first word that looks like a name, and nothing where none does."""
    assert first_name(shown) == name


@given(st.text())
def test_harmless(value: str) -> None:
    """A value stays on one line, mentions nobody and is not endless."""
    clean = harmless(value)
    assert "@" not in clean
    assert len(clean) <= 80
    assert len(clean.splitlines()) <= 1
    assert harmless(clean) == clean


@given(st.text(), st.dictionaries(st.sampled_from("abc"), st.text()))
def test_any_text(text: str, values: dict[str, str]) -> None:
    """A text without braces stays as it is, but for its spaces; nothing else than GiveUp is ever raised."""
    with suppress(GiveUp):
        filled = fill(text, values)
        assert "{{" in text or filled.split() == text.split()
