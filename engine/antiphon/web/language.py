"""The switch between the languages of the pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from antiphon.report.links import is_inner
from antiphon.web.pages import Pages
from antiphon.web.words import COOKIE, known

KEPT = 365 * 24 * 3600
"""Seconds for which a browser keeps the choice."""


def router(pages: Pages) -> APIRouter:
    """`/language/{language}`: keeps the choice in a cookie, and goes back to where the reader was."""
    routes = APIRouter()

    @routes.get("/language/{language}")
    def choose(request: Request, language: str, to: str = "/") -> Response:
        if known(language) is None:
            return pages.problem(request, 404, pages.words(request)["not_there"])
        answer = RedirectResponse(to if is_inner(to) else "/", 303)
        answer.set_cookie(COOKIE, language, max_age=KEPT, httponly=True, samesite="strict")
        return answer

    return routes
