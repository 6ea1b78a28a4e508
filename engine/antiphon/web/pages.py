"""Pages: templates, the frame around them, and the choice between a page and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from antiphon.app import Antiphon
from antiphon.report.blocks import style
from antiphon.report.links import is_link
from antiphon.web.gate import session_of
from antiphon.web.words import WebWords, language_of, names

OWN = (("/", "today"), ("/runs", "runs"), ("/approvals", "approvals"))
"""The pages of Antiphon itself in the menu, each with the key of its title; those of plugins follow."""


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
        self._environment.filters.update(moment=self._moment, clock=self._clock, second=self._second, pretty=pretty)
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
        year = self._app.clock.now().astimezone(self.zone).year
        return WebWords(language_of(request, self._app.settings.workspace.language), self.zone.key, year)

    def _menu(self, words: WebWords) -> Iterator[tuple[str, str]]:
        yield from ((address, words[title]) for address, title in OWN)
        for page in self._app.registry.catalogue.pages:
            yield f"/{page.path}", page.title[words.language]

    def problem(self, request: Request, status: int, sentence: str) -> Response:
        """A refusal, as a page for a person and as JSON for everybody else."""
        if wants_json(request) or request.url.path.startswith(("/hooks", "/health")):
            return JSONResponse({"error": sentence}, status)
        return self.page(request, "problem.html", status=status, sentence=sentence)

    def signed_out(self, request: Request, *, status: int = 401, used: bool = False) -> Response:
        """What whoever has not signed in is told, or whose link is `used`."""
        if wants_json(request):
            return JSONResponse({"error": "Nobody has signed in. See `antiphon page link`."}, status)
        return self.page(request, "signed_out.html", status=status, used=used)

    def _moment(self, at: datetime | str) -> str:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        return f"{moment.astimezone(self.zone):%-d %B %Y, %H:%M:%S}"

    def _second(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%H:%M:%S}"

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%d %b %H:%M}"


def wants_json(request: Request) -> bool:
    """Whether the caller asks for JSON and not for a page."""
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def pretty(value: Any) -> str:
    """A JSON value as people read it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)
