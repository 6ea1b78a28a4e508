"""What an account of a WordPress site can do, by the capabilities that actions and sources are written against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from antiphon import (
    Composed,
    Done,
    Draft,
    GiveUp,
    Metrics,
    Outcome,
    Page,
    Receipt,
    Upload,
    id_of,
)
from antiphon_networks.markup import figure
from antiphon_networks.wordpress import entities
from antiphon_networks.wordpress.client import WordPressReader, WordPressWriter
from antiphon_networks.wordpress.composing import answered, comment_of, post_of
from antiphon_networks.wordpress.entities import COMMENT, Json
from antiphon_networks.wordpress.looking import find_comment, find_post, says
from antiphon_networks.wordpress.receipts import gone, of_comment, of_post, read_as

_NEWEST = 20
_OVERLAP = timedelta(days=1)
"""How far back a look at what came out goes: a post may be dated back."""


class Reader(WordPressReader):
    """An account that composes, listens and looks."""

    def compose(self, draft: Draft) -> Composed:  # noqa: D102
        return post_of(draft, self)

    def compose_reply(self, draft: Draft, to: str | Mapping[str, Any]) -> Composed:  # noqa: D102
        post, parent, author = answered(to, self.identify(to), self)
        return comment_of(draft, post, parent, author, self)

    def identify(self, target: str | Mapping[str, Any]) -> str:
        """The number of a post, or that of a comment behind `comment-`."""
        remote_id = id_of(target, "wordpress", self.connection, self.server)
        if not remote_id.removeprefix(COMMENT).isdecimal():
            raise GiveUp(
                f"{remote_id!r} is no post of WordPress.", hint="Give its number; before that of a comment, `comment-`."
            )
        return remote_id

    def comments(self, cursor: str | None) -> Page:
        """What others say below the posts of the site, held back or not: what is approved later is not heard twice,
        nor lost. Only who may moderate is told of what is held back."""
        after = int(cursor) if cursor and cursor.isdecimal() else 0
        ours = int(self.account()["id"])
        if not self.account().get("capabilities", {}).get("moderate_comments"):
            raise GiveUp(
                f"{self.connection} may not see comments that {self.server} holds back, and would miss them for good.",
                hint="Give its account the role of an editor.",
            )
        asked = {"status": "all", "context": "edit", "orderby": "id", "order": "desc"}
        found: list[Json] = []
        for comment in self.listed("comments", asked):
            if int(comment["id"]) <= after or (cursor is None and len(found) == _NEWEST):
                break
            found.append(comment)
        heard = [
            entities.comment(one, self.server, self.connection)
            for one in reversed(found)
            if int(one.get("author") or 0) != ours and one.get("type", "comment") == "comment"
        ]
        people = {person.id: person for _, person in heard}
        newest = max([after, *(int(one["id"]) for one in found)])
        return Page([event for event, _ in heard], str(newest), people=tuple(people.values()))

    def own_posts(self, cursor: str | None) -> Page:
        """What has come out by the account, also what was written before and was held until now."""
        asked: dict[str, Any] = {"author": self.account()["id"], "status": "publish", "context": "edit"}
        if cursor is None:
            found = [post for post, _ in zip(self.listed("posts", asked), range(_NEWEST), strict=False)]
        else:
            since = datetime.fromisoformat(cursor) - _OVERLAP
            found = list(self.listed("posts", {**asked, "after": since.isoformat()}))
        events = sorted(
            (entities.published(post, self.server, self.connection) for post in found), key=lambda event: event.at
        )
        seen = datetime.fromisoformat(cursor) if cursor else datetime(1970, 1, 2, tzinfo=UTC)
        return Page(events, max([seen, *(event.at for event in events)]).isoformat())

    def metrics(self, remote_ids: Sequence[str]) -> Mapping[str, Metrics]:
        """How many comments a post has; WordPress itself counts nothing else."""
        known = [one for one in remote_ids if self.post(one) is not None]
        now = self._clock.now()
        return {one: Metrics(at=now, replies=self.count("comments", {"post": one})) for one in known}


class Writer(Reader, WordPressWriter):
    """An account that also publishes, changes and takes back."""

    def publish(self, payload: Mapping[str, Any], key: str, media: Sequence[Upload]) -> Outcome:
        """Publish a post or a comment. Files go to the library first, where nobody is shown them: the first becomes the
        post's own image, the others stand below its text."""
        if "comment" in payload:
            form = payload["comment"]
            return self.create("comments", form, read_as(of_comment, form))
        form = {"status": "publish", **self._with(payload, media)}
        return self.create("posts", form, read_as(of_post, payload))

    def find_published(  # noqa: D102
        self, payload: Mapping[str, Any], key: str, since: datetime, made: Callable[[str], bool]
    ) -> Outcome | None:
        if "comment" in payload:
            return find_comment(payload["comment"], self, since, made)
        return find_post(payload, self, since, made)

    def edit(self, remote_id: str, payload: Mapping[str, Any], media: Sequence[Upload]) -> Outcome:  # noqa: D102
        return self.change("posts", remote_id, self._with(payload, media), read_as(of_post, payload))

    def find_edited(self, remote_id: str, payload: Mapping[str, Any]) -> Outcome | None:  # noqa: D102
        post = self.post(remote_id)
        return Done(of_post(payload, post)) if post and _stands(post, payload) else None

    def delete(self, remote_id: str) -> Outcome:
        """Lay a post or a comment into the trash, where it stays for 30 days unless the site says otherwise."""

        def done(answer: httpx.Response) -> Receipt:
            if answer.json()["status"] != "trash":
                raise ValueError("not in the trash")
            return gone(remote_id, self._clock.now())

        return self.trash(*_place(remote_id), done)

    def find_deleted(self, remote_id: str) -> Outcome | None:  # noqa: D102
        kind, number = _place(remote_id)
        found = self.comment(number) if kind == "comments" else self.post(number)
        is_gone = found is None or found["status"] == "trash"
        return Done(gone(remote_id, self._clock.now())) if is_gone else None

    def _with(self, payload: Mapping[str, Any], media: Sequence[Upload]) -> dict[str, Any]:
        """A form as the API takes it: tags by their numbers, and its images. Raises as a reader's methods do."""
        form = dict(payload)
        if "tags" in form:
            form["tags"] = [self.term("tags", name) or self.new_tag(name) for name in form["tags"]]
        sent = [self.send_file(one.medium.name, one.medium.type, one.content, one.medium.alt) for one in media]
        if sent:
            form["featured_media"] = sent[0]["id"]
        shown = zip(sent[1:], media[1:], strict=True)
        figures = [figure(str(one["source_url"]), upload.medium.alt) for one, upload in shown]
        if figures:
            form["content"] = "\n\n".join([*([form["content"]] if "content" in form else []), *figures])
        return form


def _place(remote_id: str) -> tuple[str, str]:
    number = remote_id.removeprefix(COMMENT)
    return ("posts" if number == remote_id else "comments"), number


def _stands(post: Mapping[str, Any], form: Mapping[str, Any]) -> bool:
    """Whether a post is as a form wants it; a status of `publish` becomes `future` by its date."""
    wanted = form.get("status")
    is_so = wanted in (None, post["status"]) or (wanted == "publish" and post["status"] == "future")
    return is_so and says(post, form) and form.get("date_gmt") in (None, post["date_gmt"])
