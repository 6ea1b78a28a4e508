"""Answers as JSON: one entity, a page with its `Link` header, an error."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from antiphon.testing.sandbox.mastodon.entities import Json
from antiphon.testing.sandbox.refusals import Invalid, Malformed, NotAllowed, NotFound, Refusal, Unauthorized
from antiphon.testing.sandbox.series import Identified

STATUS_CODES: dict[type[Refusal], int] = {
    Malformed: 400,
    Unauthorized: 401,
    NotAllowed: 403,
    NotFound: 404,
    Invalid: 422,
}
BOUNDS = {"max_id", "since_id", "min_id"}


def page(
    request: Request,
    records: Sequence[Identified],
    entities: list[Json],
    *,
    newer: str = "min_id",
    last: bool = False,
) -> JSONResponse:
    """A page of entities, with links to the older and the newer ones of the same query.

    `newer` is the parameter of the link "prev"; with `last`, no older page is announced. An empty page has no links.
    """
    answer = JSONResponse(entities)
    if not records:
        return answer
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in BOUNDS]
    here = str(request.url.replace(query=""))

    def link(bound: str, identifier: str, relation: str) -> str:
        return f'<{here}?{urlencode([*kept, (bound, identifier)])}>; rel="{relation}"'

    links = [] if last else [link("max_id", records[-1].id, "next")]
    links.append(link(newer, records[0].id, "prev"))
    answer.headers["Link"] = ", ".join(links)
    return answer


def refused(request: Request, refusal: Exception) -> JSONResponse:
    """An error of the world in Mastodon's shape (mastodon/documentation, entities/Error.md, 2026-07-02)."""
    assert isinstance(refusal, Refusal)
    return JSONResponse({"error": str(refusal)}, STATUS_CODES[type(refusal)])


def unknown(request: Request, error: Exception) -> JSONResponse:
    """A path or a method that the network does not have."""
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)
