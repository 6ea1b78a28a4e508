"""Looking back: whether a post or comment that is in doubt is among our own.

WordPress takes no key of ours, and a mark in the address or the text of a post would be seen by everybody; so what says
the same counts as it. What bears the same title but says something else may be it, changed by somebody meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from antiphon import Done, Outcome, Unknown
from antiphon_networks.plain import plain
from antiphon_networks.wordpress.client import WordPressReader
from antiphon_networks.wordpress.entities import COMMENT, Json, moment, words
from antiphon_networks.wordpress.receipts import of_comment, of_post

_ANYWHERE = "publish,future,draft,pending,private"


def find_post(
    form: Mapping[str, Any], client: WordPressReader, since: datetime, made: Callable[[str], bool]
) -> Outcome | None:
    """The post of ours, whatever its status, that was written since then and says the same."""
    author = client.account()["id"]
    asked = {
        "author": author,
        "status": _ANYWHERE,
        "context": "edit",
        "orderby": "id",
        "order": "asc",
        "modified_after": client.by_its_clock(since).isoformat(timespec="seconds"),
    }
    alike = None
    for post in client.listed("posts", asked):
        if made(str(post["id"])):
            continue
        if says(post, form):
            return Done(of_post(form, post))
        if form.get("title") and words(post["title"]) == plain(str(form["title"])).text:
            alike = post["id"]
    if alike is None:
        return None
    return Unknown(f"Post {alike} has the same title, but says something else: somebody may have changed it.")


def find_comment(
    form: Mapping[str, Any], client: WordPressReader, since: datetime, made: Callable[[str], bool]
) -> Outcome | None:
    """The comment of ours that was written since then in the same place, and says the same."""
    asked = {
        "post": form["post"],
        "parent": form["parent"],
        "author": client.account()["id"],
        "status": "all",
        "context": "edit",
        "order": "desc",
    }
    for comment in client.listed("comments", asked):
        if moment(str(comment["date_gmt"])) < client.by_its_clock(since):
            break
        is_same = words(comment["content"]) == plain(str(form["content"])).text
        if is_same and not made(f"{COMMENT}{comment['id']}"):
            return Done(of_comment(form, comment))
    return None


def says(post: Json, form: Mapping[str, Any]) -> bool:
    """Whether a post says what a form says. Sites may clean up markup, so words count and not markup."""
    return all(
        words(post[name]).split() == plain(str(form[name])).text.split()
        for name in ("title", "content")
        if name in form
    )
