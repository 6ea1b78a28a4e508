"""The gate before the pages: nobody looks or acts who has not signed in, and only our own forms act.

A form holds a word that only the session's own pages know, and the browser says where it comes from: a stranger's page
can neither read the one nor say the other. The cookie is sent along with nothing that another site has begun.
"""

from __future__ import annotations

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request

from antiphon.web.forms import read_form
from antiphon.web.hooks import limited
from antiphon.web.sessions import Session, Sessions

READS = frozenset({"GET", "HEAD"})


class Gate:
    """A dependency of every route that is not for the world. `cookie` is the name under which a browser keeps the
    session: that of another workspace, at another port, is another one."""

    def __init__(self, sessions: Sessions, port: int) -> None:
        self.sessions = sessions
        self.cookie = f"antiphon_{port}"

    def __call__(self, request: Request, body: Annotated[bytes | None, Depends(limited)]) -> None:
        """Let a request through. Raises HTTPException: 401 without a session, 403 for a form that is not ours."""
        session = self.sessions.of(request.cookies.get(self.cookie, ""))
        if session is None:
            raise HTTPException(401)
        request.state.session = session
        if request.method in READS:
            return
        posted = read_form(body) or {}
        if not _from_here(request) or not hmac.compare_digest(posted.pop("form", "").encode(), session.form.encode()):
            raise HTTPException(403)
        request.state.fields = posted


def session_of(request: Request) -> Session | None:
    """Who looks at a page, if they have signed in."""
    return getattr(request.state, "session", None)


def who_of(request: Request) -> str:
    """By which name somebody has signed in, where the gate has let them through."""
    session: Session = request.state.session
    return session.who


def _from_here(request: Request) -> bool:
    """Whether the browser says that a page of ours has sent this; the guard has seen to it that the name is ours."""
    origin = urlsplit(request.headers.get("origin", ""))
    same = (origin.scheme, origin.netloc) == (request.url.scheme, request.headers.get("host", ""))
    return same and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
