"""The page of consents: who has agreed to what, and one person with every word and the text that was shown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from antiphon.components.consents import Word, consents, said, wording, words
from antiphon.components.page import PageContext, WebPage
from antiphon.model.report import Block, Table

PATH = "consents"
PEOPLE = 1000
"""How many people the page looks at, those seen last; the command line has all."""

_COLUMNS = ("channel", "purpose", "consent", "since", "basis", "source", "proof", "by")


def view(ctx: PageContext) -> Sequence[Block]:
    """The last word of each person on each channel and purpose."""
    told = _told(ctx.language)
    found = list(consents(ctx.store.people, PEOPLE))
    summary = told["none" if not found else "one" if len(found) == 1 else "many"].format(count=len(found))
    if len(ctx.store.people.list(PEOPLE + 1)) > PEOPLE:
        summary = f"{summary} {told['newest'].format(count=PEOPLE)}"
    table = Table(
        headings=tuple(told[name] for name in ("person", "handle", *_COLUMNS)),
        rows=tuple((person.id, person.handle, *_cells(word, told)) for person, word in found),
        links=tuple(f"/{PATH}/{quote(person.id, safe='')}" for person, _ in found),
    )
    return [Block(heading=told["title"], summary=summary, tables=(table,) if found else ())]


def detail(ctx: PageContext, key: str) -> Sequence[Block] | None:
    """Every word of one person, with the text that was shown to them."""
    if (person := ctx.store.people.get(key)) is None:
        return None
    told = _told(ctx.language)
    every = [word for one in words(person) for word in said(person, one)]
    every.sort(key=lambda word: word.since, reverse=True)
    table = Table(
        headings=tuple(told[name] for name in (*_COLUMNS, "text")),
        rows=tuple((*_cells(word, told), wording(ctx.store.records, word.wording)) for word in every),
    )
    return [Block(heading=f"{person.handle or person.id}: {told['history']}", tables=(table,) if every else ())]


PAGE = WebPage(PATH, {"en": "Consents", "fr": "Consentements"}, view, detail)


def _cells(word: Word, told: Mapping[str, str]) -> tuple[str, ...]:
    state = told["given" if word.given else "withdrawn"]
    return (word.channel, word.purpose, state, word.since, word.basis, word.source, word.proof, word.by)


@cache
def _told(language: str) -> Mapping[str, str]:
    found: Mapping[str, str] = tomllib.loads(files(__package__).joinpath("consents.toml").read_text("utf-8"))[language]
    return found
