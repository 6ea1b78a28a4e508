"""How Ghost's ways of saying no are understood. The bodies are what Ghost 6.65.0 answered on 24 November 2026."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import jwt
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from antiphon import AccessLost, AuthDead, GiveUp, Rejected, RetryLater, Unknown
from antiphon.components.http import Http
from antiphon.testing.clock import VirtualClock
from antiphon.testing.serving import Served
from antiphon_networks.ghost.abilities import Writer
from antiphon_networks.ghost.connector import Ghost, GhostOptions

ID, SECRET = "a1" * 12, "b2" * 32
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
REFUSALS = {
    "expired": (401, {"message": "Invalid token: jwt expired", "code": "INVALID_JWT"}),
    "unknown key": (401, {"message": "Unknown Admin API Key", "code": "UNKNOWN_ADMIN_API_KEY"}),
    "content key": (401, {"message": "Invalid API Key type", "code": "INVALID_API_KEY_TYPE"}),
    "no rights": (403, {"message": "API tokens do not have permission to access this endpoint"}),
    "collision": (409, {"message": "Saving failed! Someone else is editing this post.", "code": "UPDATE_COLLISION"}),
    "title": (
        422,
        {
            "message": "Validation error, cannot save post.",
            "context": "Value in [posts.title] exceeds maximum length of 255 characters.",
        },
    ),
    "old": (406, {"message": "Request could not be served, the endpoint was not found.", "code": "UPDATE_CLIENT"}),
    "down": (503, {"message": "Site is starting up, please wait then retry."}),
}


class Site:
    """Answers every request with what it is told to, and keeps what it was shown."""

    def __init__(self) -> None:
        self.answer: Response = Response()
        self.shown: list[Request] = []
        self.told: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.shown.append(Request(scope, receive))
        self.told.append(await self.shown[-1].body())
        await self.answer(scope, receive, send)

    def refuses(self, name: str, date: datetime = NOW) -> None:
        status, error = REFUSALS[name]
        self.answer = JSONResponse({"errors": [error]}, status, {"date": format_datetime(date, usegmt=True)})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def served(site: Site) -> Iterator[Served]:
    with Served(site) as served:
        yield served


@pytest.fixture
def writer(served: Served) -> Writer:
    return connection(served).writer()


def connection(served: Served) -> Ghost:
    options = GhostOptions.model_validate({"site": served.url, "key": f"{ID}:{SECRET}"})
    http = Http(allow_private=frozenset({"127.0.0.1", "localhost"}), timeout=5.0)
    return Ghost("magazine", options, http, VirtualClock(NOW))


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("expired", AuthDead, "Copy the Admin API key"),
        ("unknown key", AuthDead, "Copy the Admin API key"),
        ("content key", AuthDead, "This is the Content API key"),
        ("no rights", Rejected, "do not have permission"),
        ("collision", Rejected, "Somebody else changed the post"),
        ("title", Rejected, "cannot save post. Value in [posts.title] exceeds maximum length of 255 characters."),
        ("old", Rejected, "may be an older version"),
        ("down", Unknown, "Site is starting up"),
    ],
)
def test_refused(site: Site, writer: Writer, name: str, kind: Any, told: str) -> None:
    """Each refusal of an act has its outcome, in Ghost's words, and with what to do."""
    site.refuses(name)

    outcome = writer.publish({"html": "<p>x</p>"}, "5f" * 32, ())

    assert isinstance(outcome, kind)
    assert told in outcome.reason


@pytest.mark.parametrize(
    ("name", "kind"),
    [("unknown key", AccessLost), ("no rights", GiveUp), ("down", RetryLater)],
)
def test_reading_refused(site: Site, writer: Writer, name: str, kind: type[Exception]) -> None:
    """Each refusal of a look raises what the engine goes by."""
    site.refuses(name)

    with pytest.raises(kind):
        writer.own_posts(None)


@pytest.mark.parametrize(("minutes", "told"), [(6, "6 minutes behind"), (1, "Copy the Admin API key")])
def test_clock(site: Site, writer: Writer, minutes: int, told: str) -> None:
    """A token that had run out on arrival is put down to the clock, where the clock is so far behind."""
    site.refuses("expired", NOW + timedelta(minutes=minutes))

    with pytest.raises(AccessLost, match=told):
        writer.own_posts(None)


def test_another_page(site: Site, writer: Writer) -> None:
    """A page of the web in the place of an answer: a look is given up, and an act is in doubt."""
    site.answer = Response("<h1>Hello</h1>", media_type="text/html")

    with pytest.raises(GiveUp, match=r"something else than JSON.*Check the address"):
        writer.own_posts(None)
    assert isinstance(writer.publish({"html": "<p>x</p>"}, "5f" * 32, ()), Unknown)


def test_another_network(site: Site, writer: Writer) -> None:
    """JSON that Ghost would not say names the option that may be wrong."""
    site.answer = JSONResponse({"posts": {"id": 1}})

    with pytest.raises(GiveUp, match=r"not as Ghost does.*Check the `site` of the connection"):
        writer.own_posts(None)


def test_signed(site: Site, writer: Writer) -> None:
    """Each request bears a token of five minutes, signed with the key's secret, and the version that is spoken."""
    site.refuses("down")

    writer.publish({"html": "<p>x</p>"}, "5f" * 32, ())

    headers = site.shown[0].headers
    scheme, _, token = headers["authorization"].partition(" ")
    claims = jwt.decode(
        token, bytes.fromhex(SECRET), ["HS256"], audience="/admin/", options={"verify_exp": False, "verify_iat": False}
    )
    assert (scheme, jwt.get_unverified_header(token)["kid"], headers["accept-version"]) == ("Ghost", ID, "v6.0")
    assert (claims["iat"], claims["exp"]) == (int(NOW.timestamp()), int((NOW + timedelta(minutes=5)).timestamp()))


def test_redirected(site: Site, served: Served, writer: Writer) -> None:
    """A site that sends us on to another host has its question asked there without our token."""
    site.answer = RedirectResponse(served.url.replace("127.0.0.1", "localhost") + "/elsewhere")

    with pytest.raises(GiveUp):
        writer.own_posts(None)

    assert ["authorization" in request.headers for request in site.shown[:2]] == [True, False]


def test_asked(site: Site, writer: Writer) -> None:
    """Words go as HTML for Ghost to read, under the mark of their key, and come out at once."""
    site.refuses("down")

    writer.publish({"title": "Café", "html": "<p>x</p>"}, "5f" * 32, ())

    form = {"status": "published", "title": "Café", "html": "<p>x</p>", "custom_template": f"antiphon-{'5f' * 32}"}
    assert site.shown[0].url.path == "/ghost/api/admin/posts/"
    assert dict(site.shown[0].query_params) == {"source": "html"}
    assert json.loads(site.told[0]) == {"posts": [form]}
