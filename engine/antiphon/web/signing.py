"""Signing in by a link, and signing out."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from antiphon.web.gate import Gate
from antiphon.web.pages import Pages
from antiphon.web.sessions import SESSION_VALID


def router(gate: Gate, pages: Pages) -> APIRouter:
    """`/sign-in/{token}` is for whoever has been given the link; `/sign-out` for whoever is in."""
    routes = APIRouter()

    @routes.get("/sign-in/{token}")
    def sign_in(request: Request, token: str) -> Response:
        session = gate.sessions.sign_in(token)
        if session is None:
            return pages.signed_out(request, status=403, used=True)
        # The page goes on to the first one by itself. A redirect would still belong to whatever led here, and if that
        # was another site, the browser would not send the cookie along.
        answer = pages.page(request, "signed_in.html")
        answer.set_cookie(
            gate.cookie, session, max_age=int(SESSION_VALID.total_seconds()), httponly=True, samesite="strict"
        )
        return answer

    @routes.post("/sign-out", dependencies=[Depends(gate)])
    def sign_out(request: Request) -> Response:
        gate.sessions.sign_out(request.cookies.get(gate.cookie, ""))
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(gate.cookie, httponly=True, samesite="strict")
        return answer

    return routes
