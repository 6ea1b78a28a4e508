from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from antiphon import AccessLost, GiveUp, RetryLater
from antiphon_networks.wordpress.publishing import Comment, Edit, Post
from antiphon_networks.wordpress.sources import Comments, Posts

if TYPE_CHECKING:
    from tests.antiphon_networks.wordpress.conftest import Desk

pytestmark = pytest.mark.networks


@pytest.fixture
def post(desk: Desk) -> str:
    number: str = desk.do(Post, title="Café", text="Il est là").receipt.remote_id
    return number


def test_comment(desk: Desk, post: str) -> None:
    """A comment is an event with what was said, by whom, and below what."""
    number = desk.comment(post, "C'est <b>bon</b> ?")

    (event,), _ = desk.hear(Comments)

    assert event.type == "comment.received"
    assert event.data == {
        "network": "wordpress",
        "server": desk.site.url.removeprefix("http://"),
        "account": "blog",
        "id": f"comment-{number}",
        "url": event.data["url"],
        "text": "C'est bon ?",
        "author": {"id": "email:ana@example.org", "network": "email", "handle": "ana@example.org", "name": "Ana"},
        "post": post,
        "in_reply_to": post,
        "status": "approved",
    }


def test_answered(desk: Desk, post: str) -> None:
    """The event is enough to answer; our own answer is not heard, and an answer to it says so."""
    desk.comment(post, "C'est bon ?")
    (event,), cursor = desk.hear(Comments)
    ours = desk.do(Comment, to=dict(event.data), text="Oui").receipt.remote_id
    desk.comment(post, "Merci", parent=ours.removeprefix("comment-"))

    (last,), _ = desk.hear(Comments, cursor)

    assert (last.data["text"], last.data["in_reply_to"]) == ("Merci", ours)


def test_held_back(desk: Desk, post: str) -> None:
    """A comment that waits for a moderator is heard and says so; approved later, it is the same event."""
    _, cursor = desk.hear(Comments)
    number = desk.comment(post, "Achetez ici", status="hold")
    desk.comment(post, "Bonjour")

    events, _ = desk.hear(Comments, cursor)
    desk.ask("POST", f"comments/{number}", json={"status": "approved"})
    again, _ = desk.hear(Comments, cursor)

    assert [event.data["status"] for event in events] == ["hold", "approved"]
    assert [event.id for event in again] == [event.id for event in events]


def test_many(desk: Desk, post: str) -> None:
    """More comments than a page holds are heard once each, in order; at first, the newest only."""
    desk.site.run(
        f"for ($i = 0; $i < 230; $i++) wp_insert_comment(['comment_post_ID' => {post}, 'comment_content' => "
        "\"number $i\", 'comment_author' => 'Ben', 'comment_approved' => 1]);"
    )

    first, _ = desk.hear(Comments)
    every, cursor = desk.hear(Comments, "0")
    nothing, _ = desk.hear(Comments, cursor)

    assert [event.data["text"] for event in first] == [f"number {number}" for number in range(210, 230)]
    assert [event.data["text"] for event in every] == [f"number {number}" for number in range(230)]
    assert nothing == []


def test_may_not_moderate(desk: Desk) -> None:
    """An account that is not told of all comments would miss some for good, and says so."""
    desk.account = "reader"

    with pytest.raises(GiveUp, match=r"may not see comments.*role of an editor"):
        desk.hear(Comments)


def test_own_posts(desk: Desk, post: str) -> None:
    """What comes out is heard once, by whatever hand, and also what was a draft for a while."""
    draft = desk.do(Post, title="Plus tard", text="Attends", status="draft").receipt.remote_id
    first, cursor = desk.hear(Posts)
    by_hand = desk.ask("POST", "posts", json={"title": "À la main", "content": "<p>Oui</p>", "status": "publish"})
    desk.do(Edit, post=draft, status="publish")

    events, _ = desk.hear(Posts, cursor)

    assert [event.data["id"] for event in first] == [post]
    new = {event.data["id"] for event in events} - {post}
    assert new == {draft, str(by_hand["id"])}
    assert {event.id for event in first} <= {event.id for event in events}


def test_trouble(desk: Desk) -> None:
    """A wrong password, a page that is no WordPress and a server that is not there are told apart."""
    for change, kind in (
        ({"password": "wrongwrongwrongwrongwron"}, AccessLost),
        ({"site": f"{desk.site.url}/wp-admin/css"}, GiveUp),
        ({"site": "http://127.0.0.1:9"}, RetryLater),
    ):
        desk.options = change
        with pytest.raises(kind):
            desk.hear(Comments)


def test_check(desk: Desk) -> None:
    """A check tells who we are, with which rights, and where."""
    server = desk.site.url.removeprefix("http://")

    assert desk.connector.check() == f"editor (administrator) on “Torréa”, {server}"
