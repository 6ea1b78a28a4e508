"""Searching: what of a query is asked of a network's own search; the rest is looked at when its answers come.

What is asked never finds less than the query does. Words that must all be said are what every search understands alike
(and not every one means the same by quotation marks), so a query becomes one or several such searches.
"""

from __future__ import annotations

from itertools import product

from antiphon_listening.query import Every, Near, Node, Not, Phrase, Query, Some

MOST = 20
"""How many searches one query may need; each is asked of every network that searches."""

_Searches = tuple[str, ...]


def searches(query: Query) -> _Searches:
    """Searches that together find all that the query does: words, all of which must be said.

    Raises:
        ValueError: there are too many, or there is nothing to search for, as in a query that only excludes.
    """
    found = _of(query.root)
    if found is None:
        raise ValueError("a search needs a whole word that must be said, beside what is excluded and words with `*`")
    if len(found) > MOST:
        raise ValueError(f"it comes to {len(found)} searches of each network, and at most {MOST} are asked; make two")
    return found


def _of(node: Node) -> _Searches | None:
    """The searches for a part; None when it may hold without any certain word."""
    match node:
        case Phrase():
            return None if any(word.endswith("*") for word in node.words) else (node.written,)
        case Near():
            return _all([_of(node.one), _of(node.other)])
        case Some():
            either = [_of(part) for part in node.parts]
            return None if None in either else tuple(dict.fromkeys(one for some in either for one in some or ()))
        case Every():
            return _all([_of(part) for part in node.parts])
        case Not():
            return None
    return None


def _all(parts: list[_Searches | None]) -> _Searches | None:
    """The searches for what must be said together: combined while they stay few, else the fewest."""
    known = sorted((part for part in parts if part is not None), key=len)
    if not known:
        return None
    together = known[0]
    for part in known[1:]:
        combined = tuple(dict.fromkeys(" ".join(dict.fromkeys(some)) for some in product(together, part)))
        if len(combined) > max(len(together), MOST):
            break
        together = combined
    return together
