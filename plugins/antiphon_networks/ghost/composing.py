"""What a draft comes to on Ghost: the form of a post, or of a comment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from antiphon import Composed, Draft, GiveUp, check_media, check_text, short
from antiphon_networks.ghost.client import LIMITS, GhostReader
from antiphon_networks.ghost.entities import Json, words
from antiphon_networks.markup import as_html

_CALLED = {"excerpt": "custom_excerpt", "canonical": "canonical_url"}
_TAKEN = ("excerpt", "slug", "canonical", "visibility", "status")


def post_of(draft: Draft, server: str) -> Composed:
    """A post, or what is to be changed of one. Raises GiveUp for what the site would refuse.

    The draft's `options` are `html` (the text is HTML already), `status`, `at` (a moment with its time zone),
    `excerpt`, `slug`, `canonical`, `visibility` and `tags`; what is not given is left to the site. With `changes` it
    need not have words.
    """
    options = draft.options
    form: dict[str, Any] = {}
    if draft.title:
        form["title"] = draft.title
    if draft.text.strip():
        form["html"] = draft.text if options.get("html") else as_html(draft.text)
    form |= {_CALLED.get(name, name): options[name] for name in _TAKEN if options.get(name)}
    if not options.get("changes") and not {"title", "html"} & form.keys():
        raise GiveUp("There is nothing to post: title and text are empty.", hint="Look at the expressions in them.")
    for medium in draft.media:
        if medium.kind not in ("image", None):
            raise GiveUp(f"{medium.name} is no image, and only images are attached to a post.")
    check_media(draft.media, LIMITS, "Ghost")
    if options.get("at"):
        at = datetime.fromisoformat(str(options["at"])).astimezone(UTC)
        form["published_at"] = at.replace(tzinfo=None).isoformat(timespec="seconds") + ".000Z"
    if options.get("tags"):
        form["tags"] = list(dict.fromkeys(tag.strip() for tag in options["tags"]))
    _check_lengths(form)
    said = [draft.title, words(form.get("html")) or str(form.get("status", ""))]
    return Composed(form, ": ".join(filter(None, said)), server)


def headline(form: Json) -> str:
    """The title of a post: its own, or its first line where it has none, since Ghost takes no post without."""
    return str(form.get("title") or short((words(form.get("html")).splitlines() or [""])[0]) or "(Untitled)")


def comment_of(draft: Draft, place: Mapping[str, str], author: str, client: GhostReader) -> Composed:
    """A comment below a post, or below another comment there: `place` is what Ghost is told of where it stands."""
    if not draft.text.strip():
        raise GiveUp("There is nothing to say: the text is empty.", hint="Look at the expressions in `text`.")
    if draft.media:
        raise GiveUp("A comment on Ghost takes no attachments.")
    form = {**place, "member_id": str(client.speaker()["id"]), "html": as_html(draft.text)}
    answers = place.get("in_reply_to_id") or place.get("parent_id")
    answered = f"comment {answers}" if answers else f"post {place['post_id']}"
    return Composed({"comment": form}, draft.text, client.server, answered, (author,) if author else ())


def as_before(post: Json) -> dict[str, Any]:
    """The form that makes a deleted post anew, with its words, address, dates and looks; {} where Ghost cannot. What
    was waiting for its time becomes a draft."""
    if not post.get("lexical") or post["status"] == "sent":
        return {}
    form = {name: post[name] for name in _LASTING if post.get(name)}
    form["tags"] = [{"name": tag["name"], "slug": tag["slug"]} for tag in post.get("tags") or ()]
    form["authors"] = [{"id": author["id"]} for author in post.get("authors") or ()]
    return form | ({"status": "draft"} if post["status"] == "scheduled" else {})


def _check_lengths(form: Json) -> None:
    for name, part in (("title", "title"), ("custom_excerpt", "excerpt"), ("slug", "slug")):
        longest = LIMITS.number(f"{part}.longest")
        check_text(len(form.get(name, "")), longest, "characters", "Ghost", part)
    for tag in form.get("tags", ()):
        check_text(len(tag), LIMITS.number("tag.longest"), "characters", "Ghost", f"tag “{short(tag, 20)}”")


_LASTING = (
    *("title", "slug", "lexical", "status", "visibility", "featured", "published_at"),
    *("custom_excerpt", "canonical_url", "codeinjection_head", "codeinjection_foot"),
    *("feature_image", "feature_image_alt", "feature_image_caption", "email_subject"),
    *("meta_title", "meta_description", "og_image", "og_title", "og_description"),
    *("twitter_image", "twitter_title", "twitter_description"),
)
