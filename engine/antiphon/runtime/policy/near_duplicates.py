"""Near duplicates: an account does not say nearly the same thing twice in a while.

Two texts are compared by the triples of words that follow one another in them (w-shingling; Broder, "On the resemblance
and containment of documents", 1997): their similarity is the share of all triples that both have. Letters are compared
in one case, and signs do not count. A text of fewer than five words says too little to be compared. An effect is
compared with the newest thousand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from antiphon.model.effect import Effect
from antiphon.model.ruling import Ruling, Way
from antiphon.runtime.policy.asking import Asking

NAME = "near duplicate"
_FEWEST = 5
_MOST = 1000
_WORD = re.compile(r"\w+")
_WAYS = {"refuse": Way.REFUSE, "hold": Way.HOLD, "skip": Way.SKIP}


def rulings(effect: Effect, asking: Asking) -> Iterator[Ruling]:
    """At most one: about the most similar text that the same connection has sent, or may have sent, lately."""
    rule = asking.settings.near_duplicates
    if rule is None or not effect.connection or not rule.concerns(effect.action, effect.connection):
        return
    mine = shingles(text_of(effect.payload))
    if not mine:
        return
    sent = asking.store.tally.sent(effect.connection, asking.now - rule.within, _MOST)
    likest = max(
        ((similarity(mine, shingles(text_of(one.payload))), one.at, one.key) for one in sent if one.key != effect.key),
        default=None,
    )
    if likest is None:
        return
    alike, at, key = likest
    because = f"{alike:.0%} like what {effect.connection} said before ({key}); the most is {rule.similarity:.0%}"
    if alike < rule.similarity:
        yield Ruling(rule=NAME, verdict=Way.PASS, because=because)
    else:
        until = at + rule.within if rule.otherwise == "hold" else None
        yield Ruling(rule=NAME, verdict=_WAYS[rule.otherwise], because=because, until=until)


def similarity(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """The share of triples that both have, from 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The triples of words of a text; none of one that is too short."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    if len(words) < _FEWEST:
        return frozenset()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def text_of(payload: Any) -> str:
    """What an effect says: the longest text in its payload."""
    return max(_texts(payload), key=len, default="")


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list() | tuple():
            for item in value:
                yield from _texts(item)
