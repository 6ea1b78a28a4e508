"""Understanding a text: its language, how it feels, what is wanted. French and English are read, others named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from antiphon_listening.features import features
from antiphon_listening.intents import INTENTS, NONE, intent
from antiphon_listening.linear import LinearModel
from antiphon_listening.words import words

READ = ("fr", "en")
"""The languages whose texts are judged."""

SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = ("anger", "disgust", "fear", "joy", "sadness", "surprise")
NEUTRAL = "neutral"
UNKNOWN = "unknown"
UNDETERMINED = "und"
"""The code of ISO 639-2 for a language that cannot be told."""

_CERTAIN = 0.5


@dataclass(frozen=True)
class Said:
    """A label and how likely it is, from 0 to 1; `unknown` and 0 where nobody can tell."""

    label: str = UNKNOWN
    score: float = 0.0


@dataclass(frozen=True)
class Understanding:
    """What a text says. `by` is `model`, or `person` where somebody has corrected it."""

    language: Said
    sentiment: Said
    emotion: Said
    intent: Said
    by: Literal["model", "person"] = "model"

    def corrected(self, labels: Mapping[str, str]) -> Understanding:
        """With what a person said in the place of what the model said, certain as a person is."""
        said = {name: Said(label, 1.0) for name, label in labels.items()}
        return replace(self, **said, by="person") if said else self

    def document(self) -> Mapping[str, Any]:
        """As a step's result: `language` is a code, the others a label and a score."""
        told = {
            name: {"label": said.label, "score": round(said.score, 3)}
            for name, said in (("sentiment", self.sentiment), ("emotion", self.emotion), ("intent", self.intent))
        }
        return {"language": self.language.label, **told, "by": self.by}


LABELS: Mapping[str, tuple[str, ...]] = {
    "sentiment": SENTIMENTS,
    "emotion": (*EMOTIONS, NEUTRAL),
    "intent": (*INTENTS, NONE),
}
"""What can be said of a text, by kind."""


def understand(text: str, language: str = "", otherwise: str = "en") -> Understanding:
    """What a text says, by the models that are shipped.

    Args:
        text: any text; its first 2,000 characters are read.
        language: its language where that is known, such as `fr` or `fr-CA`; else it is told from the words.
        otherwise: how a text is read whose language cannot be told, such as one of emoji only.
    """
    said = words(text)
    found = features(said)
    spoken = Said(language[:2].lower(), 1.0) if language else _language(said, found)
    reading = otherwise[:2].lower() if spoken.label == UNDETERMINED else spoken.label
    if not said or reading not in READ:
        return Understanding(spoken, Said(), Said(), Said())
    model = LinearModel.shipped(reading)
    likely = model.judge(found)
    sentiment = _shares({label: likely[f"sentiment.{label}"] for label in SENTIMENTS})
    label = max(sentiment, key=sentiment.__getitem__)
    return Understanding(
        spoken,
        Said(label, sentiment[label]),
        _emotion(model, likely),
        Said(*intent(said, reading, sentiment)),
    )


def felt(text: str, language: str) -> frozenset[str]:
    """Every emotion that a text shows; several may be there at once, or none."""
    model = LinearModel.shipped(language)
    likely = model.judge(features(words(text)))
    return frozenset(one for one in EMOTIONS if model.beyond(likely, f"emotion.{one}") >= 1)


def _language(said: list[str], found: set[int]) -> Said:
    if not any(word[0].isalpha() for word in said):
        return Said(UNDETERMINED)
    shares = _shares(LinearModel.shipped("language").judge(found))
    label = max(shares, key=shares.__getitem__)
    return Said(label, shares[label]) if shares[label] >= _CERTAIN else Said(UNDETERMINED, 1 - shares[label])


def _emotion(model: LinearModel, likely: Mapping[str, float]) -> Said:
    beyond = {one: model.beyond(likely, f"emotion.{one}") for one in EMOTIONS}
    label = max(beyond, key=beyond.__getitem__)
    score = likely[f"emotion.{label}"]
    return Said(label, score) if beyond[label] >= 1 else Said(NEUTRAL, 1 - score)


def _shares(likely: Mapping[str, float]) -> Mapping[str, float]:
    total = sum(likely.values()) or 1.0
    return {label: one / total for label, one in likely.items()}
