"""Looking back: whether a post or comment that is in doubt is among our own.

Ghost takes no key of ours. The one field that readers are not shown, that editors keep and that can be asked for is the
name of a post's template: where the theme has none of that name it is passed over. So a post bears its mark there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from antiphon import Done, Outcome, Unknown
from antiphon_networks.ghost.client import GhostReader, moment_of, quoted
from antiphon_networks.ghost.entities import COMMENT, Json, moment, words
from antiphon_networks.ghost.receipts import of_comment, of_post

_MARK = "antiphon-"


def mark_of(key: str) -> str:
    """The name of a template that no theme has: the same for the same act. Ghost takes 100 characters."""
    return f"{_MARK}{key}"


def find_post(
    form: Json, mark: str, client: GhostReader, since: datetime, made: Callable[[str], bool]
) -> Outcome | None:
    """The post that bears the mark, whatever its status. Ghost copies the mark with a post, so the oldest is it.

    One with the same title and no mark, made since then, may be it as well, with another template by now.
    """
    marked = client.listed("posts", {"filter": f"custom_template:{quoted(mark)}", "order": "id asc"})
    for post in marked:
        if not made(str(post["id"])):
            return Done(of_post(form, post))
    recent = f"created_at:>={moment_of(client.by_its_clock(since))}+title:{quoted(str(form['title']))}"
    for post in client.listed("posts", {"filter": recent, "fields": "id,custom_template"}):
        is_marked = str(post.get("custom_template") or "").startswith(_MARK)
        if not is_marked and not made(str(post["id"])):
            return Unknown(f"Post {post['id']} has the same title, but not our mark: somebody may have changed it.")
    return None


def find_comment(form: Json, client: GhostReader, since: datetime, made: Callable[[str], bool]) -> Outcome | None:
    """The comment of ours that was written since then below the same post, and says the same."""
    ours = client.speaker()["id"]
    asked = {"filter": f"post_id:{quoted(form['post_id'])}", "order": "created_at desc"}
    for comment in client.listed("comments", asked):
        if moment(str(comment["created_at"])) < client.by_its_clock(since):
            break
        is_ours = (comment.get("member") or {}).get("id") == ours and _answers(comment) == _answers(form)
        is_same = words(comment["html"]).split() == words(form["html"]).split()
        if is_ours and is_same and not made(f"{COMMENT}{comment['id']}"):
            return Done(of_comment(form, comment))
    return None


def stands(post: Json, form: Json) -> bool:
    """Whether a post is as a form wants it. Markup is made anew by Ghost, so words count; `published` waits for its
    time as `scheduled`."""
    wanted = form.get("status")
    is_so = wanted in (None, post["status"]) or (wanted == "published" and post["status"] == "scheduled")
    is_then = "published_at" not in form or moment(form["published_at"]) == moment(str(post["published_at"]))
    says = words(post.get("html")).split() == words(form["html"]).split() if "html" in form else True
    tags = {str(tag["name"]).casefold() for tag in post.get("tags") or ()}
    is_tagged = "tags" not in form or {name.casefold() for name in form["tags"]} == tags
    same = all(post.get(name) == form[name] for name in _PLAIN if name in form)
    return is_so and is_then and says and is_tagged and same


_PLAIN = ("title", "slug", "custom_excerpt", "canonical_url", "visibility")


def _answers(comment: Json) -> tuple[str, str]:
    return str(comment.get("parent_id") or ""), str(comment.get("in_reply_to_id") or "")
