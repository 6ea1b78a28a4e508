"""Pages: templates, the frame around them, and the choice between a page and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from antiphon.app import Antiphon
from antiphon.model.report import Block
from antiphon.report.blocks import style, to_markup
from antiphon.report.links import is_link
from antiphon.web.gate import session_of
from antiphon.web.words import WebWords, language_of, names

OWN = (
    ("/", "today"),
    ("/approvals", "approvals"),
    ("/parked", "parked"),
    ("/runs", "runs"),
    ("/events", "events"),
    ("/why", "why"),
    ("/workflows", "workflows"),
    ("/connections", "connections"),
)
"""The pages of Antiphon itself in the menu, each with the key of its title; those of plugins follow."""


class Turn:
    """The turn of a list's pages: the addresses of the one before and the one after, empty where there is none."""

    def __init__(self, request: Request, page: int, more: bool) -> None:
        self.page = page
        self.before = f"?{request.url.include_query_params(page=page - 1).query}" if page > 1 else ""
        self.after = f"?{request.url.include_query_params(page=page + 1).query}" if more else ""


class Pages:
    """Draws the pages of one workspace. `style` is the sheet that every page holds, and the only one it may."""

    def __init__(self, app: Antiphon) -> None:
        self._app = app
        workspace = app.settings.workspace
        sheet = files("antiphon.web") / "templates" / "style.css"
        self.style = style() + sheet.read_text(encoding="utf-8")
        self.zone = ZoneInfo(workspace.timezone or "UTC")
        self._environment = Environment(
            loader=PackageLoader("antiphon.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            style=self.style, workspace=workspace.name, zone=self.zone.key, languages=names()
        )
        self._environment.filters["pretty"] = pretty
        self._environment.tests["link"] = is_link

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page from a template, in the reader's language."""
        words = self.words(request)
        text = self._environment.get_template(template).render(
            words=words, here=request.url.path, menu=self._menu(words), session=session_of(request), **values
        )
        return HTMLResponse(text, status, headers={"vary": "Accept-Language, Cookie"})

    def words(self, request: Request) -> WebWords:
        """The words of the language in which the reader wants to read."""
        return WebWords(language_of(request, self._app.settings.workspace.language), self.zone, self._app.clock.now())

    def _menu(self, words: WebWords) -> Iterator[tuple[str, str]]:
        yield from ((address, words[title]) for address, title in OWN)
        for page in self._app.registry.catalogue.pages:
            yield f"/{page.path}", page.title[words.language]

    def problem(self, request: Request, status: int, sentence: str) -> Response:
        """A refusal, as a page for a person and as JSON for everybody else."""
        if wants_json(request) or request.url.path.startswith(("/hooks", "/health")):
            return JSONResponse({"error": sentence}, status)
        return self.page(request, "problem.html", status=status, sentence=sentence)

    def blocks(self, request: Request, title: str, blocks: Sequence[Block], **values: Any) -> HTMLResponse:
        """A page of nothing but blocks, as a plugin's are."""
        drawn = to_markup(blocks, self.words(request))
        return self.page(request, "brought.html", **{"title": title, "sections": drawn, "path": "", **values})

    def signed_out(self, request: Request, *, status: int = 401, used: bool = False) -> Response:
        """What whoever has not signed in is told, or whose link is `used`."""
        if wants_json(request):
            return JSONResponse({"error": "Nobody has signed in. See `antiphon page link`."}, status)
        return self.page(request, "signed_out.html", status=status, used=used)


def wants_json(request: Request) -> bool:
    """Whether the caller asks for JSON and not for a page."""
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def pretty(value: Any) -> str:
    """A JSON value as people read it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)
