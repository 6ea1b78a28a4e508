"""Replies from templates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.context import Here, ReadContext
from antiphon.components.placeholders import fill_placeholders
from antiphon_inbox.computations import Compose
from antiphon_inbox.library import Library

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
            filled = fill_placeholders(text, values)
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
