"""Queries: words, phrases and nearness under AND, OR and NOT, as they are saved for listening.

    (torréa OR "café torréa") AND NOT concours
    livraison NEAR/5 retard AND rembours*

NOT binds most, then NEAR, AND and OR. Words are compared whole, without case and accents; `*` stands for any ending.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NoReturn, Protocol

from antiphon_listening.words import folded

READ = 100_000
"""How many characters of a text a query looks through."""

LONGEST = 4000
"""How many characters a query may have."""

_DEEPEST = 40
_NEAR = 10
_TOKEN = re.compile(r'\s*(?:(?P<mark>[()])|"(?P<phrase>[^"]*)"|(?P<word>[^\s()"]+)|(?P<open>"))')
_SIGN = r"[#@]|[^\w\s\x21-\x7e«»“”‘’„‹›…–—·]"
"""What counts as a word besides words: the marks of tags and handles, and emoji; punctuation is between words."""

_WORD = re.compile(rf"[^\W_]+|{_SIGN}")
_SAID = re.compile(rf"[^\W_]+\*?|{_SIGN}")


class QueryError(ValueError):
    """A query that cannot be read: what is wrong, and at which character of it, counted from 1."""

    def __init__(self, sentence: str, at: int) -> None:
        super().__init__(f"character {at}: {sentence}")
        self.at = at


class Heard:
    """A text by its words, each with the places where it stands."""

    def __init__(self, text: str) -> None:
        self.words: Sequence[str] = _WORD.findall(folded(text, READ))

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each word stands, in order."""
        found: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            found.setdefault(word, []).append(place)
        return found

    def of(self, word: str) -> list[int]:
        """Where a word stands, or any word that begins so."""
        if not word.endswith("*"):
            return self.places.get(word, [])
        return sorted(place for said, places in self.places.items() if said.startswith(word[:-1]) for place in places)


class Node(Protocol):
    """A part of a query."""

    def holds(self, heard: Heard) -> bool:
        """Whether a text is as this part says."""

    def terms(self) -> Iterator[Phrase]:
        """The phrases that are looked for, but for those under NOT."""


@dataclass(frozen=True)
class Phrase:
    """Words in a row; `written` is how the author wrote them."""

    written: str
    words: tuple[str, ...]

    def spans(self, heard: Heard) -> list[tuple[int, int]]:
        """The first and the last place of each time that it is said."""
        last = len(self.words) - 1
        rest = [set(heard.of(word)) for word in self.words[1:]]
        return [
            (start, start + last)
            for start in heard.of(self.words[0])
            if all(start + shift in places for shift, places in enumerate(rest, 1))
        ]

    def holds(self, heard: Heard) -> bool:
        """Whether it is said at all."""
        return bool(self.spans(heard))

    def terms(self) -> Iterator[Phrase]:
        """Itself."""
        yield self


@dataclass(frozen=True)
class Near:
    """Two phrases with at most so many words between them, in any order."""

    one: Phrase
    other: Phrase
    within: int

    def holds(self, heard: Heard) -> bool:
        """Whether any two of them are near enough."""
        others = self.other.spans(heard)
        starts, ends = [start for start, _ in others], [end for _, end in others]
        # Behind it within reach, or before it within reach; one word is never near to itself.
        return any(
            bisect_right(starts, end + self.within + 1) > bisect_right(starts, end)
            or bisect_left(ends, start) > bisect_left(ends, start - self.within - 1)
            for start, end in self.one.spans(heard)
        )

    def terms(self) -> Iterator[Phrase]:
        """Both."""
        yield from (self.one, self.other)


@dataclass(frozen=True)
class Every:
    """AND."""

    parts: tuple[Node, ...]

    def holds(self, heard: Heard) -> bool:
        """Whether all of them hold."""
        return all(part.holds(heard) for part in self.parts)

    def terms(self) -> Iterator[Phrase]:
        """Those of all parts."""
        for part in self.parts:
            yield from part.terms()


@dataclass(frozen=True)
class Some(Every):
    """OR."""

    def holds(self, heard: Heard) -> bool:
        """Whether one of them holds."""
        return any(part.holds(heard) for part in self.parts)


@dataclass(frozen=True)
class Not:
    """NOT."""

    part: Node

    def holds(self, heard: Heard) -> bool:
        """Whether the part does not hold."""
        return not self.part.holds(heard)

    def terms(self) -> Iterator[Phrase]:
        """None: what must not be said is not looked for."""
        yield from ()


@dataclass(frozen=True)
class Query:
    """A query that has been read."""

    text: str
    root: Node

    def holds(self, text: str) -> bool:
        """Whether a text is as the query says."""
        return self.root.holds(Heard(text))

    def found(self, text: str) -> Sequence[str]:
        """Which of the query's phrases the text says, as the author wrote them, each once."""
        heard = Heard(text)
        return list(dict.fromkeys(term.written for term in self.root.terms() if term.holds(heard)))


@lru_cache(maxsize=512)
def parse(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: it is empty, too long, or something in it is not where it belongs.
    """
    if len(text) > LONGEST:
        raise QueryError(f"a query has at most {LONGEST:,} characters, and this one {len(text):,}.", LONGEST + 1)
    return Query(text, _Reader(text).whole())


@dataclass(frozen=True)
class _Token:
    kind: str
    written: str
    at: int


class _Reader:
    """One look ahead, one function a level of binding."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        read = self._some()
        if self._ahead().kind == ")":
            self._refuse("this bracket closes nothing.")
        if self._ahead().kind != "end":
            self._refuse(f"write AND or OR before {self._ahead().written}, or both in quotation marks.")
        return read

    def _some(self) -> Node:
        parts = [self._every()]
        while self._take("OR"):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _every(self) -> Node:
        parts = [self._not()]
        while self._take("AND"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _not(self) -> Node:
        turned = False
        while self._take("NOT"):
            turned = not turned
        return Not(self._near()) if turned else self._near()

    def _near(self) -> Node:
        one = self._one()
        ahead = self._ahead()
        if ahead.kind != "NEAR":
            return one
        self._next += 1
        other_at = self._ahead()
        other = self._one()
        if not isinstance(one, Phrase) or not isinstance(other, Phrase):
            raise QueryError("NEAR stands between two words or phrases, not beside a bracket.", ahead.at)
        if self._ahead().kind == "NEAR":
            self._refuse(f"NEAR takes two: write `… AND {other_at.written} NEAR …`.")
        return Near(one, other, int(ahead.written[5:] or _NEAR))

    def _one(self) -> Node:
        token = self._ahead()
        if token.kind == "(":
            self._depth += 1
            if self._depth > _DEEPEST:
                self._refuse(f"brackets stand at most {_DEEPEST} deep.")
            self._next += 1
            inner = self._some()
            if not self._take(")"):
                raise QueryError("this bracket is never closed.", token.at)
            self._depth -= 1
            return inner
        if token.kind != "phrase":
            self._refuse("a word is missing here." if token.kind in ("end", ")") else
                         f"a word is missing before {token.written}.")  # fmt: skip
        self._next += 1
        said = tuple(_SAID.findall(folded(token.written, LONGEST)))
        if not said:
            raise QueryError(f"there is no word in {token.written or 'these quotation marks'}.", token.at)
        return Phrase(token.written, said)

    def _ahead(self) -> _Token:
        return self._tokens[self._next]

    def _take(self, kind: str) -> bool:
        taken = self._ahead().kind == kind
        self._next += taken
        return taken

    def _refuse(self, sentence: str) -> NoReturn:
        raise QueryError(sentence, self._ahead().at)


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text) and (found := _TOKEN.match(text, at)):
        kind, start = found.lastgroup or "", found.start(found.lastgroup or 0)
        written = found[kind]
        if kind == "open":
            raise QueryError("this quotation mark is never closed.", start + 1)
        if kind == "mark":
            yield _Token(written, written, start + 1)
        elif kind == "phrase":
            yield _Token("phrase", written, start)
        elif written in ("AND", "OR", "NOT"):
            yield _Token(written, written, start + 1)
        elif re.fullmatch(r"NEAR(/\d{1,3})?", written):
            yield _Token("NEAR", written, start + 1)
        else:
            yield _Token("phrase", written, start + 1)
        at = found.end()
    yield _Token("end", "", len(text) + 1)
