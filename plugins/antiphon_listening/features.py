"""Features: a text as a set of numbers, each the hash of a word, of two words in a row, or of a few letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

BITS = 17
"""The hashes have so many bits. Two features with one hash share a weight, which costs next to nothing."""

_MASK = (1 << BITS) - 1
_LONGEST = 24
_GRAMS = (2, 3, 4, 5)


@lru_cache(maxsize=8192)
def _of_word(word: str) -> tuple[int, ...]:
    written = f" {word[:_LONGEST]} ".encode("utf-8", "replace")
    grams = (written[start : start + n] for n in _GRAMS for start in range(len(written) - n + 1))
    return (crc32(b"w" + written) & _MASK, *(crc32(gram) & _MASK for gram in grams))


def features(words: Sequence[str]) -> set[int]:
    """The features of a text by its words; letters are bytes of UTF-8, so that every script and emoji counts."""
    found: set[int] = set()
    for word in words:
        found.update(_of_word(word))
    found.update(crc32(f"{one} {two}".encode("utf-8", "replace")) & _MASK for one, two in pairwise(words))
    return found
