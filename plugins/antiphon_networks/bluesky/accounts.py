"""What Bluesky's index knows of others: their accounts, what they say, and who follows whom, which is public there.

Methods: lexicons app.bsky.{actor,feed,graph} (bluesky-social/atproto, 2026-08-20). Lists of followers carry no numbers,
so their profiles are asked for besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import httpx

from antiphon import Account, Post
from antiphon_networks.bluesky import entities
from antiphon_networks.bluesky.client import BlueskyReader, objects
from antiphon_networks.bluesky.rules import LIMITS


class BlueskyAccounts(BlueskyReader):
    """One account's view of the others; the capabilities `ReadsAccounts` and `ReadsFollows`."""

    def account_of(self, handle: str) -> Account | None:
        """An account by its handle or its DID."""
        answer = self._get("app.bsky.actor.getProfile", {"actor": _actor(handle)})
        if isinstance(answer, httpx.Response) and answer.status_code == 400:
            return None
        return self._read(entities.account, answer)

    def posts_of(self, handle: str, most: int) -> Sequence[Post]:
        """Their newest posts and answers, without reposts."""
        if self.account_of(handle) is None:
            return ()
        items = self._listed("app.bsky.feed.getAuthorFeed", "feed", {"actor": _actor(handle)})
        said = (item for item in items if entities.is_ours(item))
        return [entities.post(item["post"]) for item in islice(said, most)]

    def followers_of(self, handle: str, most: int) -> Sequence[Account]:  # noqa: D102
        return self._beside(handle, "app.bsky.graph.getFollowers", "followers", most)

    def followed_by(self, handle: str, most: int) -> Sequence[Account]:  # noqa: D102
        return self._beside(handle, "app.bsky.graph.getFollows", "follows", most)

    def _beside(self, handle: str, method: str, name: str, most: int) -> Sequence[Account]:
        if self.account_of(handle) is None:
            return ()
        listed = self._listed(method, name, {"actor": _actor(handle)})
        return list(self._profiles(str(one["did"]) for one in islice(listed, most)))

    def _profiles(self, dids: Iterable[str]) -> Iterator[Account]:
        waiting = iter(dids)
        while some := list(islice(waiting, LIMITS.number("profiles.at_once"))):
            answer = self._get("app.bsky.actor.getProfiles", {"actors": some})
            yield from self._read(lambda body: [entities.account(one) for one in objects(body["profiles"])], answer)


def _actor(handle: str) -> str:
    return handle.strip().removeprefix("bluesky:").removeprefix("@")
