"""Words: a text as it is read here, whatever a stranger has put into it."""

from __future__ import annotations

import html
import re
import unicodedata

READ = 2000
"""How many characters of a text are read; a post is rarely longer, and what is longer has said it by then."""

_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[a-z/!][^<>]*>?", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"@\w[\w.@-]*")
_REPEATED = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"[^\W_]+(?:['’_-][^\W_]+)*|[@#]|[!?]+|[^\w\s.,;:()\[\]{}\"'«»“”/\\|*_-]")


def folded(text: str, read: int = READ) -> str:
    """The first `read` characters without markup, case and accents; full-width and mathematical letters are plain."""
    shown = text[:read]
    if "<" in shown:
        shown = _TAG.sub(" ", _HIDDEN.sub(" ", shown))
    shown = html.unescape(shown) if "&" in shown else shown
    if not shown.isascii():
        decomposed = unicodedata.normalize("NFKD", shown.replace("’", "'"))
        shown = "".join(c for c in decomposed if not unicodedata.combining(c))[:read]
    return shown.casefold()


def words(text: str) -> list[str]:
    """The words of a text, with its emoji and marks of emphasis.

    Links are `http`, names of accounts `@`, and a letter that is drawn out (`sooo`) stands twice.
    """
    plain = _HANDLE.sub(" @ ", _LINK.sub(" http ", folded(text)))
    return _WORD.findall(_REPEATED.sub(r"\1\1", plain))
