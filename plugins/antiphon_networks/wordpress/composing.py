"""What a draft comes to on WordPress: the form of a post, or of a comment."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from antiphon import Composed, Draft, GiveUp, check_media
from antiphon_networks.markup import as_html
from antiphon_networks.plain import plain
from antiphon_networks.wordpress.client import LIMITS, WordPressReader
from antiphon_networks.wordpress.entities import COMMENT, commenter


def post_of(draft: Draft, client: WordPressReader) -> Composed:
    """A post, or what is to be changed of one. Raises GiveUp for what the site would refuse.

    The draft's `options` are `html` (the text is HTML already), `status`, `at` (a moment with its time zone),
    `excerpt`, `slug`, `tags` and `categories` (names); what is not given is left to the site. With `changes` it need
    not have words.
    """
    options = draft.options
    form: dict[str, Any] = {}
    if draft.title:
        form["title"] = draft.title
    if draft.text.strip():
        form["content"] = draft.text if options.get("html") else as_html(draft.text)
    for name in ("excerpt", "slug", "status"):
        if options.get(name):
            form[name] = options[name]
    if not options.get("changes") and not {"title", "content", "excerpt"} & form.keys():
        raise GiveUp("There is nothing to post: title and text are empty.", hint="Look at the expressions in them.")
    for medium in draft.media:
        if medium.kind not in ("image", None):
            raise GiveUp(f"{medium.name} is no image, and only images are attached to a post.")
    check_media(draft.media, LIMITS, "WordPress")
    if options.get("at"):
        form["date_gmt"] = _utc(options["at"])
    if options.get("tags"):
        form["tags"] = list(dict.fromkeys(options["tags"]))
    if options.get("categories"):
        form["categories"] = [_category(name, client) for name in dict.fromkeys(options["categories"])]
    words = [draft.title, plain(form.get("content", "")).text or str(form.get("status", ""))]
    return Composed(form, ": ".join(filter(None, words)), client.server)


def comment_of(draft: Draft, post: str, parent: str, author: str, client: WordPressReader) -> Composed:
    """A comment below a post, or below another comment there."""
    if not draft.text.strip():
        raise GiveUp("There is nothing to say: the text is empty.", hint="Look at the expressions in `text`.")
    if draft.media:
        raise GiveUp("A comment on WordPress takes no attachments.")
    form = {"post": int(post), "parent": int(parent or 0), "content": html.escape(draft.text, quote=False)}
    answered = f"comment {parent}" if parent else f"post {post}"
    return Composed({"comment": form}, draft.text, client.server, answered, (author,) if author else ())


def _utc(at: Any) -> str:
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    if moment.tzinfo is None:
        raise GiveUp(f"{at} has no time zone.", hint="Write the time with one, such as 2026-12-01T09:00+01:00.")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def _category(name: str, client: WordPressReader) -> int:
    number = client.term("categories", name)
    if number is None:
        raise GiveUp(
            f"{client.server} has no category “{name}”.", hint="Make it there, or leave it out; tags are made by need."
        )
    return number


def answered(target: str | Mapping[str, Any], remote_id: str, client: WordPressReader) -> tuple[str, str, str]:
    """What an answer needs to know of a post or comment: the post, the comment if it is one, and who wrote it."""
    if not remote_id.startswith(COMMENT):
        return remote_id, "", ""
    number = remote_id.removeprefix(COMMENT)
    if isinstance(target, Mapping) and target.get("post"):
        author = target.get("author")
        return str(target["post"]), number, str(author.get("handle", "")) if isinstance(author, Mapping) else ""
    found = client.comment(number)
    if found is None:
        raise GiveUp(f"{client.server} has no comment {number} that {client.connection} may see.")
    return str(found["post"]), number, commenter(found, client.server).handle
