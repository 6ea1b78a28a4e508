"""Conditions on what a text says, with their reasons."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from tests.antiphon_listening.conftest import Context

from antiphon.components.ports import Store
from antiphon.model.event import Event
from antiphon.testing.clock import VirtualClock
from antiphon_listening.conditions import Asked, Emotion, Intent, Sentiment
from antiphon_listening.corrections import keep

COMPLAINT = "My order still hasn't arrived, this is ridiculous"


@pytest.mark.parametrize(
    ("condition", "options", "holds"),
    [
        (Sentiment, {"is": "negative", "at_least": 0.6}, True),
        (Sentiment, {"is": ["neutral", "positive"]}, False),
        (Sentiment, {"is": "negative", "at_least": 1}, False),
        (Sentiment, {"is": "negative", "language": "de"}, False),
        (Emotion, {"is": ["anger", "disgust"], "at_least": 0.3}, True),
        (Intent, {"is": "complaint"}, True),
        (Intent, {"is": ["praise", "purchase", "question"]}, False),
    ],
)
def test_labels(context: Context, condition: type[Any], options: dict[str, Any], holds: bool) -> None:
    """A label holds when it is one of those asked for, and likely enough; the reason shows both."""
    verdict = condition().judge(condition.Options(of=COMPLAINT, **options), context())

    assert holds == verdict.holds
    assert f"its {condition.name} is " in verdict.because
    assert "asked for is " in verdict.because


def test_a_person_is_asked_first(context: Context, store: Store, clock: VirtualClock) -> None:
    """A corrected text holds by what the person said, and the reason says so."""
    keep(store.records, Event("m:1", "mention.received", clock.now(), {"text": COMPLAINT}), {"sentiment": "neutral"},
         clock.now())  # fmt: skip

    verdict = Sentiment().judge(Sentiment.Options(of=COMPLAINT, **{"is": "neutral", "at_least": 1}), context())

    assert (True, True) == (verdict.holds, "is neutral (a person says)" in verdict.because)


@pytest.mark.parametrize("condition", [Sentiment, Emotion, Intent, Asked])
@pytest.mark.parametrize("value", [None, 3, [], {}])
def test_no_text(context: Context, condition: type[Any], value: Any) -> None:
    """What is not a text does not hold, and that is the reason."""
    wanted = {"sentiment": "neutral", "emotion": "joy", "intent": "none", "query": "torréa"}[condition.name]

    verdict = condition().judge(condition.Options(of=value, **{"is": wanted}), context())

    assert (False, True) == (verdict.holds, "text" in verdict.because)


def test_query(context: Context) -> None:
    """A query tells which of its phrases were said; several texts are read as one."""
    options = Asked.Options(of=["Café Torréa", "Un concours"], **{"is": '"café torréa" AND NOT concours'})

    verdict = Asked().judge(options, context())

    assert (False, "it says café torréa, and is excluded or misses") == (verdict.holds, verdict.because)
    assert Asked().judge(options.model_copy(update={"of": "CAFE TORREA"}), context()).holds


def test_query_is_read_when_the_document_is() -> None:
    """A query that cannot be read is a mistake of the document, with the character in it."""
    with pytest.raises(ValidationError, match="character 8: this quotation mark is never closed"):
        Asked.Options(of="x", **{"is": 'torréa "café'})
