"""How long a text is to Bluesky: in grapheme clusters (Unicode UAX 29) and in bytes, and both count."""

from __future__ import annotations

from antiphon import check_text, graphemes, utf8
from antiphon_networks.bluesky.rules import LIMITS

_COUNTED = {"text.longest": graphemes, "text.bytes": utf8}


def fits(text: str) -> bool:
    """Whether the network takes it."""
    return all(count(text) <= LIMITS.number(name) for name, count in _COUNTED.items())


def check(text: str) -> None:
    """Raises GiveUp, with the rule, the count and the limit, for a text that the network would refuse."""
    for name, count in _COUNTED.items():
        check_text(count(text), LIMITS.number(name), LIMITS[name].unit, "Bluesky")
