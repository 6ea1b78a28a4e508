"""The pages that plugins bring: a plugin says blocks, and they are shown within the frame that all pages have."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from antiphon.app import Antiphon
from antiphon.components.page import PageContext, WebPage
from antiphon.errors import AntiphonError
from antiphon.model.report import Block
from antiphon.web.pages import Pages

log = logging.getLogger(__name__)


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """`/{path}` of every page, and `/{path}/{key}` of those that have details."""
    routes = APIRouter()
    for page in app.registry.catalogue.pages:
        routes.add_api_route(f"/{page.path}", _whole(app, pages, page), methods=["GET"])
        if page.detail is not None:
            routes.add_api_route(f"/{page.path}/{{key:path}}", _detail(app, pages, page), methods=["GET"])
    return routes


def _whole(app: Antiphon, pages: Pages, page: WebPage) -> Callable[[Request], Response]:
    def show(request: Request) -> Response:
        return _shown(app, pages, page, request, page.view)

    return show


def _detail(app: Antiphon, pages: Pages, page: WebPage) -> Callable[[Request, str], Response]:
    def show(request: Request, key: str) -> Response:
        asked = page.detail
        return _shown(app, pages, page, request, lambda ctx: asked(ctx, key) if asked else None)

    return show


def _shown(
    app: Antiphon,
    pages: Pages,
    page: WebPage,
    request: Request,
    ask: Callable[[PageContext], Sequence[Block] | None],
) -> Response:
    words = pages.words(request)
    ctx = PageContext(app.store, app.clock, words.language, pages.zone, dict(request.query_params), app.files)
    try:
        blocks = ask(ctx)
        if blocks is not None:
            return pages.blocks(request, page.title[words.language], blocks, path=f"/{page.path}")
    except Exception as error:  # a stranger's page may raise anything, and what it says may hold anything
        log.warning("The page /%s failed.", page.path, exc_info=error)
        reason = str(error) if isinstance(error, AntiphonError) else type(error).__name__
        return pages.problem(request, 500, words["page_failed"].format(reason=app.secrets.conceal(reason)))
    return pages.problem(request, 404, words["not_there"])
