"""What can be asked of a Mastodon server, and what can be done there.

Endpoints: mastodon/documentation, methods/{accounts,instance,notifications,search,statuses,timelines}.md (2026-07-02).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from antiphon import Clock, GiveUp, Outcome, Receipt, RetryLater, attempt, checked, outcome_of, shown
from antiphon_networks.mastodon.entities import Instance, Json, handle
from antiphon_networks.servers import server_of

STATUSES = 40
NOTIFICATIONS = 80
"""The longest pages that Mastodon gives."""

_INSTANCE_HOLDS = timedelta(hours=6)
_MOST_SEARCH_PAGES = 25
_MOST_LOOKS = 30
_BETWEEN_LOOKS = timedelta(seconds=2)

Done = Callable[[httpx.Response], Receipt]
"""Makes the receipt of a good answer; raises KeyError, TypeError or ValueError when it is not one."""

T = TypeVar("T")


class MastodonReader:
    """One account's view of its server; it cannot write.

    Every method raises RetryLater when the server is not there or asks for patience, and GiveUp when the token, the
    address or the answer is wrong.
    """

    def __init__(self, connection: str, client: httpx.Client, clock: Clock) -> None:
        self.connection = connection
        self.server = server_of(str(client.base_url))
        self._client = client
        self._clock = clock
        self._instance: tuple[datetime, Instance] | None = None
        self._account: Json | None = None

    def instance(self) -> Instance:
        """The server's domain and limits, asked for every few hours."""
        now = self._clock.now()
        if self._instance is None or now - self._instance[0] > _INSTANCE_HOLDS:
            answer = self._get("/api/v2/instance")
            self._instance = now, self._read(lambda body: Instance.of(body, now.date()), answer)
        return self._instance[1]

    def account(self) -> Json:
        """Our own account there, as it is now (entities/Account.md)."""
        account = self._read(_entity, self._get("/api/v1/accounts/verify_credentials"))
        self._account = account
        return account

    def address(self) -> str:
        """Our own full address, `name@server`."""
        return handle(self._account or self.account(), self.instance().domain)

    def notifications(self, after: str | None) -> Sequence[Json]:
        """One page of notifications of mentions, oldest first: those right after an id, or the newest ones."""
        window = {"min_id": after} if after is not None else {}
        answer = self._get("/api/v1/notifications", {"types[]": "mention", "limit": NOTIFICATIONS, **window})
        return _oldest_first(self._read(_list, answer))

    def timeline(self, name: str, after: str | None, tag: str = "") -> Sequence[Json]:
        """One page of statuses of `public`, `home` or `tag`, oldest first: those right after an id, or the newest."""
        path = f"/api/v1/timelines/{name}" + (f"/{quote(tag, safe='')}" if name == "tag" else "")
        window = {"min_id": after} if after is not None else {}
        answer = self._get(path, {"limit": STATUSES, **window})
        if answer.status_code == 206:
            raise RetryLater(f"{self.server} is still putting the home timeline together.", after=timedelta(minutes=1))
        return _oldest_first(self._read(_list, answer))

    def matching(self, q: str, after: str | None) -> Sequence[Json]:
        """Statuses that a search finds, oldest first: those after an id (at most 1,000), or the newest ones.

        Servers differ in whether `min_id` gives the oldest or the newest above it, so the page is followed downwards
        until nothing is left; that gives all of them either way.
        """
        asked = {"q": q, "type": "statuses", "limit": STATUSES}
        if after is None:
            return _oldest_first(self._read(_statuses, self._get("/api/v2/search", asked)))
        found: dict[str, Json] = {}
        window = {"min_id": after}
        for _ in range(_MOST_SEARCH_PAGES):
            page = self._read(_statuses, self._get("/api/v2/search", {**asked, **window}))
            fresh = [status for status in page if str(status["id"]) not in found]
            if not fresh:
                break
            found |= {str(status["id"]): status for status in fresh}
            window["max_id"] = min(found, key=order)
        return _oldest_first(list(found.values()))

    def status(self, remote_id: str) -> Json | None:
        """One status as we see it (with `reblogged` and `favourited`), or None when it is not there."""
        answer = attempt(lambda: self._client.get(f"/api/v1/statuses/{quote(remote_id, safe='')}"))
        if isinstance(answer, httpx.Response) and answer.status_code in (404, 410):
            return None
        return self._read(_entity, checked(answer, self._clock))

    def own_statuses(self, before: str | None = None) -> Sequence[Json]:
        """One page of what we wrote, newest first: those before an id, or the newest ones."""
        account = self._account or self.account()
        asked = {"limit": STATUSES, "exclude_reblogs": "true", **({"max_id": before} if before else {})}
        return self._read(_list, self._get(f"/api/v1/accounts/{quote(str(account['id']), safe='')}/statuses", asked))

    def own_after(self, after: str | None) -> Sequence[Json]:
        """One page of what we wrote, oldest first: those right after an id, or the newest ones."""
        account = self._account or self.account()
        asked = {"limit": STATUSES, "exclude_reblogs": "true", **({"min_id": after} if after is not None else {})}
        path = f"/api/v1/accounts/{quote(str(account['id']), safe='')}/statuses"
        return _oldest_first(self._read(_list, self._get(path, asked)))

    def own_id(self) -> str:
        """The number of our own account there."""
        return str((self._account or self.account())["id"])

    def _get(self, path: str, asked: Mapping[str, Any] | None = None) -> httpx.Response:
        return checked(attempt(lambda: self._client.get(path, params=dict(asked or {}))), self._clock)

    def _read(self, read: Callable[[Any], T], answer: httpx.Response) -> T:
        try:
            body = answer.json()
        except ValueError:
            if "json" in answer.headers.get("content-type", ""):
                raise RetryLater(f"The answer of {self.server} broke off.", after=timedelta(minutes=1)) from None
            raise self._not_mastodon(answer) from None
        try:
            return read(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._not_mastodon(answer) from None

    def _not_mastodon(self, answer: httpx.Response) -> GiveUp:
        return GiveUp(
            f"{self.server} answered {answer.request.url.path}, but not as Mastodon does: {shown(answer)}.",
            hint="Check the `server` of the connection.",
        )


class MastodonWriter(MastodonReader):
    """One account of a server, with the right to write. Each method sends once and tells what became of it."""

    def post(self, form: Mapping[str, Any], key: str, done: Done) -> Outcome:
        """Publish a status. The server answers a repeated key with the first status for an hour
        (methods/statuses.md "Idempotency-Key")."""
        return self._post("/api/v1/statuses", done, form, {"Idempotency-Key": key})

    def boost(self, remote_id: str, done: Done) -> Outcome:
        """Boost a status; boosting it again changes nothing."""
        return self._post(f"/api/v1/statuses/{quote(remote_id, safe='')}/reblog", done)

    def favourite(self, remote_id: str, done: Done) -> Outcome:
        """Favourite a status; doing so again changes nothing."""
        return self._post(f"/api/v1/statuses/{quote(remote_id, safe='')}/favourite", done)

    def unboost(self, remote_id: str, done: Done) -> Outcome:
        """Take our boost of a status back; without one, nothing changes."""
        return self._post(f"/api/v1/statuses/{quote(remote_id, safe='')}/unreblog", done)

    def unfavourite(self, remote_id: str, done: Done) -> Outcome:
        """Take our favourite of a status back; without one, nothing changes."""
        return self._post(f"/api/v1/statuses/{quote(remote_id, safe='')}/unfavourite", done)

    def delete_status(self, remote_id: str, done: Done) -> Outcome:
        """Delete a status of ours, for good."""
        path = f"/api/v1/statuses/{quote(remote_id, safe='')}"
        return outcome_of(attempt(lambda: self._client.delete(path)), done, self._clock)

    def change(self, remote_id: str, form: Mapping[str, Any], done: Done) -> Outcome:
        """Put other words into a status of ours."""
        path = f"/api/v1/statuses/{quote(remote_id, safe='')}"
        return outcome_of(attempt(lambda: self._client.put(path, data=dict(form))), done, self._clock)

    def present(self, form: Mapping[str, Any], files: Mapping[str, Any], done: Done) -> Outcome:
        """Change how the account presents itself (methods/accounts.md "Update account credentials")."""
        answer = attempt(
            lambda: self._client.patch(
                "/api/v1/accounts/update_credentials", data=dict(form), files=dict(files) or None
            )
        )
        return outcome_of(answer, done, self._clock)

    def send_file(self, name: str, mime_type: str, content: bytes, description: str) -> str:
        """Hand a file over, and wait until the server is done with it; returns its id (methods/media.md)."""
        files = {"file": (name, content, mime_type)}
        form = {"description": description} if description else {}
        answer = checked(attempt(lambda: self._client.post("/api/v2/media", data=form, files=files)), self._clock)
        remote_id = str(self._read(_entity, answer)["id"])
        for _ in range(_MOST_LOOKS if answer.status_code == 202 else 0):
            if self._get(f"/api/v1/media/{quote(remote_id, safe='')}").status_code != 206:
                return remote_id
            self._clock.sleep(_BETWEEN_LOOKS.total_seconds())
        if answer.status_code == 202:
            raise RetryLater(f"{self.server} is still working on {name}.", after=timedelta(minutes=1))
        return remote_id

    def _post(
        self,
        path: str,
        done: Done,
        form: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Outcome:
        answer = attempt(lambda: self._client.post(path, data=dict(form or {}), headers=dict(headers or {})))
        return outcome_of(answer, done, self._clock)


def order(remote_id: str) -> tuple[int, str]:
    """A key by which ids sort: they are opaque, and a longer one is newer (api/guidelines.md, "IDs")."""
    return len(remote_id), remote_id


def _oldest_first(items: Sequence[Json]) -> Sequence[Json]:
    return sorted(items, key=lambda item: order(str(item["id"])))


def _list(body: Any) -> Sequence[Json]:
    if not isinstance(body, list) or not all(isinstance(item, dict) and "id" in item for item in body):
        raise TypeError("not a list of entities")
    return body


def _statuses(body: Any) -> Sequence[Json]:
    return _list(body["statuses"])


def _entity(body: Any) -> Json:
    if not isinstance(body, dict) or "id" not in body:
        raise TypeError("not an entity")
    return body
