"""Approval by a signed link: `/approve/{token}` shows exactly what is asked, and takes one decision on it.

The token in the address is all the proof there is: nobody else's page can know it, so none can decide in the visitor's
name; what is posted names the hash of the content that was on the page.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from antiphon.app import Antiphon
from antiphon.errors import InputError, Untrusted, Vetoed
from antiphon.model.approval import Approval, ApprovalState
from antiphon.runtime.links import Link
from antiphon.web.forms import read_form
from antiphon.web.hooks import limited
from antiphon.web.pages import Pages

LONGEST_COMMENT = 4000
"""Characters of a comment."""


def router(app: Antiphon, pages: Pages) -> APIRouter:
    """The page for a reviewer from outside."""
    routes = APIRouter()

    @routes.get("/approve/{token}")
    def look(request: Request, token: str) -> Response:
        try:
            link = app.deciding.links.read(token)
        except Untrusted as error:
            return pages.problem(request, 403, str(error))
        return _page(request, link)

    @routes.post("/approve/{token}")
    def decide(request: Request, token: str, body: Annotated[bytes | None, Depends(limited)]) -> Response:
        try:
            link = app.deciding.links.read(token)
        except Untrusted as error:
            return pages.problem(request, 403, str(error))
        fields = read_form(body)
        if fields is None or fields.get("decision") not in ("approve", "reject"):
            return pages.problem(request, 400, pages.words(request)["not_our_form"])
        comment, approves = fields.get("comment", ""), fields["decision"] == "approve"
        if len(comment) > LONGEST_COMMENT:
            return pages.problem(request, 400, pages.words(request)["long_comment"].format(most=LONGEST_COMMENT))
        try:
            app.deciding.follow(link, approves=approves, comment=comment, seen=fields.get("hash", "-"))
        except Vetoed as error:
            return pages.problem(request, 403, str(error))
        except InputError as error:
            return _page(request, link, refusal=error.sentence, status=409)
        return _page(request, link)

    def _page(request: Request, link: Link, *, refusal: str = "", status: int = 200) -> Response:
        try:
            approval = app.deciding.find(link.approval)
        except InputError:
            return pages.problem(request, 404, pages.words(request)["not_asked"])
        said = next((one for one in approval.decisions if _is_theirs(one.by, one.hash, link, approval)), None)
        run = app.store.runs.get(approval.run)
        asked = approval.state is ApprovalState.PENDING and said is None and run is not None and not run.state.ended
        late = approval.due is not None and app.clock.now() >= approval.due
        return pages.page(
            request,
            "approve.html",
            status=status,
            approval=approval,
            link=link,
            asked=asked and not late,
            said=said,
            refusal=refusal,
        )

    return routes


def _is_theirs(by: str, hash: str, link: Link, approval: Approval) -> bool:
    return by == link.name and hash == approval.current_hash
