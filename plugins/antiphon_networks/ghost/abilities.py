"""What an integration of a Ghost site can do, by the capabilities that actions and sources are written against."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from antiphon import Composed, Done, Draft, GiveUp, Metrics, Outcome, Page, Rejected, Unknown, Upload, id_of
from antiphon_networks.ghost import entities
from antiphon_networks.ghost.client import GhostReader, GhostWriter, moment_of, quoted
from antiphon_networks.ghost.composing import comment_of, headline, post_of
from antiphon_networks.ghost.entities import COMMENT, Json, born, moment, out_at
from antiphon_networks.ghost.looking import find_comment, find_post, mark_of, stands
from antiphon_networks.ghost.places import Place
from antiphon_networks.ghost.receipts import gone, of_comment, of_post, read_as
from antiphon_networks.markup import figure

_ID = re.compile(r"[0-9a-f]{24}")
_NEWEST = 20
_DATED_BACK = timedelta(days=1)
"""How far back a look at what came out goes: a post may be dated back, or come out late."""
_UNDER_WAY = timedelta(seconds=10)
"""How long an item may be written before others can see it."""
_PUBLIC = "status:published"
_COUNTED = {"include": "count.clicks,count.positive_feedback,email"}


class Reader(GhostReader):
    """An integration that composes, listens and looks."""

    def compose(self, draft: Draft) -> Composed:  # noqa: D102
        return post_of(draft, self.server)

    def compose_reply(self, draft: Draft, to: str | Mapping[str, Any]) -> Composed:  # noqa: D102
        remote_id = self.identify(to)
        if not remote_id.startswith(COMMENT):
            return comment_of(draft, {"post_id": remote_id}, "", self)
        found = self.comment(remote_id.removeprefix(COMMENT))
        if found is None:
            raise GiveUp(f"{self.server} has no {remote_id} that {self.connection} may see.")
        place = {"post_id": str(found["post"]["id"]), "parent_id": str(found["id"])}
        if found.get("parent_id"):
            place |= {"parent_id": str(found["parent_id"]), "in_reply_to_id": str(found["id"])}
        return comment_of(draft, place, entities.somebody(found.get("member"), self.server).handle, self)

    def identify(self, target: str | Mapping[str, Any]) -> str:
        """The id of a post, or that of a comment behind `comment-`."""
        remote_id = id_of(target, "ghost", self.connection, self.server)
        if not _ID.fullmatch(remote_id.removeprefix(COMMENT)):
            raise GiveUp(
                f"{remote_id!r} is no post of Ghost.",
                hint="Give its id, which ends the address of its editor; before that of a comment, `comment-`.",
            )
        return remote_id

    def comments(self, cursor: str | None) -> Page:
        """What members say below the posts of the site, hidden or not, but for what we say ourselves."""
        found, place = self._by_birth("comments", cursor)
        heard = [entities.comment(one, self.server, self.connection) for one in found if not self._is_ours(one)]
        people = {person.id: person for _, person in heard}
        return Page([event for event, _ in heard], place.written(), people=tuple(people.values()))

    def members(self, cursor: str | None) -> Page:
        """Those who have become members; one whom somebody brought in from elsewhere too."""
        found, place = self._by_birth("members", cursor)
        heard = [entities.joined(one, self.server, self.connection) for one in found]
        return Page([event for event, _ in heard], place.written(), people=tuple(person for _, person in heard))

    def own_posts(self, cursor: str | None) -> Page:
        """What has come out on the site, also what was written before and was held until now; not what is dated back
        by more than a day."""
        asked = {"formats": "html"}
        if cursor is None:
            newest = self.listed("posts", {**asked, "filter": _PUBLIC, "order": "published_at desc, id desc"})
            found, place = Place.begin(newest, self._out_at, _DATED_BACK, _NEWEST)
        else:
            before = Place.read(cursor)
            wanted = f"{_PUBLIC}+published_at:>={moment_of(before.at - _DATED_BACK)}"
            later = self.listed("posts", {**asked, "filter": wanted, "order": "published_at asc, id asc"})
            found, place = before.go_on(later, self._out_at, _DATED_BACK)
        return Page([entities.published(one, self.server, self.connection) for one in found], place.written())

    def metrics(self, remote_ids: Sequence[str]) -> Mapping[str, Metrics]:
        """How many comments a post has; of one that went out as a newsletter also who opened it, who clicked, and who
        liked it. Ghost tells an integration nothing of visits."""
        known = {one: self.post(one, _COUNTED) for one in remote_ids if _ID.fullmatch(one)}
        return {one: self._counted(one, post) for one, post in known.items() if post}

    def _counted(self, remote_id: str, post: Json) -> Metrics:
        replies = self.count("comments", f"post_id:{quoted(remote_id)}")
        sent, count = post.get("email") or {}, post.get("count") or {}
        return Metrics(
            at=self._clock.now(),
            replies=replies,
            reach=sent.get("opened_count") if sent.get("track_opens") else None,
            clicks=count.get("clicks") if sent.get("track_clicks") else None,
            likes=count.get("positive_feedback") if sent.get("feedback_enabled") else None,
        )

    def _is_ours(self, comment: Json) -> bool:
        return bool(self.member) and entities.address_of(comment.get("member")) == self.member.lower()

    def _out_at(self, post: Json) -> datetime:
        """When a post came out. One that is out and bears a date to come is out now, and others come after it."""
        return min(out_at(post), self.its_now())

    def _by_birth(self, kind: str, cursor: str | None) -> tuple[list[Json], Place]:
        if cursor is None:
            return Place.begin(self.listed(kind, {"order": "id desc"}), born, _UNDER_WAY, _NEWEST)
        before = Place.read(cursor)
        return before.go_on(self._born_since(kind, before.at - _UNDER_WAY), born, _UNDER_WAY)

    def _born_since(self, kind: str, since: datetime) -> Iterator[Json]:
        """Page by page after the last id that was seen, so that what is deleted meanwhile shifts nothing."""
        last = f"{int(since.timestamp()):08x}{'0' * 16}"
        while page := self._page(kind, {"filter": f"id:>{quoted(last)}", "order": "id asc"}):
            yield from page
            last = str(page[-1]["id"])


class Writer(Reader, GhostWriter):
    """An integration that also publishes, changes and takes back."""

    def publish(self, payload: Json, key: str, media: Sequence[Upload]) -> Outcome:
        """Publish a post or a comment. Files go to the site first: the first becomes the post's own image, the others
        stand below its text."""
        if "comment" in payload:
            return self.create("comments", payload["comment"], read_as("comments", of_comment, payload["comment"]))
        form = {"status": "published", **payload, "title": headline(payload), "custom_template": mark_of(key)}
        return self.create("posts", self._whole(form, media), read_as("posts", of_post, payload))

    def find_published(  # noqa: D102
        self, payload: Json, key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        if "comment" in payload:
            return find_comment(payload["comment"], self, since, made)
        return find_post({**payload, "title": headline(payload)}, mark_of(key), self, since, made)

    def edit(self, remote_id: str, payload: Json, media: Sequence[Upload]) -> Outcome:
        """Change a post; a comment cannot be changed by an integration."""
        if remote_id.startswith(COMMENT):
            return Rejected("Ghost lets nobody but its member change a comment.", fix="Delete it, and write another.")
        return self.change(remote_id, self._whole(payload, media), read_as("posts", of_post, payload))

    def find_edited(self, remote_id: str, payload: Json) -> Outcome | None:  # noqa: D102
        post = self.post(remote_id)
        if post and not payload:
            return Unknown("Only the image was to change, and nobody can tell whose it is.")
        return Done(of_post(payload, post)) if post and stands(post, payload) else None

    def delete(self, remote_id: str) -> Outcome:
        """Delete a post or a comment, for good."""
        receipt = gone(remote_id, self._clock.now())
        if remote_id.startswith(COMMENT):
            return self.withdraw(remote_id.removeprefix(COMMENT), lambda answer: receipt)
        return self.destroy(remote_id, lambda answer: receipt)

    def find_deleted(self, remote_id: str) -> Outcome | None:  # noqa: D102
        number = remote_id.removeprefix(COMMENT)
        found = self.post(number) if number == remote_id else self.comment(number)
        return None if found else Done(gone(remote_id, self._clock.now()))

    def _whole(self, payload: Json, media: Sequence[Upload]) -> dict[str, Any]:
        """A form as the API takes it, with its images; what is to come out later is scheduled. Raises as a reader's
        methods do."""
        form = dict(payload)
        sent = [(self.send_file(one.medium.name, one.medium.type, one.content), one.medium.alt) for one in media]
        if sent:
            form["feature_image"], form["feature_image_alt"] = sent[0]
        if figures := [figure(address, alt) for address, alt in sent[1:]]:
            form["html"] = "\n\n".join([*([form["html"]] if "html" in form else []), *figures])
        is_later = "published_at" in form and moment(form["published_at"]) > self._clock.now()
        if is_later and form.get("status") == "published":
            form["status"] = "scheduled"
        return form
