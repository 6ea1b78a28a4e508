"""Placeholders: a text is filled once, and nothing in a value is obeyed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.components.placeholders import fill_placeholders, first_name, harmless
from antiphon.errors import GiveUp


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
    assert fill_placeholders(text, {"a": "Ana", "b": None, "c": "{{ a }}\n said"}) == filled


def test_missing() -> None:
    """A value that is not known, and for which nothing stands, is named."""
    with pytest.raises(GiveUp, match=r"asks for \{\{ b \}\}, which is not known. Give it in `values`"):
        fill_placeholders("Hi {{ b }}", {"b": "  "})


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
        filled = fill_placeholders(text, values)
        assert "{{" in text or filled.split() == text.split()


def test_addresses() -> None:
    """A web address stays whole, whatever its length; what only looks like one is a text like any other."""
    address = "https://social.example/@torrea?" + "x" * 300

    assert f"See {address}." == fill_placeholders("See {{ a }}.", {"a": f" {address} "})
    assert "@" not in fill_placeholders("{{ a }}", {"a": "https://x.example/ @all"})
    assert 200 == len(fill_placeholders("{{ a }}", {"a": "é" * 999}, 200))
