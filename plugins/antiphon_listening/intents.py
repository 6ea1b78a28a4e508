"""Intents: what somebody wants of the brand, by what people say who want it and by how they feel.

Each sign takes away its part of the doubt: with signs of 0.6 and 0.5, a doubt of 0.4 × 0.5 is left (noisy or; Pearl,
Probabilistic Reasoning in Intelligent Systems, 1988, section 4.3.2). The weights are set by hand, and measured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain

from antiphon_listening.words import words

INTENTS = ("complaint", "purchase", "question", "praise")
NONE = "none"
_AT_LEAST = 0.5
_LONGEST = 4
_CUE = {"complaint": 0.6, "purchase": 0.8, "question": 0.35, "praise": 0.6}
_MARK = 0.5
_FEELING = 0.75


def intent(said: Sequence[str], language: str, sentiment: Mapping[str, float]) -> tuple[str, float]:
    """The likeliest intent of a text's words and how likely it is; `none` below one half."""
    found = _cued(said, language)
    doubt = {one: 1 - _CUE[one] if one in found else 1.0 for one in INTENTS}
    doubt["complaint"] *= 1 - _FEELING * sentiment.get("negative", 0.0)
    doubt["praise"] *= 1 - _FEELING * sentiment.get("positive", 0.0)
    if any(word.startswith(("?", "!?")) for word in said):
        doubt["question"] *= 1 - _MARK
    best = min(doubt, key=doubt.__getitem__)
    likely = 1 - doubt[best]
    return (best, likely) if likely >= _AT_LEAST else (NONE, 1 - likely)


def _cued(said: Sequence[str], language: str) -> frozenset[str]:
    shingles = chain.from_iterable(
        zip(*(said[shift:] for shift in range(length)), strict=False) for length in range(1, _LONGEST + 1)
    )
    known = _cues(language)
    return frozenset(one for shingle in shingles if shingle in known for one in known[shingle])


@cache
def _cues(language: str) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    told = tomllib.loads(files("antiphon_listening").joinpath("cues.toml").read_text("utf-8"))
    cues: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name in INTENTS:
        for cue in told[name].get(language, ()):
            key = tuple(words(cue))
            cues[key] = (*cues.get(key, ()), name)
    return cues
