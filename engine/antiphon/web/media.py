"""Pictures of the workspace that go with a content, so that whoever decides sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from antiphon.app import Antiphon
from antiphon.components.media import Files
from antiphon.errors import AntiphonError
from antiphon.model.draft import Attachment, Medium
from antiphon.web.pages import Pages

SHOWN = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
"""What a browser shows and does not run."""

MOST = 12


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """`/media?file=…`: a picture of the workspace."""
    routes = APIRouter()

    @routes.get("/media")
    def picture(request: Request, file: str = "") -> Response:
        try:
            medium = app.files.look(Attachment(file=file))
            if medium.type in SHOWN:
                return Response(app.files.load(medium).content, media_type=medium.type)
        except (AntiphonError, ValueError):
            pass
        return pages.problem(request, 404, pages.words(request)["not_there"])

    return routes


def pictures_of(content: Any, files: Files) -> list[Medium]:
    """The pictures that a content names and that are there."""
    found = []
    for attachment in dict.fromkeys(_named(content)):
        try:
            medium = files.look(attachment)
        except AntiphonError:
            continue
        if medium.file and medium.type in SHOWN:
            found.append(medium)
    return found[:MOST]


def _named(content: Any) -> Iterator[Attachment]:
    match content:
        case {"file": str() as file, **more} if file:
            yield Attachment(file=file, alt=str(more.get("alt") or ""))
        case str() if content.lower().endswith((".gif", ".jpg", ".jpeg", ".png", ".webp")) and "\n" not in content:
            if "://" not in content:
                yield Attachment(file=content)
        case Mapping():
            for value in content.values():
                yield from _named(value)
        case list():
            for value in content:
                yield from _named(value)
