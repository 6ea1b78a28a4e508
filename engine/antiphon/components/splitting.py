"""Splitting: a text too long for one post becomes several, broken where a reader would pause."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from antiphon.errors import GiveUp

MOST_PARTS = 50
"""A text that needs more posts is taken for a mistake."""

_PAUSES = (r"\n\s*\n", r"\n", r"(?<=[.!?…。！？])\s+", r"(?<=[,;:–—])\s+", r"\s+")
"""Paragraphs, lines, sentences, clauses, words: the earlier is the better place."""


def split_text(text: str, fits: Callable[[str], bool], number: str = " {part}/{parts}") -> Sequence[str]:
    """The texts of the posts, in order; one when it fits. `fits` tells whether a post of this text is short enough.

    Each is as long as it can be and ends with its `number`. Raises GiveUp when a single word does not fit, or when
    there would be more than 50.
    """
    text = text.strip()
    if fits(text):
        return [text]
    # How long the numbers are depends on how many there are.
    for digits in (1, 2):
        widest = "9" * digits
        room = number.format(part=widest, parts=widest)
        parts = _parts(text, lambda piece, room=room: fits(piece + room))  # type: ignore[misc]
        if len(str(len(parts))) <= digits:
            return [f"{part}{number.format(part=n, parts=len(parts))}" for n, part in enumerate(parts, 1)]
    raise AssertionError("more than 50 parts were let through")


def _parts(text: str, fits: Callable[[str], bool]) -> list[str]:
    parts: list[str] = []
    while text:
        if len(parts) == MOST_PARTS:
            raise GiveUp(f"The text needs more than {MOST_PARTS} posts.", hint="Publish it elsewhere, and link to it.")
        part, text = _first(text, fits)
        parts.append(part)
    return parts


def _first(text: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """The longest beginning that fits and ends at the best pause, and the rest."""
    if fits(text):
        return text, ""
    for pause in _PAUSES:
        ends = [(found.start(), found.end()) for found in regex.finditer(pause, text) if found.start()]
        best = _last_that(ends, lambda end: fits(text[: end[0]].rstrip()))
        # A pause in the first third would leave a post that is mostly empty; a lesser one further on is better.
        if best and (pause == _PAUSES[-1] or not fits(text[: 3 * best[0]].rstrip())):
            return text[: best[0]].rstrip(), text[best[1] :].lstrip()
    word = text.split(maxsplit=1)[0]
    raise GiveUp(f"“{word[:60]}…” is too long for one post, and cannot be split.", hint="Shorten it.")


def _last_that(ends: Sequence[tuple[int, int]], holds: Callable[[tuple[int, int]], bool]) -> tuple[int, int] | None:
    """The last end that fits, found by halving: a longer beginning never fits where a shorter one does not."""
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if holds(ends[middle]) else (low, middle)
    return ends[low - 1] if low else None
