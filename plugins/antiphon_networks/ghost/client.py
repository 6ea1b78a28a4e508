"""What can be asked of a Ghost site, and what can be done there.

Endpoints: docs.ghost.org/admin-api (posts, images, members, site; 2026-11-24), and what a real Ghost 6.65.0 answers.
Its comments are open to an integration, though no page tells of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from antiphon import Clock, GiveUp, Limits, Outcome, Receipt, Rejected
from antiphon_networks.api import Api
from antiphon_networks.ghost.answers import retold_of
from antiphon_networks.ghost.entities import Json, server_of

LIMITS = Limits.beside(__file__)

VERSION = "v6.0"
"""The version of the API that is spoken; later sites of version 6 answer the same."""

MOST_PAGES = 50
"""How many pages of a list are turned at most."""

Done = Callable[[httpx.Response], Receipt]
"""Makes the receipt of a good answer; raises KeyError, TypeError or ValueError when it is not one."""


class GhostReader:
    """One integration's view of a site; it cannot write. Methods raise as `Api.read` does.

    `member` is the e-mail address of the member of the site as whom it comments, where there is one.
    """

    def __init__(self, connection: str, client: httpx.Client, clock: Clock, member: str = "") -> None:
        self.connection = connection
        self.server = server_of(str(client.base_url))
        self.member = member
        self.ahead = timedelta()
        self._clock = clock
        self._api = Api("Ghost", client, clock, self._retold, address="site")

    def by_its_clock(self, moment: datetime) -> datetime:
        """A moment of our clock by that of the site, as its last answer was dated; no later than ours."""
        return moment - max(self.ahead, timedelta())

    def its_now(self) -> datetime:
        """The time by the clock of the site, as its last answer was dated."""
        return self._clock.now() - self.ahead

    def site(self) -> Json:
        """What the site says of itself: title, version, address. Anybody may ask."""
        return self._api.read(lambda client: client.get("/site/"), _one("site"))

    def account(self) -> Json | None:
        """The person whose staff token our key is, with its roles; None when it is that of an integration."""
        return self._found("/users/me/", "users", {"include": "roles"})

    def post(self, remote_id: str, asked: Mapping[str, str] | None = None) -> Json | None:
        """One post as its editor sees it, with its HTML, or None when it is not there."""
        return self._found(f"/posts/{quote(remote_id, safe='')}/", "posts", asked or {"formats": "html,lexical"})

    def comment(self, remote_id: str) -> Json | None:
        """One comment as a moderator sees it, or None when it is not there or was deleted."""
        return next(self.listed("comments", {"filter": f"id:{quoted(remote_id)}"}), None)

    def speaker(self) -> Json:
        """The member as whom we comment. Raises GiveUp when the connection names none, or one who is not there."""
        if not self.member:
            raise GiveUp(
                f"On Ghost only members comment, and {self.connection} names none.",
                hint="Write the e-mail address of a member as the `member` of the connection.",
            )
        found = next(self.listed("members", {"filter": f"email:{quoted(self.member)}"}), None)
        if found is None:
            raise GiveUp(f"{self.server} has no member {self.member}.", hint="Add it there (Members → New member).")
        return found

    def listed(self, kind: str, asked: Mapping[str, str]) -> Iterator[Json]:
        """The items of a list (`posts`, `comments`, `members`), page by page, as far as they are wanted."""
        for page in range(1, MOST_PAGES + 1):
            items = self._page(kind, {**asked, "page": str(page)})
            yield from items
            if len(items) < LIMITS.number("page.most"):
                return

    def count(self, kind: str, wanted: str) -> int:
        """How many items of a list a filter holds of."""
        asked = {"filter": wanted, "limit": "1"}
        return self._api.read(
            lambda client: client.get(f"/{kind}/", params=asked), lambda body: int(body["meta"]["pagination"]["total"])
        )

    def _page(self, kind: str, asked: Mapping[str, str]) -> Sequence[Json]:
        whole = {"limit": str(LIMITS.number("page.most")), **asked}
        return self._api.read(lambda client: client.get(f"/{kind}/", params=whole), _all(kind))

    def _found(self, path: str, kind: str, asked: Mapping[str, str]) -> Json | None:
        return self._api.find(lambda client: client.get(path, params=dict(asked)), _one(kind))

    def _retold(self, answer: httpx.Response) -> httpx.Response:
        with suppress(KeyError, ValueError, TypeError):
            self.ahead = self._clock.now() - parsedate_to_datetime(answer.headers["date"])
        return retold_of(answer, self.ahead)


class GhostWriter(GhostReader):
    """One integration, with the right to write. Each method sends once and tells what became of it."""

    def create(self, kind: str, form: Json, done: Done) -> Outcome:
        """Make a post or a comment."""
        return self._send("POST", f"/{kind}/", kind, form, done)

    def change(self, remote_id: str, form: Json, done: Done) -> Outcome:
        """Change a post, as it is this moment: Ghost refuses it when somebody else has changed it by then. Raises as a
        reader's methods do."""
        found = self.post(remote_id, {"fields": "id,updated_at"})
        if found is None:
            return Rejected(f"{self.server} has no post {remote_id}.")
        whole = {**form, "updated_at": found["updated_at"]}
        return self._send("PUT", f"/posts/{quote(remote_id, safe='')}/", "posts", whole, done)

    def destroy(self, remote_id: str, done: Done) -> Outcome:
        """Delete a post, for good."""
        return self._api.write(lambda client: client.delete(f"/posts/{quote(remote_id, safe='')}/"), done)

    def withdraw(self, remote_id: str, done: Done) -> Outcome:
        """Delete a comment; what was answered to it stays."""
        path = f"/comments/{quote(remote_id, safe='')}/"
        return self._send("PUT", path, "comments", {"status": "deleted"}, done)

    def send_file(self, name: str, kind: str, content: bytes) -> str:
        """Hand an image over to the site; its address there. Raises as a reader's methods do."""
        safe = "".join(one if one.isascii() and (one.isalnum() or one in "-_.") else "-" for one in name) or "file"
        files = {"file": (safe, content, kind)}
        return self._api.read(
            lambda client: client.post("/images/upload/", files=files, data={"purpose": "image"}),
            lambda body: str(body["images"][0]["url"]),
        )

    def _send(self, method: str, path: str, kind: str, form: Json, done: Done) -> Outcome:
        asked = {"include": "post"} if kind == "comments" else {"source": "html"} if "html" in form else {}
        content = {kind: [dict(form)]}
        return self._api.write(lambda client: client.request(method, path, params=asked, json=content), done)


def quoted(text: str) -> str:
    """A text as a value in a filter (NQL)."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def moment_of(at: datetime) -> str:
    """A moment in UTC as a value in a filter."""
    return quoted(f"{at:%F %T}")


def _one(kind: str) -> Callable[[Any], Json]:
    def read(body: Any) -> Json:
        found = body[kind] if kind == "site" else body[kind][0]
        if not isinstance(found, dict):
            raise TypeError(f"no entity of {kind}")
        return found

    return read


def _all(kind: str) -> Callable[[Any], Sequence[Json]]:
    def read(body: Any) -> Sequence[Json]:
        found = body[kind]
        if not isinstance(found, list) or not all(isinstance(item, dict) and "id" in item for item in found):
            raise TypeError(f"not a list of {kind}")
        return found

    return read
