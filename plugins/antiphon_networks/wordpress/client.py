"""What can be asked of a WordPress site, and what can be done there.

Endpoints: developer.wordpress.org/rest-api/reference (posts, comments, media, tags, categories, users; 2026-11-24), and
what a real WordPress 6.1.9 answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from antiphon import Clock, GiveUp, Limits, Outcome, Receipt, RetryLater, attempt, outcome_of, shown, trouble_of
from antiphon_networks.wordpress.entities import Json, server_of

LIMITS = Limits.beside(__file__)

MOST_PAGES = 50
"""How many pages of a list are turned at most."""

Done = Callable[[httpx.Response], Receipt]
"""Makes the receipt of a good answer; raises KeyError, TypeError or ValueError when it is not one."""

T = TypeVar("T")


class WordPressReader:
    """One account's view of a site; it cannot write.

    Every method raises RetryLater when the site is not there or asks for patience, AccessLost when it does not accept
    the password, and GiveUp when the rights, the address or the answer are wrong.
    """

    def __init__(self, connection: str, client: httpx.Client, clock: Clock) -> None:
        self.connection = connection
        self.server = server_of(str(client.base_url))
        self._client = client
        self._clock = clock
        self._account: Json | None = None
        self._ahead = timedelta()

    def by_its_clock(self, moment: datetime) -> datetime:
        """A moment of our clock by that of the site, as its last answer was dated; no later than ours."""
        return moment - max(self._ahead, timedelta())

    def site(self) -> Json:
        """What the site says of itself: name, time zone, routes."""
        return self._read(_entity("name"), self._get("/"))

    def account(self) -> Json:
        """Our own account there, with its rights."""
        if self._account is None:
            self._account = self._read(_entity("id"), self._get("/wp/v2/users/me", {"context": "edit"}))
        return self._account

    def post(self, remote_id: str) -> Json | None:
        """One post as its editor sees it, or None when it is not there."""
        return self._one(f"/wp/v2/posts/{quote(remote_id, safe='')}")

    def comment(self, number: str) -> Json | None:
        """One comment as its moderator sees it, or None when it is not there."""
        return self._one(f"/wp/v2/comments/{quote(number, safe='')}")

    def listed(self, kind: str, asked: Mapping[str, Any]) -> Iterator[Json]:
        """The items of a list (`posts`, `comments`, `tags`, `categories`), page by page, as far as they are wanted."""
        for page in range(1, MOST_PAGES + 1):
            answer = self._get(f"/wp/v2/{kind}", {"per_page": LIMITS.number("page.most"), **asked, "page": page})
            yield from self._read(_entities, answer)
            if page >= _number(answer.headers.get("x-wp-totalpages")):
                return

    def count(self, kind: str, asked: Mapping[str, Any]) -> int:
        """How many items a list has."""
        return _number(self._get(f"/wp/v2/{kind}", {**asked, "per_page": 1}).headers.get("x-wp-total"))

    def term(self, kind: str, name: str) -> int | None:
        """The number of a tag or category by its name, without regard to case; None when there is none."""
        wanted = name.strip().casefold()
        found = self.listed(kind, {"search": name.strip(), "_fields": "id,name", "context": "edit"})
        return next((int(term["id"]) for term in found if str(term["name"]).casefold() == wanted), None)

    def _one(self, path: str) -> Json | None:
        answer = attempt(lambda: self._client.get(path, params={"context": "edit"}))
        if isinstance(answer, httpx.Response) and answer.status_code in (404, 410):
            return None
        return self._read(_entity("id"), self._checked(answer))

    def _get(self, path: str, asked: Mapping[str, Any] | None = None) -> httpx.Response:
        return self._checked(attempt(lambda: self._client.get(path, params=dict(asked or {}))))

    def _checked(self, answer: httpx.Response | httpx.HTTPError) -> httpx.Response:
        trouble = trouble_of(answer, self._clock)
        if trouble is not None or isinstance(answer, httpx.HTTPError):
            raise trouble or GiveUp(str(answer))
        if dated := answer.headers.get("date"):
            with suppress(ValueError, TypeError):
                self._ahead = self._clock.now() - parsedate_to_datetime(dated)
        return answer

    def _read(self, read: Callable[[Any], T], answer: httpx.Response) -> T:
        try:
            body = answer.json()
        except ValueError:
            if "json" in answer.headers.get("content-type", ""):
                raise RetryLater(f"The answer of {self.server} broke off.", after=timedelta(minutes=1)) from None
            raise self._not_wordpress(answer) from None
        try:
            return read(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._not_wordpress(answer) from None

    def _not_wordpress(self, answer: httpx.Response) -> GiveUp:
        return GiveUp(
            f"{self.server} answered {answer.request.url.path}, but not as WordPress does: {shown(answer)}.",
            hint="Check the `site` of the connection, and that its REST API is not switched off.",
        )


class WordPressWriter(WordPressReader):
    """One account of a site, with the right to write. Each method sends once and tells what became of it."""

    def create(self, kind: str, form: Mapping[str, Any], done: Done) -> Outcome:
        """Make a post or a comment."""
        return self._send("POST", f"/wp/v2/{kind}", done, json=dict(form))

    def change(self, kind: str, number: str, form: Mapping[str, Any], done: Done) -> Outcome:
        """Change a post or a comment; to do so again changes nothing."""
        return self._send("POST", f"/wp/v2/{kind}/{quote(number, safe='')}", done, json=dict(form))

    def trash(self, kind: str, number: str, done: Done) -> Outcome:
        """Lay a post or a comment into the site's trash."""
        return self._send("DELETE", f"/wp/v2/{kind}/{quote(number, safe='')}", done)

    def send_file(self, name: str, kind: str, content: bytes, alt: str) -> Json:
        """Hand a file over to the site's library, with what it shows; raises as a reader's methods do."""
        safe = "".join(one if one.isascii() and (one.isalnum() or one in "-_.") else "-" for one in name) or "file"
        headers = {"Content-Type": kind, "Content-Disposition": f'attachment; filename="{safe}"'}
        answer = self._checked(attempt(lambda: self._client.post("/wp/v2/media", content=content, headers=headers)))
        medium = self._read(_entity("id"), answer)
        if alt:
            path = f"/wp/v2/media/{medium['id']}"
            self._checked(attempt(lambda: self._client.post(path, json={"alt_text": alt})))
        return medium

    def new_tag(self, name: str) -> int:
        """Make a tag; one that somebody has just made will do. Raises as a reader's methods do."""
        answer = attempt(lambda: self._client.post("/wp/v2/tags", json={"name": name}))
        if isinstance(answer, httpx.Response) and answer.status_code == 400:
            known = self.term("tags", name)
            if known is not None:
                return known
        return int(self._read(_entity("id"), self._checked(answer))["id"])

    def _send(self, method: str, path: str, done: Done, **content: Any) -> Outcome:
        return outcome_of(attempt(lambda: self._client.request(method, path, **content)), done, self._clock)


def _entity(key: str) -> Callable[[Any], Json]:
    def read(body: Any) -> Json:
        if not isinstance(body, dict) or key not in body:
            raise TypeError(f"no entity with {key}")
        return body

    return read


def _entities(body: Any) -> Sequence[Json]:
    if not isinstance(body, list) or not all(isinstance(item, dict) and "id" in item for item in body):
        raise TypeError("not a list of entities")
    return body


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
