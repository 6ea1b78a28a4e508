"""“Did you mean …?”"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that an author most likely meant, or None when none is near."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the closest known word, or an empty text when none is near."""
    near = closest(word, known)
    return f"Did you mean `{near}`?" if near is not None else ""


def did_you_mean(word: str, known: Iterable[str], *, limit: int = 12) -> str:
    """A hint: the closest known word; else all of them, when they are at most `limit`."""
    names = sorted(known)
    if hint := nearest(word, names):
        return hint
    if not names or len(names) > limit:
        return ""
    return f"Known: {', '.join(f'`{name}`' for name in names)}."
