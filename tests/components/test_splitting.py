from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.components.splitting import split_text
from antiphon.errors import GiveUp


def split(text: str, longest: int, number: str = "") -> list[str]:
    return list(split_text(text, lambda part: len(part) <= longest, number))


def test_fits() -> None:
    """What fits stays as it is, without a number."""
    assert ["Bonjour à tous"] == split("  Bonjour à tous\n", 14, " {part}/{parts}")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Un deux.\n\nTrois quatre cinq six.", ["Un deux.", "Trois quatre cinq six."]),
        ("Un deux trois. Quatre cinq six sept.", ["Un deux trois.", "Quatre cinq six sept."]),
        ("Un deux trois quatre, cinq six sept huit", ["Un deux trois quatre,", "cinq six sept huit"]),
        ("Un deux trois quatre cinq six sept huit", ["Un deux trois quatre", "cinq six sept huit"]),
    ],
)
def test_pauses(text: str, parts: list[str]) -> None:
    """A text is broken at a paragraph rather than a sentence, at a sentence rather than a clause or a word."""
    assert parts == split(text, 22)


def test_late_pause() -> None:
    """A pause that would leave a post almost empty is passed over for a lesser one further on."""
    assert ["A. Bbbb cccc dddd", "eeee ffff gggg"] == split("A. Bbbb cccc dddd eeee ffff gggg", 18)


def test_numbers() -> None:
    """Every part has its number, and is short enough with it."""
    parts = split("mot " * 60, 30, " {part}/{parts}")

    assert [f"{n}/{len(parts)}" for n in range(1, len(parts) + 1)] == [part.rpartition(" ")[2] for part in parts]
    assert len(parts) > 9
    assert max(map(len, parts)) <= 30


def test_endless_word() -> None:
    """A word that does not fit is not torn apart."""
    with pytest.raises(GiveUp, match=r"“x{60}…” is too long for one post"):
        split("Bonjour " + "x" * 100, 20)


def test_too_many() -> None:
    """A text for more than 50 posts is refused."""
    with pytest.raises(GiveUp, match="more than 50 posts"):
        split("mot " * 200, 4)


@given(st.text(st.sampled_from("ab .,\n"), max_size=300))
def test_nothing_is_lost(text: str) -> None:
    """All the words are there, in order, whatever the text."""
    try:
        parts = split(text, 25)
    except GiveUp:
        assert max(map(len, text.split())) > 25 or len(text) > 25 * 8
        return

    assert text.split() == " ".join(parts).split()
    assert all(len(part) <= 25 for part in parts)
    assert not re.search(r"^\s|\s$", "".join(parts[:1]))
