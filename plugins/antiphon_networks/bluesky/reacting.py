"""Likes and reposts: records of ours that point to a post, one for each post."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from antiphon import Done, Outcome
from antiphon_networks.bluesky.client import Json
from antiphon_networks.bluesky.identifiers import LIKE, REPOST, Uri, tid_of
from antiphon_networks.bluesky.keeping import Keeper

_SEEN_AS = {LIKE: "like", REPOST: "repost"}
"""How a view of a post names what we did to it (app.bsky.feed.defs#viewerState)."""


class Reacting(Keeper):
    """An account that likes and reposts. The payload names the post by `post`, and its content by `cid`."""

    def react(self, collection: str, payload: Json) -> Outcome:
        """Like or repost a post; doing so again changes nothing."""
        subject = {"uri": payload["post"], "cid": payload["cid"]}
        return self.attempted(
            lambda: self.put(self.reaction(collection, payload["post"]), {"subject": subject}, payload, bool)
        )

    def find_reaction(self, collection: str, payload: Json) -> Outcome | None:
        """Done when we did, None when we did not."""
        return self.look(self.reaction(collection, payload["post"]), payload, bool)

    def withdraw(self, collection: str, payload: Json) -> Outcome:
        """Take back the `record` of the payload, or whatever we did to its `post`, by hand too."""

        def act() -> Outcome:
            outcomes = []
            for uri in self._reactions(collection, payload):
                outcomes.append(self.drop(uri, payload))
                if not isinstance(outcomes[-1], Done):
                    break
            return outcomes[-1]

        return self.attempted(act)

    def find_withdrawn(self, collection: str, payload: Json) -> Outcome | None:
        """Done when nothing of it is left, None when something is."""
        first, *others = self._reactions(collection, payload)
        return None if any(self.record(uri) for uri in (first, *others)) else self.gone(first, payload)

    def reaction(self, collection: str, post: str) -> Uri:
        """Where we keep what we did to a post: always in the same place."""
        return self.place(collection, tid_of(hashlib.sha256(f"{collection} {post}".encode()).hexdigest()))

    def _reactions(self, collection: str, payload: Json) -> Sequence[Uri]:
        if "record" in payload:
            return (Uri.read(payload["record"]),)
        known = [str(view.get("viewer", {}).get(_SEEN_AS[collection]) or "") for view in self.posts([payload["post"]])]
        by_hand = (Uri.read(uri) for uri in known if uri)
        return tuple(dict.fromkeys((self.reaction(collection, payload["post"]), *by_hand)))
