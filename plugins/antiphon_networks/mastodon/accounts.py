"""What a Mastodon server knows of others: their accounts, what they say, and who follows whom.

Endpoints: mastodon/documentation, methods/accounts.md (2026-07-02). A server knows accounts elsewhere only once
somebody of its own has met them, and of their followers only those that it has met too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

import httpx

from antiphon import Account, Post, attempt, checked
from antiphon_networks.mastodon import entities
from antiphon_networks.mastodon.client import STATUSES, MastodonReader
from antiphon_networks.mastodon.entities import Json

FOLLOWS = 80
"""The longest page of followers."""

T = TypeVar("T")


class MastodonAccounts(MastodonReader):
    """One account's view of the others; the capabilities `ReadsAccounts` and `ReadsFollows`."""

    def account_of(self, handle: str) -> Account | None:
        """An account by its address, `name@server`, or the bare name of one on this server."""
        domain = self.instance().domain
        return self._looked_up(handle, lambda entity: entities.account(entity, domain))

    def posts_of(self, handle: str, most: int) -> Sequence[Post]:
        """Their newest statuses that we may see, without boosts."""
        return self._beside(handle, "statuses", STATUSES, most, entities.post, exclude_reblogs="true")

    def followers_of(self, handle: str, most: int) -> Sequence[Account]:  # noqa: D102
        return self._beside(handle, "followers", FOLLOWS, most, entities.account)

    def followed_by(self, handle: str, most: int) -> Sequence[Account]:  # noqa: D102
        return self._beside(handle, "following", FOLLOWS, most, entities.account)

    def _looked_up(self, handle: str, read: Callable[[Json], T]) -> T | None:
        acct = handle.strip().removeprefix("mastodon:").removeprefix("@")
        answer = attempt(lambda: self._client.get("/api/v1/accounts/lookup", params={"acct": acct}))
        if isinstance(answer, httpx.Response) and answer.status_code in (404, 410):
            return None
        return self._read(read, checked(answer, self._clock))

    def _beside(
        self, handle: str, what: str, longest: int, most: int, read: Callable[[Json, str], T], **asked: str
    ) -> Sequence[T]:
        """At most so many of what stands beside an account, page by page, as the `Link` header leads on."""
        identifier = self._looked_up(handle, lambda entity: str(entity["id"]))
        if identifier is None:
            return ()
        domain, path = self.instance().domain, f"/api/v1/accounts/{quote(identifier, safe='')}/{what}"

        def page(body: Any) -> dict[str, T]:
            return {str(entity["id"]): read(entity, domain) for entity in body}

        found: dict[str, T] = {}
        after: list[str] = []
        while len(found) < most:
            window = {"max_id": after[0]} if after else {}
            answer = self._get(path, {"limit": min(most, longest), **asked, **window})
            before = len(found)
            found |= self._read(page, answer)
            # Of the address that it names only the place in the list is taken: our token goes nowhere else.
            after = parse_qs(urlsplit(answer.links.get("next", {}).get("url", "")).query).get("max_id", [])
            if not after or len(found) == before:
                break
        return list(found.values())[:most]
