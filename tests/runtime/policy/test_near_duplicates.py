"""How alike two texts are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.runtime.policy.near_duplicates import shingles, similarity, text_of

TEXT = st.text("ab é.,\n", max_size=60)


@given(one=TEXT, other=TEXT)
def test_similarity(one: str, other: str) -> None:
    """It lies between 0 and 1, is the same either way, and is 1 for the same words whatever their case and signs."""
    mine, its = shingles(one), shingles(other)
    assert 0 <= similarity(mine, its) <= 1
    assert similarity(mine, its) == similarity(its, mine)
    assert similarity(mine, shingles(one.upper() + " …")) == (1 if mine else 0)


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ("The autumn roast is here, come and taste it", 1),
        ("the AUTUMN roast is here — come & and taste it!", 1),
        ("The autumn roast is here, come and try it", 5 / 9),
        ("Closed on Monday because of the strike downtown", 0),
        ("the autumn roast is", 0),  # too short to say anything
    ],
)
def test_examples(other: str, alike: float) -> None:
    """The share of triples of words that both have."""
    mine = shingles("The autumn roast is here: come and taste it")
    assert similarity(mine, shingles(other)) == pytest.approx(alike)


def test_text() -> None:
    """What an effect says is the longest text in it, however deep it lies."""
    assert text_of({"visibility": "public", "thread": [{"status": "Hello out there"}], "id": 7}) == "Hello out there"
    assert text_of({"n": 1}) == ""
