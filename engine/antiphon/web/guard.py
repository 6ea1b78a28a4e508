"""The guard before every page: only our own names are answered to, and a page may load nothing and do nothing.

A form may be sent to where its page came from, and nowhere else.

A stranger's page could point its own name at this machine and read ours through the visitor's browser (DNS rebinding);
such a request carries the stranger's name in its Host header, and is refused. By its public name, under which a proxy
may show it to the world, only what is meant for the world is answered: webhooks, approval by a signed link, and the
doorways of plugins.
"""

from __future__ import annotations

import base64
import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")
PUBLIC = ("/hooks/", "/approve/")
SECRET = ("/approve/", "/sign-in/")
"""Addresses that are secrets themselves, of which nobody else is told where the reader came from."""


class Guard:
    """ASGI middleware. `host` is the configured name, `public` the one known to the world, if there is one; `style` is
    the one style sheet that pages may have, `doors` what plugins open to the world."""

    def __init__(self, app: ASGIApp, host: str, style: str, public: str = "", doors: tuple[str, ...] = ()) -> None:
        self._app = app
        self._hosts = {host.lower(), *LOOPBACK}
        self._public = public.lower()
        self._open = (*PUBLIC, *doors)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; "
            "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        )
        self._headers = {
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "content-security-policy": policy,
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-store",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        path: str = scope["path"]
        # Without any referrer, a browser would not even say of our own forms that they are ours.
        referrer = "no-referrer" if path.startswith(SECRET) else "same-origin"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update({**self._headers, "referrer-policy": referrer})
            await send(message)

        name = host_name(Headers(scope=scope).get("host", ""))
        if name not in self._hosts and not (name and name == self._public and path.startswith(self._open)):
            refusal = PlainTextResponse("This server does not go by that name.", 421)
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)


def host_name(header: str) -> str:
    """The name in a Host header, without its port: `[::1]:8770` is `::1`."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()
