"""Queries: what they find, and what cannot be read."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_listening.query import QueryError, parse

TEXT = (
    "Le Café Torréa de L'Étoile : livraison en retard, trois jours ! #torréfaction @Torrea_FR est-ce remboursable ? 😡"
)


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("torréa", True),
        ("TORREA", True),
        ("torre", False),
        ("torre*", True),
        ('"café torréa"', True),
        ('"torréa café"', False),
        ("étoile", True),
        ("l'étoile", True),
        ("#torrefaction", True),
        ("#torrea", False),
        ("@torrea_fr", True),
        ("😡", True),
        ("concours", False),
        ('(torréa OR "café torréa") AND NOT concours', True),
        ("torréa AND NOT livraison", False),
        ("NOT NOT torréa", True),
        ("NOT concours AND NOT tirage", True),
        ("concours OR livraison AND retard", True),
        ("(concours OR livraison) AND matin", False),
        ("livraison NEAR/1 retard", True),
        ("retard NEAR/1 livraison", True),
        ("livraison NEAR/0 retard", False),
        ("le NEAR jours", True),
        ("le NEAR/7 jours", False),
        ("livraison NEAR/12 jours", True),
        ('"café torréa" NEAR/2 livraison', False),
        ('"café torréa" NEAR/6 livraison', True),
        ("torréa NEAR/5 torréa", False),
        ("rembours* AND NOT rembourser", True),
        ("not AND or", False),
    ],
)
def test_holds(query: str, holds: bool) -> None:
    """Words are whole and folded; NOT binds most, then NEAR, AND and OR; NEAR counts words between, either way."""
    assert holds == parse(query).holds(TEXT)


@pytest.mark.parametrize(
    ("query", "at", "sentence"),
    [
        ("", 1, "a word is missing here"),
        ("torréa AND", 11, "a word is missing here"),
        ("AND torréa", 1, "a word is missing before AND"),
        ("torréa OR OR café", 11, "a word is missing before OR"),
        ("(torréa OR café", 1, "this bracket is never closed"),
        ("torréa)", 7, "this bracket closes nothing"),
        ("torréa café", 8, "write AND or OR before café, or both in quotation marks"),
        ('torréa "café', 8, "this quotation mark is never closed"),
        ('torréa AND ""', 12, "there is no word in these quotation marks"),
        ("torréa AND *", 12, "there is no word in *"),
        ("(a OR b) NEAR/3 c", 10, "NEAR stands between two words or phrases"),
        ("a NEAR/3 b NEAR/3 c", 12, "NEAR takes two"),
        ("()", 2, "a word is missing here"),
        ("(" * 100 + "a" + ")" * 100, 41, "brackets stand at most 40 deep"),
        ("a OR " * 2000 + "a", 4001, "a query has at most 4,000 characters"),
    ],
)
def test_places(query: str, at: int, sentence: str) -> None:
    """What cannot be read is refused at its character."""
    with pytest.raises(QueryError, match="character") as refused:
        parse(query)

    assert (at, True) == (refused.value.at, sentence in str(refused.value))


def test_found() -> None:
    """What was found is told as the author wrote it, and nothing that is excluded."""
    query = parse('("Café  TORRÉA" OR espresso) AND NOT concours')

    assert ["Café  TORRÉA"] == query.found(TEXT)


@given(query=st.text(alphabet='ab*"() ANDORTNE/1#@é', max_size=60), text=st.text(max_size=200))
def test_anything(query: str, text: str) -> None:
    """Any query is read or refused with a place in it, and any text is answered."""
    refused = read = None
    try:
        read = parse(query)
    except QueryError as error:
        refused = error.at

    assert read.holds(text) in (True, False) if read else refused in range(1, len(query) + 2)


@pytest.mark.parametrize("part", ["torréa ", "a", "<b>", "a b ", "ﷺ"])
def test_long_texts_are_quick(part: str) -> None:
    """A long query over 100 kB takes well under a second."""
    query = parse(" OR ".join(["torréa NEAR/50 b*", '"a b a b a c"', "x*"] * 20))
    text = part * (100_000 // len(part))

    began = time.process_time()
    query.holds(text)

    assert time.process_time() - began < 2
