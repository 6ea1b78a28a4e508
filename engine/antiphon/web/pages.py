"""Pages: templates, times as the workspace reads them, and the choice between a page and JSON."""

from __future__ import annotations

import json
from datetime import datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from antiphon.app import Antiphon
from antiphon.report.links import is_link


class Pages:
    """Draws the pages of one workspace. `style` is the sheet that every page holds, and the only one it may."""

    def __init__(self, app: Antiphon) -> None:
        workspace = app.settings.workspace
        self.style = (files("antiphon.web") / "templates" / "style.css").read_text(encoding="utf-8")
        self._zone = ZoneInfo(workspace.timezone or "UTC")
        self._environment = Environment(
            loader=PackageLoader("antiphon.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(style=self.style, workspace=workspace.name, zone=self._zone.key)
        self._environment.filters.update(moment=self._moment, clock=self._clock, second=self._second, pretty=pretty)
        self._environment.tests["link"] = is_link

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page from a template."""
        return HTMLResponse(self._environment.get_template(template).render(**values), status)

    def problem(self, request: Request, status: int, sentence: str) -> Response:
        """A refusal, as a page for a person and as JSON for everybody else."""
        if wants_json(request) or request.url.path.startswith(("/hooks", "/health")):
            return JSONResponse({"error": sentence}, status)
        return self.page("problem.html", status=status, sentence=sentence)

    def _moment(self, at: datetime | str) -> str:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        return f"{moment.astimezone(self._zone):%-d %B %Y, %H:%M:%S}"

    def _second(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%H:%M:%S}"

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%d %b %H:%M}"


def wants_json(request: Request) -> bool:
    """Whether the caller asks for JSON and not for a page."""
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def pretty(value: Any) -> str:
    """A JSON value as people read it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)
