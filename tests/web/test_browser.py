"""The pages in a real Chromium: what a person sees and clicks, and what the browser itself refuses."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from antiphon.app import Antiphon
from antiphon.model.approval import ApprovalState
from antiphon.model.effect import EffectState
from antiphon.testing.clock import VirtualClock
from antiphon.web.pages import OWN
from antiphon.web.server import create
from antiphon.web.sessions import Sessions

from .conftest import NINE
from .full import fill

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed; it comes with .[dev]")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="There is no Chromium here; Debian's is `apt-get install chromium`."),
]


@dataclass
class Shown:
    """A workspace whose pages are served, and browsers that look at them."""

    app: Antiphon
    here: str
    chromium: Any

    def link(self) -> str:
        """An address that signs Ana in."""
        return f"{self.here}/sign-in/{Sessions.of_workspace(self.app).link('ana')}"

    def ask(self, text: str) -> str:
        """Ask people about a text; returns the address of the question."""
        run = self.app.start("launch", inputs={"text": text}, by="dora", cause=text)
        self.app.activate("launch")
        [found] = self.app.store.approvals.list(run=run.id)
        return f"{self.here}/approvals/{found.id}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser without windows."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Shown]:
    """A full workspace, served on this machine until all tests have looked at it."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = fill(tmp_path_factory.mktemp("browsed"), VirtualClock(NINE), port)
    server = uvicorn.Server(uvicorn.Config(create(app), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Shown(app, f"http://127.0.0.1:{port}", chromium)
    server.should_exit = True
    thread.join(10)
    app.close()


@pytest.fixture
def look(shown: Shown) -> Iterator[Callable[..., Any]]:
    """Opens a page of a browser of its own; whatever the browser complains of fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def note(dialog: Any) -> None:
        complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open_(**how: Any) -> Any:
        context = shown.chromium.new_context(**{"locale": "en-GB", **how})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", note)
        for _ in range(100):
            try:
                page.goto(f"{shown.here}/health")
                break
            except sync_api.Error:  # it begins to listen just now
                page.wait_for_timeout(50)
        return page

    yield open_
    for context in contexts:
        context.close()
    # A 4xx is noted by the browser as such, and is what some tests are about.
    assert [] == [one for one in complaints if "the server responded with a status of 4" not in one]


@pytest.fixture
def page(shown: Shown, look: Callable[..., Any]) -> Any:
    """A browser in which Ana has signed in, and that runs no scripts at all."""
    page = look(java_script_enabled=False)
    page.goto(shown.link())
    page.wait_for_url(f"{shown.here}/")
    return page


def test_sign_in(shown: Shown, look: Callable[..., Any]) -> None:
    """Without a link there is a word on how to get one; a link signs in, once, and goes on by itself."""
    page = look()
    page.goto(shown.here)
    assert "You are not signed in" in page.inner_text("h1")

    link = shown.link()
    page.goto(link)
    page.wait_for_url(f"{shown.here}/")
    assert "Torréa" == page.inner_text("h1")
    assert [] == page.evaluate("[document.cookie].filter(Boolean)")

    other = look()
    other.goto(link)
    assert "This link does not sign in any more" in other.inner_text("h1")


def test_sign_out(shown: Shown, page: Any) -> None:
    """Signed out is signed out."""
    page.click("text=Sign out")

    assert "You are not signed in" in page.inner_text("h1")


def test_approve(shown: Shown, page: Any) -> None:
    """From today to a question, and to a word on it."""
    address = shown.ask("Approve me")
    page.goto(shown.here)
    page.click("text=Approve me")
    assert address == page.url
    page.fill("text=Comment >> textarea", "Fine — <b>really</b>")
    page.click("button:text-is('Approve')")

    assert "ana has approved" in page.inner_text("main")
    assert "Fine — <b>really</b>" in page.inner_text("main")
    approval = shown.app.deciding.find(address.rpartition("/")[2])
    assert ("ana", ApprovalState.APPROVED) == (approval.decisions[0].by, approval.state)


def test_reject(shown: Shown, page: Any) -> None:
    """A word may be no; who comes second with the same page before them is told what was decided."""
    page.goto(shown.ask("Reject me"))
    late = page.context.new_page()
    late.goto(page.url)
    page.select_option("select[name=as]", "ben")
    page.click("button:text-is('Reject')")
    late.click("button:text-is('Approve')")

    assert "ben has rejected" in page.inner_text("main")
    assert "Somebody has decided meanwhile." in late.inner_text("main")
    assert "rejected by ben" in late.inner_text("main")


def test_edit(shown: Shown, page: Any) -> None:
    """What a browser shows for editing is the text to the letter, and only what is changed is changed."""
    text = "\nFirst — an empty line.\n\n  Indented </textarea><script>alert(1)</script> & done\n"
    page.goto(shown.ask(text))
    page.click("text=Change it first")
    area = page.locator("textarea[name='text:text']")
    assert text == area.input_value()
    page.click("button:text-is('Approve what I have written')")
    approval = shown.app.deciding.find(page.url.rpartition("/")[2])
    assert ("", ApprovalState.APPROVED) == (approval.edited_hash, approval.state)

    page.goto(shown.ask(f"{text}!"))
    page.click("text=Change it first")
    area.fill("Calmer\n")
    page.click("button:text-is('Approve what I have written')")
    assert "Calmer\n" == shown.app.deciding.find(page.url.rpartition("/")[2]).current["text"]


def test_settle(shown: Shown, page: Any) -> None:
    """What is in doubt is settled by whoever has looked, with the address where it can be seen."""
    page.goto(shown.here)
    page.click("text=In doubt")
    page.fill("input[name=url]", "https://social.example/@torrea/77")
    page.click("button:text-is('It is there')")

    assert "https://social.example/@torrea/77" in page.inner_text("main")
    assert [] == list(shown.app.store.ledger.list(state=EffectState.UNKNOWN))


def test_brake(shown: Shown, page: Any) -> None:
    """The brake is asked about, pulled, seen everywhere, and lifted."""
    page.goto(f"{shown.here}/connections")
    page.click("a:text-is('workspace')")
    page.fill("input[name=reason]", "a storm")
    page.click("text=Hold everything")
    page.goto(shown.here)
    page.click("text=The brake of workspace is on.")
    page.click("text=Let everything go on")

    assert [] == list(shown.app.store.brakes.standing())


def test_why(shown: Shown, page: Any) -> None:
    """From what was heard to why a workflow answered it, or did not."""
    page.goto(f"{shown.here}/events?type=mention.received")
    page.click("text=A troll")
    page.click("a:text-is('desk')")

    assert "“troll” is excluded" in page.inner_text("main")


def test_language(shown: Shown, page: Any) -> None:
    """One click reads French, and the next page still does."""
    page.goto(f"{shown.here}/runs?workflow=desk")
    page.click("text=Français")
    page.click("text=Aujourd’hui")

    assert "fr" == page.get_attribute("html", "lang")
    assert "Vous attend" in page.inner_text("main")


def _answer(form: str, route: Any) -> None:
    route.fulfill(body=form, content_type="text/html")


def test_others_form(shown: Shown, page: Any) -> None:
    """A page at another port of this machine can send our forms as little as one of another machine."""
    word = page.get_attribute("input[name=form]", "value")
    for stranger in ("http://127.0.0.1:9", "http://evil.example"):
        form = f'<form method=post action="{shown.here}/sign-out"><input name=form value="{word}"><button>Go</button>'
        page.route(f"{stranger}/**", partial(_answer, form))
        page.goto(f"{stranger}/trap")
        page.click("button")
        assert f"{shown.here}/sign-out" == page.url
        page.goto(shown.here)
        assert "Torréa" == page.inner_text("h1")


def test_keyboard(shown: Shown, look: Callable[..., Any]) -> None:
    """The first stop of the keyboard skips the menu, and what has the focus shows it."""
    page = look()
    page.goto(shown.link())
    page.wait_for_url(f"{shown.here}/")
    page.keyboard.press("Tab")
    assert "Skip to the content" == page.evaluate("document.activeElement.textContent")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")

    assert page.url.endswith("#main")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 1200), ("light", 390), ("dark", 320)])
def test_looks(shown: Shown, look: Callable[..., Any], scheme: str, width: int, tmp_path: Path) -> None:
    """Nothing is refused by the browser, sticks out of a window, or is too small to touch, in any scheme and width."""
    page = look(color_scheme=scheme, viewport={"width": width, "height": 844})
    page.goto(shown.link())
    page.wait_for_url(f"{shown.here}/")
    run = shown.app.store.runs.list(workflow="desk", limit=1)[0]
    for address in [*(one for one, _ in OWN), f"/runs/{run.id}", "/why?workflow=desk&around=3h", "/brake/workspace"]:
        page.goto(f"{shown.here}{address}")
        assert width >= page.evaluate("document.documentElement.scrollWidth"), address
        low = page.evaluate("[...document.querySelectorAll('main button')].filter(b => b.offsetHeight < 32).length")
        assert 0 == low, address
        assert re.match("rgb", page.evaluate("getComputedStyle(document.body).color"))
        assert page.screenshot(path=tmp_path / "page.png")
