"""Counting against the vectors of those who made the rules, where they are at hand."""

from __future__ import annotations

import lzma
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from antiphon.components.counting import Weights, code_units, emoji_as_bytes, graphemes, links, utf8, weighted

BESIDE = Path(__file__).parents[2].parent / "shared"
VECTORS = Path(os.environ.get("ANTIPHON_SHARED", BESIDE)) / "counterparts" / "conformance"

FAMILY = "👩‍👩‍👧‍👦"

NEWER = {"÷ 2701 × 200D × 2701 ÷"}
"""A vector of Unicode 15 that is another one in the Unicode of the library: ✁ is no emoji any more."""

NOT_FOUND = {
    *("Extract valid URL: http://example.com/", "Extract domain followed by Japanese characters"),
    *("Extract a t.co URL with a trailing apostrophe", "Extract a t.co URL with a trailing hyphen"),
    "DO NOT extract URLs with > 40 characters in a t.co slug",
}
"""Two links that end where another script begins, and X's own short links, which are written by X alone."""


def vectors(name: str) -> Any:
    path = VECTORS / name
    if not path.exists():
        pytest.skip("the conformance vectors are not here: set ANTIPHON_SHARED to the folder that has counterparts/")
    if path.suffix == ".xz":
        return [line for line in lzma.open(path, "rt", encoding="utf-8") if line.strip() and not line.startswith("#")]
    return yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]


def text_of(codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes.split())


def test_graphemes_of_unicode() -> None:
    """Signs are counted as Unicode's own grapheme tests have them."""
    lines = [line.partition("#")[0].strip() for line in vectors("unicode/GraphemeBreakTest.txt.xz")]

    wrong = [
        line
        for line in lines
        if line not in NEWER and graphemes(text_of(line.replace("÷", " ").replace("×", " "))) != line.count("÷") - 1
    ]

    assert [] == wrong
    assert len(lines) > 600


@pytest.mark.parametrize(
    ("part", "weights"),
    [
        ("WeightedTweetsCounterTest", Weights(emoji=None)),
        ("WeightedTweetsWithDiscountedEmojiCounterTest", Weights()),
        ("UnicodeDirectionalMarkerCounterTest", Weights()),
    ],
)
def test_weighted_as_twitter_text(part: str, weights: Weights) -> None:
    """Texts weigh what twitter-text says, with emoji as one sign (version 3) and as their parts (version 2)."""
    told = {one["description"]: one["expected"]["weightedLength"] for one in vectors("twitter-text/validate.yml")[part]}

    assert told == {
        one["description"]: weighted(one["text"], weights) for one in vectors("twitter-text/validate.yml")[part]
    }


def test_links_as_twitter_text() -> None:
    """Links are found where twitter-text finds them, but for what is listed above."""
    cases = vectors("twitter-text/extract.yml")["urls"]

    wrong = {case["description"] for case in cases if list(links(case["text"])) != case["expected"]}

    assert wrong == NOT_FOUND


def test_every_emoji() -> None:
    """Every emoji of Unicode is one sign, and weighs two."""
    emoji = [text_of(line.partition(";")[0]) for line in vectors("unicode/emoji-test.txt.xz")]

    assert {(1, 2)} == {(graphemes(one), weighted(one)) for one in emoji}
    assert len(emoji) > 3000


@pytest.mark.parametrize(
    ("text", "signs", "bytes_", "units", "weight"),
    [
        ("", 0, 0, 0, 0),
        ("Café", 4, 5, 4, 4),
        ("Cafe\u0301", 4, 6, 5, 4),
        (FAMILY, 1, 25, 11, 2),
        (FAMILY * 300, 300, 7500, 3300, 600),
        ("🇫🇷", 1, 8, 4, 2),
        ("日本", 2, 6, 2, 4),
        ("a\r\nb", 3, 4, 4, 4),
        ("a\u200bb", 3, 5, 3, 3),
        ("\u202eabc", 4, 6, 4, 5),
        ("\ud800", 1, 1, 1, 2),
        ("see example.org/a", 17, 17, 17, 27),
    ],
)
def test_counts(text: str, signs: int, bytes_: int, units: int, weight: int) -> None:
    """One text is four lengths."""
    assert (signs, bytes_, units, weight) == (graphemes(text), utf8(text), code_units(text), weighted(text))


def test_emoji_as_bytes() -> None:
    """An emoji counts as its bytes, anything else as one."""
    assert len("Café ") + 25 == emoji_as_bytes(f"Café {FAMILY}")


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Any text has every length, and none of them is beyond what its characters can come to."""
    assert 0 <= graphemes(text) <= len(text) <= code_units(text) <= 2 * len(text)
    assert len(text) <= utf8(text) <= 4 * len(text)
    assert 0 <= weighted(text) <= 2 * len(text) + 23 * text.count(".")
