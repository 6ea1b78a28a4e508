"""How the network reads a text: links, mentions and hashtags among words.

Facts: mastodon/documentation, user/posting.md "Text" (2026-07-02): a link begins with http(s):// and counts 23
characters; of a mention only the local part counts; a hashtag is letters, digits and underscores, not digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from html import escape

import regex

URL_LENGTH = 23
SHOWN_OF_A_URL = 30

_ENTITY = re.compile(
    r"""
      (?P<url>https?://[^\s<>"]+)
    | (?<![=/\w])@(?P<username>[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)(?:@(?P<host>\w+(?:[.-]+\w+)*))?
    | (?<![)/\w])\#(?P<hashtag>\w*[^\W\d_]\w*)
    """,
    re.VERBOSE,
)
_GRAPHEME = regex.compile(r"\X")
_PUNCTUATION_AFTER_URL = ".,;:!?'\"»”)]}"


class Kind(Enum):
    """What a piece of text is."""

    WORDS = auto()
    URL = auto()
    MENTION = auto()
    HASHTAG = auto()


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: `raw` as it was written, `name` the user or tag without its sign, `host` after the @."""

    kind: Kind
    raw: str
    name: str = ""
    host: str | None = None


def pieces(text: str) -> Iterator[Piece]:
    """The text cut into its pieces; their `raw` joined is the text."""
    position = 0
    for match in _ENTITY.finditer(text):
        piece = _piece(match)
        if match.start() > position:
            yield Piece(Kind.WORDS, text[position : match.start()])
        yield piece
        position = match.start() + len(piece.raw)
    if position < len(text):
        yield Piece(Kind.WORDS, text[position:])


def _piece(match: re.Match[str]) -> Piece:
    if match["url"]:
        return Piece(Kind.URL, match["url"].rstrip(_PUNCTUATION_AFTER_URL))
    if match["username"]:
        return Piece(Kind.MENTION, match[0], match["username"], match["host"])
    return Piece(Kind.HASHTAG, match[0], match["hashtag"])


def length(text: str) -> int:
    """Characters as the network counts them: graphemes, 23 for a link, only `@name` of `@name@host`."""
    counted = "".join(_counted(piece) for piece in pieces(text))
    return sum(1 for _ in _GRAPHEME.finditer(counted))


def _counted(piece: Piece) -> str:
    if piece.kind is Kind.URL:
        return "x" * URL_LENGTH
    return f"@{piece.name}" if piece.kind is Kind.MENTION else piece.raw


def mentions(text: str) -> list[tuple[str, str | None]]:
    """Every (name, host) that the text mentions, in order; host is None for an account of this server."""
    return [(piece.name, piece.host) for piece in pieces(text) if piece.kind is Kind.MENTION]


def hashtags(text: str) -> tuple[str, ...]:
    """The hashtags of the text in lower case, each once, in order."""
    return tuple(dict.fromkeys(piece.name.lower() for piece in pieces(text) if piece.kind is Kind.HASHTAG))


def html(text: str, profile: Callable[[str, str | None], str | None], tags_url: str) -> str:
    """The text as the HTML that the network serves.

    `profile` gives the page of a mentioned account, or None if there is none (the mention then stays plain text).
    Shape: mastodon/documentation, api/guidelines.md "Formatting" (2026-07-02).
    """

    def written(piece: Piece) -> str:
        if piece.kind is Kind.URL:
            return _link(piece.raw)
        if piece.kind is Kind.HASHTAG:
            url = _escaped(f"{tags_url}/{piece.name.lower()}")
            return f'<a href="{url}" class="mention hashtag" rel="tag">#<span>{_escaped(piece.name)}</span></a>'
        if piece.kind is Kind.MENTION and (page := profile(piece.name, piece.host)):
            link = f'<a href="{_escaped(page)}" class="u-url mention">@<span>{_escaped(piece.name)}</span></a>'
            return f'<span class="h-card" translate="no">{link}</span>'
        return _escaped(piece.raw)

    whole = "".join(map(written, pieces(text.replace("\r\n", "\n").strip())))
    paragraphs = [paragraph.replace("\n", "<br />") for paragraph in re.split(r"\n{2,}", whole) if paragraph]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _link(url: str) -> str:
    scheme = re.match(r"https?://(www\.)?", url)
    hidden = scheme[0] if scheme else ""
    shown, rest = url[len(hidden) :][:SHOWN_OF_A_URL], url[len(hidden) :][SHOWN_OF_A_URL:]
    return (
        f'<a href="{_escaped(url)}" target="_blank" rel="nofollow noopener noreferrer" translate="no">'
        f'<span class="invisible">{_escaped(hidden)}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{_escaped(shown)}</span>'
        f'<span class="invisible">{_escaped(rest)}</span></a>'
    )


def _escaped(text: str) -> str:
    return escape(text).replace("&#x27;", "&#39;")
