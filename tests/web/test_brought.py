"""Pages that plugins bring, within the frame that all pages have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from antiphon import Block, Chart, Figure, GiveUp, PageContext, Series, Table, WebPage, hookimpl
from antiphon.app import Antiphon
from antiphon.components.page import TAKEN
from antiphon.testing.clock import VirtualClock
from antiphon.web.server import create

from .conftest import HERE, signed_in

NASTY = "<script>alert(1)</script> {{ 7 * 7 }}"


class Guests:
    """A plugin with a page of guests, each with a page of its own, and one page that fails."""

    def __init__(self) -> None:
        self.asked: list[PageContext] = []

    def view(self, ctx: PageContext) -> Sequence[Block]:
        """The guests."""
        self.asked.append(ctx)
        heading = {"en": "Who came", "fr": "Qui est venu"}[ctx.language]
        table = Table(headings=("name", "since"), rows=((NASTY, ctx.clock.now().isoformat()),), links=("/guests/a/b",))
        series = Series(name="guests", values=(1234, 2))
        charts = (Chart(title="Per day", kind="line", labels=("2026-03-01", "2026-03-02"), series=(series,)),)
        return [Block(heading=heading, figures=(Figure(label="n", value=1234.5),), charts=charts, tables=(table,))]

    def one(self, ctx: PageContext, key: str) -> Sequence[Block] | None:
        """One guest."""
        return [Block(heading=f"Guest {key}")] if key == "a/b" else None

    def fail(self, ctx: PageContext) -> Sequence[Block]:
        """Raise what the query asks for."""
        if "kindly" in ctx.query:
            raise GiveUp("The list of guests is lost.")
        raise RuntimeError("a secret of the inside")

    @hookimpl
    def register_pages(self) -> Iterable[WebPage]:
        """The pages, in the order of the menu."""
        return [
            WebPage("guests", {"en": "Guests", "fr": "Invités"}, self.view, self.one),
            WebPage("broken", {"en": "Broken", "fr": "Cassé"}, self.fail),
        ]


@pytest.fixture
def guests() -> Guests:
    """The plugin."""
    return Guests()


@pytest.fixture
def open_with(tmp_path: Path, clock: VirtualClock) -> Iterator[Callable[..., TestClient]]:
    """Opens a browser at the pages of a workspace in Paris."""
    opened: list[Antiphon] = []

    def open_(plugin: object, language: str = "en") -> TestClient:
        settings = f'[workspace]\nname = "Torréa"\ntimezone = "Europe/Paris"\nlanguage = "{language}"\n'
        (tmp_path / "antiphon.toml").write_text(settings)
        opened.append(Antiphon.open(tmp_path, clock=clock, plugins={"stranger": plugin}))
        return signed_in(TestClient(create(opened[-1]), base_url=HERE, raise_server_exceptions=False), opened[-1])

    yield open_
    for app in opened:
        app.close()


def _text(page: Any) -> str:
    return re.sub(r"<style>.*?</style>", "", page.text, flags=re.S)


def test_shown(open_with: Callable[..., TestClient], guests: Guests, clock: VirtualClock) -> None:
    """What a plugin says is drawn within the frame, and nothing of it becomes markup."""
    text = _text(open_with(guests).get("/guests"))

    assert '<a href="/guests" aria-current="page">Guests</a>' in text
    assert "<h1>Guests</h1>" in text
    assert '<a class="title" href="/guests/a/b">&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }}</a>' in text
    assert "2\xa0Mar,\xa010:00" in text
    assert "1,234.5" in text
    assert not re.search(r"<script| style=", text)


def test_told(open_with: Callable[..., TestClient], guests: Guests, clock: VirtualClock, tmp_path: Path) -> None:
    """A page is told what is kept, the clock, the reader's language and zone, and what was asked behind the `?`."""
    open_with(guests, language="fr").get("/guests?page=2&q=a")
    [ctx] = guests.asked

    assert (clock, "fr", "Europe/Paris", {"page": "2", "q": "a"}) == (
        ctx.clock,
        ctx.language,
        ctx.timezone.key,
        ctx.query,
    )
    assert [] == list(ctx.store.runs.list())


def test_menu(open_with: Callable[..., TestClient], guests: Guests) -> None:
    """Pages stand in the menu behind the workspace's own, in the order in which they are brought."""
    text = _text(open_with(guests).get("/"))
    [menu] = re.findall(r"<nav.*?</nav>", text, re.S)

    assert ["/guests", "/broken"] == re.findall(r'href="([^"]+)"', menu)[-2:]


def test_detail(open_with: Callable[..., TestClient], guests: Guests) -> None:
    """One thing has a page of its own; what is not there is told so."""
    client = open_with(guests)

    assert "Guest a/b" in client.get("/guests/a/b").text
    assert [404, 404] == [client.get(address).status_code for address in ("/guests/c", "/broken/c")]


def test_fails(open_with: Callable[..., TestClient], guests: Guests) -> None:
    """A page that fails says so in a sentence of ours, and tells nothing of the inside."""
    client = open_with(guests)
    kindly, rudely = client.get("/broken?kindly"), client.get("/broken")

    assert [500, 500] == [kindly.status_code, rudely.status_code]
    assert "The list of guests is lost." in kindly.text
    assert "a secret of the inside" not in rudely.text


@pytest.mark.parametrize(
    ("workspace", "browser", "expected"),
    [
        ("en", "", "en"),
        ("fr", "", "fr"),
        ("en", "fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("fr", "de-DE, en-GB;q=0.7, fr;q=0.3", "en"),
        ("fr", "de, it;q=0.5", "fr"),
        ("fr", "en;q=0", "fr"),
        ("fr", "en;q=x, ;;,=", "fr"),
    ],
)
def test_language(
    open_with: Callable[..., TestClient], guests: Guests, workspace: str, browser: str, expected: str
) -> None:
    """A page is in the language that the browser likes best of ours, or in the workspace's."""
    page = open_with(guests, language=workspace).get("/guests", headers={"Accept-Language": browser})

    assert f'<html lang="{expected}">' in page.text
    assert {"en": "Who came", "fr": "Qui est venu"}[expected] in page.text


def test_switch(open_with: Callable[..., TestClient], guests: Guests) -> None:
    """The language that a reader chooses is kept, and goes before the browser's."""
    client = open_with(guests)
    back = client.get("/language/fr?to=/guests", headers={"Accept-Language": "en"})

    assert ("/guests", 200) == (back.url.path, back.status_code)
    assert '<html lang="fr">' in back.text
    assert 404 == client.get("/language/de").status_code


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "x"])
def test_switch_stays(open_with: Callable[..., TestClient], guests: Guests, to: str) -> None:
    """The switch leads nowhere but to pages of our own."""
    answer = open_with(guests).get("/language/fr", params={"to": to}, follow_redirects=False)

    assert "/" == answer.headers["location"]


def test_taken(tmp_path: Path) -> None:
    """The first word of every address of Antiphon's own is kept from plugins."""
    app = Antiphon.open(tmp_path)
    catalogue = app.registry.catalogue
    brought = {page.path for page in catalogue.pages} | {door.path for door in catalogue.doorways}
    first = {path.split("/")[1] for path in create(app).openapi()["paths"]}
    assert {"runs", "health"} <= first

    assert first - brought - {""} <= TAKEN
