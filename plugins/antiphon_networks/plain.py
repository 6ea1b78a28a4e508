"""HTML as plain text, for reading and for judging: no markup, line breaks kept, links as addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

LONGEST = 100_000
"""Characters of HTML that are looked at; the rest of a longer text is dropped."""

_PARAGRAPHS = {"p", "blockquote", "ul", "ol", "dl", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6", "figure"}
_LINES = {"div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "figcaption", "hr"}
_UNSEEN = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "textarea"}
_WEB = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_NEAT = re.compile(r'<(?:/(p|br|span|a)|(p|br|span|a)((?: [a-z-]+="[^"<>&]*")*) ?/?)>')
"""The tags that most posts have and no others, as networks write them: its end, or its beginning and attributes."""
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Plain:
    """The text, and the web addresses it links to, each once, without mentions and hashtags."""

    text: str
    links: tuple[str, ...]


def plain(html: str, *, show_links: bool = True) -> Plain:
    """Read HTML from anywhere, however broken or hostile; never raises.

    A link is written as its address when its words are (a part of) it, else as its words with the address behind them
    if `show_links`. Mentions and hashtags stay as they are written.
    """
    reader = _Reader(show_links)
    markup, end, words = html[:LONGEST].rpartition(">")
    # Behind the last > there is no tag, and the parser would look for its end again and again.
    reader.read(markup + end + words.replace("<", "&lt;"))
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Plain(text.replace("\0", ""), tuple(dict.fromkeys(reader.links)))


class _Reader(HTMLParser):
    def __init__(self, show_links: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self._show_links = show_links
        self._unseen: list[str] = []
        self._href = ""
        self._words: list[str] | None = None

    def read(self, html: str) -> None:
        """All of a text. What is written neatly is taken apart here, in a third of the parser's time."""
        pieces = _NEAT.split(html)
        if any("<" in words for words in pieces[::4]):
            self.feed(html)
        else:
            self.handle_data(unescape(pieces[0]))
            for ended, begun, attributes, words in zip(*(pieces[at::4] for at in range(1, 5)), strict=True):
                if begun:
                    self.handle_starttag(begun, _ATTRIBUTE.findall(attributes) if begun == "a" else [])
                else:
                    self.handle_endtag(ended)
                if words:
                    self.handle_data(unescape(words))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif self._unseen:
            return
        elif tag == "a":
            self._end_link()
            self._begin_link({name: value or "" for name, value in attrs})
        elif tag == "br":
            self._write("\n")
        else:
            self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
        elif tag == "a":
            self._end_link()
        else:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._write(data.replace("\n", " ").replace("\r", " "))

    def close(self) -> None:
        super().close()
        self._end_link()

    def _write(self, text: str) -> None:
        (self.parts if self._words is None else self._words).append(text)

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._write("\n\n")
        elif tag in _LINES:
            self._write("\n")

    def _begin_link(self, attributes: dict[str, str]) -> None:
        classes = attributes.get("class", "").split()
        href = attributes.get("href", "").strip()
        is_link = _WEB.fullmatch(href) and not {"mention", "hashtag"} & set(classes)
        self._href = href if is_link else ""
        self._words = []

    def _end_link(self) -> None:
        if self._words is None:
            return
        words, href = "".join(self._words), self._href
        self._words, self._href = None, ""
        if href:
            self.links.append(href)
        if href and _is_address(words.strip(), href):
            words = href
        elif href and self._show_links:
            words = f"{words} ({href})" if words.strip() else href
        self.parts.append(words)


def _is_address(words: str, href: str) -> bool:
    """Whether the words of a link are its address, perhaps without its scheme or cut short."""
    shown = words.rstrip("….").removeprefix("http://").removeprefix("https://").removeprefix("www.")
    return bool(shown) and re.sub(r"^https?://(www\.)?", "", href, flags=re.IGNORECASE).startswith(shown)
