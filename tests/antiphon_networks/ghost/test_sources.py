from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from antiphon import AccessLost, GiveUp, RetryLater
from antiphon_networks.ghost.publishing import Comment, Edit, Post
from antiphon_networks.ghost.sources import Comments, Members, Posts

if TYPE_CHECKING:
    from tests.antiphon_networks.ghost.conftest import Desk

pytestmark = pytest.mark.networks


@pytest.fixture
def post(desk: Desk) -> str:
    remote_id: str = desk.do(Post, title="Café", text="Il est là").receipt.remote_id
    return remote_id


@pytest.fixture
def ana(desk: Desk) -> str:
    return desk.join("Ana@Example.org", "Ana")


def test_comment(desk: Desk, post: str, ana: str) -> None:
    """A comment is an event with what was said, by whom, and below what."""
    number = desk.comment(ana, "C'est bon ?", post_id=post)

    (event,), _ = desk.hear(Comments)

    assert event.type == "comment.received"
    assert event.data == {
        "network": "ghost",
        "server": desk.site.url.removeprefix("http://"),
        "account": "brand",
        "id": f"comment-{number}",
        "url": f"{desk.site.url}/cafe/#ghost-comments-{number}",
        "text": "C'est bon ?",
        "author": {"id": "email:ana@example.org", "network": "email", "handle": "ana@example.org", "name": "Ana"},
        "post": post,
        "parent": "",
        "in_reply_to": post,
        "status": "published",
    }


def test_answered(desk: Desk, post: str, ana: str) -> None:
    """The event is enough to answer; our own answer is not heard, and an answer to it says so."""
    desk.comment(ana, "C'est bon ?", post_id=post)
    (event,), cursor = desk.hear(Comments)
    ours = desk.do(Comment, to=dict(event.data), text="Oui").receipt.remote_id
    first = event.data["id"].removeprefix("comment-")
    desk.comment(ana, "Merci", parent_id=first, in_reply_to_id=ours.removeprefix("comment-"))

    (last,), _ = desk.hear(Comments, cursor)

    assert (last.data["text"], last.data["in_reply_to"]) == ("Merci", ours)


def test_who_is_gone(desk: Desk, post: str, ana: str) -> None:
    """A comment that was hidden is heard and says so; one whose member is gone is heard without a name."""
    number = desk.comment(ana, "Achetez ici", post_id=post)
    desk.site.ask("PUT", f"/comments/{number}/", json={"comments": [{"status": "hidden"}]})
    desk.site.ask("DELETE", f"/members/{ana}/")

    (event,), _ = desk.hear(Comments)

    assert (event.data["status"], event.data["author"]["name"]) == ("hidden", "")


def test_many(desk: Desk, post: str, ana: str) -> None:
    """More comments than a page holds, most of them in the same second, are heard once each, in order; at first, the
    newest only."""
    _, start = desk.hear(Comments)
    for number in range(120):
        desk.comment(ana, f"number {number}", post_id=post)

    first, _ = desk.hear(Comments)
    every, cursor = desk.hear(Comments, start)
    nothing, _ = desk.hear(Comments, cursor)

    assert [event.data["text"] for event in first] == [f"number {number}" for number in range(100, 120)]
    assert [event.data["text"] for event in every] == [f"number {number}" for number in range(120)]
    assert nothing == []


def test_own_posts(desk: Desk, post: str) -> None:
    """What comes out is heard once, by whatever hand, and also what was a draft for a while, or is dated back."""
    draft = desk.do(Post, title="Plus tard", text="Attends", status="draft").receipt.remote_id
    first, cursor = desk.hear(Posts)
    by_hand = desk.write(title="À la main", html="<p>Oui</p>")
    earlier = desk.write(title="Hier", published_at=(desk.clock.now() - timedelta(hours=20)).isoformat())
    desk.do(Edit, post=draft, status="published")

    events, cursor = desk.hear(Posts, cursor)
    nothing, _ = desk.hear(Posts, cursor)

    assert [event.data["id"] for event in first] == [post]
    assert {event.data["id"] for event in events} == {draft, by_hand, earlier}
    assert events[0].data["id"] == earlier
    assert nothing == []


def test_same_second(desk: Desk) -> None:
    """Posts that came out in one second are all heard, however many polls lie between them."""
    at = (desk.clock.now() - timedelta(minutes=5)).isoformat()
    heard, cursor = [], ""
    desk.write(title="0", published_at=at)
    for number in range(1, 4):
        events, cursor = desk.hear(Posts, cursor or None)
        heard += events
        desk.write(title=str(number), published_at=at)
    heard += desk.hear(Posts, cursor)[0]

    assert [event.data["title"] for event in heard] == ["0", "1", "2", "3"]


def test_date_to_come(desk: Desk) -> None:
    """A post that is out and bears a date to come is heard once, and hides none of those that come after it."""
    _, cursor = desk.hear(Posts)
    desk.write(title="Demain", published_at=(desk.clock.now() + timedelta(days=3)).isoformat())
    first, cursor = desk.hear(Posts, cursor)
    desk.write(title="Aujourd'hui")

    second, cursor = desk.hear(Posts, cursor)

    assert [[event.data["title"] for event in events] for events in (first, second)] == [["Demain"], ["Aujourd'hui"]]
    assert desk.hear(Posts, cursor)[0] == []


def test_members(desk: Desk, ana: str) -> None:
    """Who becomes a member is heard once, the same person as in e-mail."""
    _, cursor = desk.hear(Members)
    form = {"members": [{"email": "ben@example.org", "name": "Ben", "labels": ["fair"]}]}
    desk.site.ask("POST", "/members/", json=form)

    (event,), cursor = desk.hear(Members, cursor)

    assert event.type == "member.joined"
    assert event.data["author"]["id"] == "email:ben@example.org"
    assert (event.data["status"], event.data["subscribed"], event.data["labels"]) == ("free", True, ["fair"])
    assert desk.hear(Members, cursor)[0] == []


def test_trouble(desk: Desk) -> None:
    """A wrong key, a page that is no Ghost and a server that is not there are told apart."""
    for change, kind in (
        ({"key": f"{'0' * 24}:{'0' * 64}"}, AccessLost),
        ({"site": f"{desk.site.url}/elsewhere"}, GiveUp),
        ({"site": "http://127.0.0.1:9"}, RetryLater),
    ):
        desk.connect(**change)
        with pytest.raises(kind):
            desk.hear(Comments)


def test_check(desk: Desk) -> None:
    """A check tells who we are, where, as whom we comment, and when our clock is wrong."""
    place = f"“Torréa”, {desk.site.url.removeprefix('http://')} (Ghost 6.65)"

    assert desk.connector.check() == f"an integration on {place}, commenting as Torréa"
    desk.clock.advance(timedelta(minutes=7))
    assert desk.connector.check().endswith("Torréa. The clock of this machine is 7 minutes ahead of the site's")


def test_staff_token(desk: Desk) -> None:
    """The token of a person tells whose it is, and what they may do."""
    token = desk.site.ask("PUT", "/users/me/token/")["apiKey"]
    desk.connect(key=f"{token['id']}:{token['secret'].rpartition(':')[2]}", member="")

    assert desk.connector.check().startswith("Nina (Owner) on “Torréa”, ")
