"""What can be asked of a server of the AT Protocol, and what can be done there.

Methods: lexicons com.atproto.{identity,repo,server} and app.bsky.{feed,notification} (bluesky-social/atproto,
2026-08-20). What begins with app.bsky is handed on by the server to the network's index, which is some seconds behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import httpx

from antiphon import (
    AccessLost,
    AuthDead,
    Clock,
    Disconnected,
    GiveUp,
    Outcome,
    RateLimited,
    Receipt,
    Rejected,
    RetryLater,
    attempt,
    checked,
    error_name,
    json_of,
    outcome_of,
    shown,
)
from antiphon_networks.bluesky.identifiers import Uri
from antiphon_networks.bluesky.rules import LIMITS
from antiphon_networks.bluesky.session import Answer, Busy, Session
from antiphon_networks.servers import server_of

Json = Mapping[str, Any]

Made = Callable[[httpx.Response], Receipt]
"""Makes the receipt of a good answer; raises KeyError, TypeError or ValueError when it is not one."""

T = TypeVar("T")

RESOLVE_HANDLE = "/xrpc/com.atproto.identity.resolveHandle"

_UNKNOWN = "Profile not found"
"""What the index says of an account that it has not heard of yet."""

_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in a repository; `cid` is the fingerprint of its content."""

    uri: Uri
    cid: str
    value: Json

    @property
    def ref(self) -> dict[str, str]:
        """How another record points to exactly this one."""
        return {"uri": str(self.uri), "cid": self.cid}


class BlueskyReader:
    """One account's view of the network; it cannot write.

    Every method raises RetryLater when the server is not there or asks for patience, AccessLost when it does not let
    us in, and GiveUp when the address or the answer is wrong.
    """

    def __init__(self, connection: str, client: httpx.Client, session: Session, clock: Clock) -> None:
        self.connection = connection
        self.server = server_of(str(client.base_url))
        self._client = client
        self._session = session
        self._clock = clock
        self._did = ""

    def did(self) -> str:
        """Who we are, for good; asked for once."""
        return self._did or self.account()["did"]

    def account(self) -> Mapping[str, str]:
        """Who we are, as the server knows it now: `did` and `handle`."""
        answer = self._get("com.atproto.server.getSession")
        if isinstance(answer, httpx.Response) and answer.status_code == 400:
            raise self._session.lost(answer)  # it knows our token, and the account no more
        account = self._read(_account, answer)
        self._did = account["did"]
        return account

    def resolve(self, handle: str) -> str | None:
        """The DID of a handle, or None when nobody has it; anybody may ask."""
        answer = attempt(lambda: self._client.get(RESOLVE_HANDLE, params={"handle": handle}))
        if isinstance(answer, httpx.Response) and answer.status_code == 400:
            return None
        return self._read(lambda body: str(body["did"]), answer)

    def record(self, uri: Uri) -> Record | None:
        """A record of anybody's, or None when it is not there."""
        asked = {"repo": uri.authority, "collection": uri.collection, "rkey": uri.key}
        answer = self._get("com.atproto.repo.getRecord", asked)
        if error_name(answer) == "RecordNotFound":
            return None
        return self._read(_record, answer)

    def notifications(self, reasons: Sequence[str]) -> Iterator[Json]:
        """What concerns the account, for any of these reasons, newest first, page by page as it is asked for."""
        return self._listed("app.bsky.notification.listNotifications", "notifications", {"reasons": list(reasons)})

    def found(self, q: str) -> Iterator[Json]:
        """Posts that a search finds, newest first."""
        return self._listed("app.bsky.feed.searchPosts", "posts", {"q": q, "sort": "latest"})

    def followed(self) -> Iterator[Json]:
        """Posts and reposts of those whom the account follows, newest first (app.bsky.feed.defs#feedViewPost)."""
        return self._listed("app.bsky.feed.getTimeline", "feed", {})

    def own(self) -> Iterator[Json]:
        """Posts and reposts of the account, newest first (app.bsky.feed.defs#feedViewPost)."""
        try:
            yield from self._listed("app.bsky.feed.getAuthorFeed", "feed", {"actor": self.did()})
        except GiveUp as error:
            if _UNKNOWN in error.sentence:
                raise RetryLater("The network's index does not know the account yet.", after=_SOON) from None
            raise

    def posts(self, uris: Sequence[str]) -> Sequence[Json]:
        """Posts with their counts and what we did with them (app.bsky.feed.defs#postView); what is gone is left out."""
        found: list[Json] = []
        most = LIMITS.number("posts.at_once")
        for start in range(0, len(uris), most):
            asked = {"uris": list(uris[start : start + most])}
            found += self._read(lambda body: objects(body["posts"]), self._get("app.bsky.feed.getPosts", asked))
        return found

    def _listed(self, method: str, name: str, asked: Mapping[str, Any]) -> Iterator[Json]:
        def page(body: Any) -> tuple[Sequence[Json], str]:
            return objects(body[name]), str(body.get("cursor") or "")

        cursor, before = "", {""}
        while True:
            window = {"limit": LIMITS.number("page.longest"), **({"cursor": cursor} if cursor else {})}
            items, cursor = self._read(page, self._get(method, {**asked, **window}))
            yield from items
            if cursor in before:
                return
            before.add(cursor)

    def _get(self, method: str, asked: Mapping[str, Any] | None = None) -> Answer:
        return self._session.send(
            lambda proof: self._client.get(f"/xrpc/{method}", params=dict(asked or {}), headers=dict(proof))
        )

    def _read(self, read: Callable[[Any], T], answer: Answer) -> T:
        good = checked(answer, self._clock)
        body = json_of(good)
        try:
            return read(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise GiveUp(
                f"{self.server} answered {good.request.url.path}, but not as Bluesky does: {shown(good)}.",
                hint="Check the `server` of the connection.",
            ) from None


class BlueskyWriter(BlueskyReader):
    """One account, with the right to write. Each method sends once and tells what became of it."""

    def attempted(self, act: Callable[[], Outcome]) -> Outcome:
        """What becomes of an act. One that could not even begin, such as for want of a session, was surely not done."""
        try:
            return act()
        except Busy as busy:
            return RateLimited(until=self._clock.now() + busy.after)
        except RetryLater as later:
            return Disconnected(later.sentence)
        except AccessLost as lost:
            return AuthDead(str(lost))
        except GiveUp as refusal:
            return Rejected(refusal.sentence, fix=refusal.hint)

    def create(self, uri: Uri, record: Json, made: Made, taken: Callable[[], Outcome]) -> Outcome:
        """Write a record where there is none (putRecord with `swapRecord: null`). When another one is there, even one
        that differs in its time only, nothing is done, and the outcome is what `taken` says."""
        asked = {
            "repo": uri.authority,
            "collection": uri.collection,
            "rkey": uri.key,
            "record": {"$type": uri.collection, **record},
            "swapRecord": None,
        }
        answer = self._procedure("com.atproto.repo.putRecord", asked)
        return taken() if error_name(answer) == "InvalidSwap" else outcome_of(answer, made, self._clock)

    def remove(self, uri: Uri, made: Made) -> Outcome:
        """Delete a record of ours for good; one that is not there is as good as deleted."""
        if uri.authority != self.did():
            return Rejected(f"{uri} is not a record of {self.connection}, but of {uri.authority}.")
        asked = {"repo": uri.authority, "collection": uri.collection, "rkey": uri.key}
        return outcome_of(self._procedure("com.atproto.repo.deleteRecord", asked), made, self._clock)

    def send_blob(self, content: bytes, media_type: str) -> Json:
        """Hand a file over; nobody sees it before a record refers to it. Returns what refers to it."""
        headers = {"Content-Type": media_type}
        answer = self._session.send(
            lambda proof: self._client.post(
                "/xrpc/com.atproto.repo.uploadBlob", content=content, headers={**headers, **proof}
            )
        )
        return self._read(lambda body: _object(body["blob"]), answer)

    def _procedure(self, method: str, asked: Json) -> Answer:
        return self._session.send(
            lambda proof: self._client.post(f"/xrpc/{method}", json=dict(asked), headers=dict(proof))
        )


def _account(body: Any) -> Mapping[str, str]:
    return {"did": str(body["did"]), "handle": str(body["handle"])}


def _record(body: Any) -> Record:
    return Record(Uri.read(body["uri"]), str(body["cid"]), _object(body["value"]))


def _object(value: Any) -> Json:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def objects(value: Any) -> Sequence[Json]:
    """A list of objects; raises TypeError when it is none."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise TypeError("not a list of objects")
    return value
