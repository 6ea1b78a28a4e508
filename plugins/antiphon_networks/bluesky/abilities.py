"""What a Bluesky account can do, by the capabilities that actions and sources are written against.

Posts cannot be edited: the app shows no edit, and a changed record is another one to all that refer to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from antiphon import Composed, Draft, Event, Metrics, Outcome, Page, Person, Receipt, Upload, split_text
from antiphon_networks.bluesky import composing, entities, media
from antiphon_networks.bluesky.accounts import BlueskyAccounts
from antiphon_networks.bluesky.entities import Json
from antiphon_networks.bluesky.identifiers import POST, Uri, tid_of
from antiphon_networks.bluesky.length import fits
from antiphon_networks.bluesky.originals import Target, original_of, uri_of
from antiphon_networks.bluesky.pages import page_of
from antiphon_networks.bluesky.reacting import Reacting


class Reader(BlueskyAccounts):
    """An account that composes, listens and looks."""

    def compose(self, draft: Draft) -> Composed:  # noqa: D102
        return composing.post_of(draft, self)

    def compose_reply(self, draft: Draft, to: Target) -> Composed:  # noqa: D102
        return composing.post_of(draft, self, original_of(to, self))

    def split(self, text: str) -> Sequence[str]:  # noqa: D102
        return split_text(text, fits)

    def continued(self, payload: Mapping[str, Any], first: Receipt, previous: Receipt) -> dict[str, Any]:  # noqa: D102
        return composing.continued(payload, first, previous)

    def identify(self, target: Target) -> str:  # noqa: D102
        return str(uri_of(target, self))

    def mentions(self, cursor: str | None) -> Page:
        """Mentions, answers and quotes: whatever is said to us or of us."""
        return self._page(self.notifications(("mention", "reply", "quote")), cursor, entities.mention)

    def comments(self, cursor: str | None) -> Page:  # noqa: D102
        return self._page(self.notifications(("reply",)), cursor, entities.comment)

    def own_posts(self, cursor: str | None) -> Page:  # noqa: D102
        return self._page(self.own(), cursor, entities.published, keep=entities.is_ours)

    def search(self, query: str, cursor: str | None) -> Page:  # noqa: D102
        return self._page(self.found(query), cursor, entities.seen)

    def timeline(self, cursor: str | None) -> Page:
        """What those say or repost whom the account follows."""
        return self._page(self.followed(), cursor, entities.followed)

    def metrics(self, remote_ids: Sequence[str]) -> Mapping[str, Metrics]:  # noqa: D102
        now = self._clock.now()
        return {str(view["uri"]): entities.metrics(view, now) for view in self.posts(remote_ids)}

    def _page(
        self,
        items: Iterator[Json],
        cursor: str | None,
        read: Callable[[Json, str], tuple[Event, Person]],
        keep: Callable[[Json], bool] = bool,
    ) -> Page:
        return page_of(items, cursor, lambda item: read(item, self.connection), self._clock.now(), keep)


class Writer(Reader, Reacting):
    """An account that also publishes and takes back."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Publish a post under the record key that its act always has: there is room for one there."""

        def act() -> Outcome:
            uri = self.place(POST, tid_of(key))
            return self.put(uri, self._with(payload, media), payload, lambda value: _says(value, payload))

        return self.attempted(act)

    def find_published(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        return self.look(self.place(POST, tid_of(key)), payload, lambda value: _says(value, payload))

    def delete(self, remote_id: str) -> Outcome:  # noqa: D102
        return self.attempted(lambda: self.drop(Uri.read(remote_id), {"post": remote_id}))

    def find_deleted(self, remote_id: str) -> Outcome | None:  # noqa: D102
        uri = Uri.read(remote_id)
        return None if self.record(uri) else self.gone(uri, {"post": remote_id})

    def upload(self, media: Upload) -> str:  # noqa: D102
        return str(self.send_blob(media.content, media.medium.type)["ref"]["$link"])

    def _with(self, payload: Mapping[str, Any], uploads: Sequence[Upload]) -> dict[str, Any]:
        if not uploads:
            return dict(payload)
        images = [(one.medium, self.send_blob(one.content, one.medium.type)) for one in uploads]
        return {**payload, "embed": media.embedded(payload.get("embed"), images)}


def _says(value: Json, payload: Json) -> bool:
    """Whether a post says what was composed, in the same place. How its images are kept is the network's business."""
    return all(value.get(name) == payload.get(name) for name in ("text", "facets", "langs", "reply"))
