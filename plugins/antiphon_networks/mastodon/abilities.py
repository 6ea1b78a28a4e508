"""What a Mastodon account can do, by the capabilities that actions and sources are written against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from antiphon import Composed, Done, Draft, Event, Metrics, Outcome, Page, Person, Profile, Receipt, Upload, split_text
from antiphon_networks.mastodon import composing, entities
from antiphon_networks.mastodon.accounts import MastodonAccounts
from antiphon_networks.mastodon.client import MastodonWriter
from antiphon_networks.mastodon.entities import Json
from antiphon_networks.mastodon.length import length
from antiphon_networks.mastodon.looking import look_back, says
from antiphon_networks.mastodon.originals import original_of, status_id
from antiphon_networks.mastodon.pages import page_of
from antiphon_networks.mastodon.receipts import of_account, of_reaction, of_status, published, reacted

_IMAGES = {"avatar": "avatar", "banner": "header"}
_LASTING = ("visibility", "in_reply_to_id")
"""What a status keeps when its words are changed."""


class Reader(MastodonAccounts):
    """An account that composes, listens and looks."""

    def compose(self, draft: Draft) -> Composed:  # noqa: D102
        return composing.status_of(draft, self)

    def compose_reply(self, draft: Draft, to: str | Mapping[str, Any]) -> Composed:  # noqa: D102
        return composing.answer_of(draft, original_of(to, self), self)

    def compose_message(self, draft: Draft, to: str) -> Composed:  # noqa: D102
        return composing.message_of(draft, to, self)

    def split(self, text: str) -> Sequence[str]:  # noqa: D102
        limits = self.instance().limits
        longest, link = limits.number("text.longest"), limits.number("url.length")
        return split_text(text, lambda part: length(part, url_length=link) <= longest)

    def continued(self, payload: Mapping[str, Any], first: Receipt, previous: Receipt) -> dict[str, Any]:  # noqa: D102
        return {**payload, "in_reply_to_id": previous.remote_id}

    def compose_profile(self, profile: Profile) -> Composed:  # noqa: D102
        return composing.profile_of(profile, self)

    def identify(self, target: str | Mapping[str, Any]) -> str:  # noqa: D102
        return status_id(target, self)

    def mentions(self, cursor: str | None) -> Page:  # noqa: D102
        # A mention whose post was deleted in the meantime says nothing any more.
        return self._page(self.notifications(cursor), cursor, entities.mention, keep=_told)

    def comments(self, cursor: str | None) -> Page:  # noqa: D102
        ours = self.own_id()

        def answers_us(item: Json) -> bool:
            return _told(item) and str(item["status"].get("in_reply_to_account_id") or "") == ours

        return self._page(self.notifications(cursor), cursor, entities.comment, keep=answers_us)

    def own_posts(self, cursor: str | None) -> Page:  # noqa: D102
        return self._page(self.own_after(cursor), cursor, entities.published)

    def search(self, query: str, cursor: str | None) -> Page:  # noqa: D102
        return self._page(self.matching(query, cursor), cursor, partial(entities.seen, source="mastodon.search"))

    def metrics(self, remote_ids: Sequence[str]) -> Mapping[str, Metrics]:  # noqa: D102
        found = {remote_id: self.status(remote_id) for remote_id in remote_ids}
        now = self._clock.now()
        return {remote_id: entities.metrics(status, now) for remote_id, status in found.items() if status}

    def _page(
        self,
        items: Sequence[Json],
        cursor: str | None,
        read: Callable[..., tuple[Event, Person]],
        keep: Callable[[Json], bool] = bool,
    ) -> Page:
        where = {"server": self.server, "domain": self.instance().domain, "connection": self.connection}
        return page_of(items, cursor, lambda item: read(item, **where) if keep(item) else None)


class Writer(Reader, MastodonWriter):
    """An account that also publishes, changes and takes back."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Publish a status; its files are handed over first, which shows nothing to anybody."""
        return self.post(self._with(payload, media), key, published(payload))

    def find_published(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        return look_back(payload, self, since, made)

    def edit(self, remote_id: str, payload: Mapping[str, Any], media: Sequence[Upload]) -> Outcome:  # noqa: D102
        form = {name: value for name, value in payload.items() if name not in _LASTING}
        return self.change(remote_id, self._with(form, media), published(payload))

    def find_edited(self, remote_id: str, payload: Mapping[str, Any]) -> Outcome | None:  # noqa: D102
        status = self.status(remote_id)
        if status is None or not says({**status, "in_reply_to_id": payload.get("in_reply_to_id")}, payload):
            return None
        return Done(of_status(payload, status))

    def delete(self, remote_id: str) -> Outcome:  # noqa: D102
        return self.delete_status(remote_id, reacted({"post": remote_id}, self._clock))

    def find_deleted(self, remote_id: str) -> Outcome | None:  # noqa: D102
        if self.status(remote_id) is not None:
            return None
        return Done(of_reaction({"post": remote_id}, {"id": remote_id}, self._clock.now()))

    def message(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:  # noqa: D102
        return self.publish(payload, key, media)

    def find_message(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        return look_back(payload, self, since, made)

    def set_profile(self, payload: Mapping[str, Any], media: Mapping[str, Upload]) -> Outcome:  # noqa: D102
        files = {_IMAGES[part]: (one.medium.name, one.content, one.medium.type) for part, one in media.items()}
        return self.present(payload, files, lambda answer: of_account(payload, answer.json(), self._clock.now()))

    def find_profile(self, payload: Mapping[str, Any]) -> Outcome | None:  # noqa: D102
        account = self.account()
        if not composing.presents(account, payload):
            return None
        return Done(of_account(payload, account, self._clock.now()))

    def upload(self, media: Upload) -> str:  # noqa: D102
        medium = media.medium
        return self.send_file(medium.name, medium.type, media.content, medium.alt)

    def _with(self, form: Mapping[str, Any], media: Sequence[Upload]) -> dict[str, Any]:
        return {**form, **({"media_ids[]": [self.upload(one) for one in media]} if media else {})}


def _told(notification: Json) -> bool:
    return bool(notification.get("status"))
