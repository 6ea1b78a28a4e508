from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from antiphon import AuthDead, Done, GiveUp, Rejected, Unknown
from antiphon.builtins.posts import DeletePost, EditPost, PostMetrics, PublishPost, ReplyToPost
from antiphon_networks.wordpress.publishing import Comment, Delete, Edit, Post, Restore

if TYPE_CHECKING:
    from tests.antiphon_networks.wordpress.conftest import Desk

pytestmark = pytest.mark.networks

WORDS: dict[str, Any] = {
    "title": "Nouveau café ☕",
    "text": "Il est là & il sent <bon>.\n\nhttps://torrea.example/a?b=c",
}


def image() -> bytes:
    """A PNG of 4 by 3 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 4, 3, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80\x40\x20" * 4) * 3)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_post(desk: Desk) -> None:
    """A post stands there with its words, none of them taken for markup; the receipt tells where."""
    outcome = desk.do(Post, **WORDS, excerpt="Bref", tags=["café", "news"], slug="cafe-1")

    assert isinstance(outcome, Done)
    post = desk.see(f"posts/{outcome.receipt.remote_id}")
    assert post["title"]["raw"] == "Nouveau café ☕"
    assert post["content"]["raw"] == (
        "<p>Il est là &amp; il sent &lt;bon&gt;.</p>\n\n"
        '<p><a href="https://torrea.example/a?b=c">https://torrea.example/a?b=c</a></p>'
    )
    assert (post["status"], post["excerpt"]["raw"], post["slug"]) == ("publish", "Bref", "cafe-1")
    assert outcome.receipt.url == post["link"] == f"{desk.site.url}/cafe-1/"
    names = [desk.see(f"tags/{number}")["name"] for number in post["tags"]]
    assert sorted(names) == ["café", "news"]


def test_plan(desk: Desk) -> None:
    """A plan is the exact content, and nothing is made, no tag either."""
    effect = desk.plan(Post, **WORDS, tags=["only planned"], status="draft")

    assert (effect.payload["tags"], effect.payload["status"]) == (["only planned"], "draft")
    assert (effect.idempotency, effect.reversible) == ("lookup", True)
    assert desk.see("posts", status="any") == []
    assert desk.see("tags", search="only planned") == []


def test_draft_future_publish(desk: Desk) -> None:
    """A draft gets a time and waits for it, and comes out at once when that is wanted; nothing else of it changes."""
    draft = desk.do(Post, **WORDS, status="draft").receipt
    at = (desk.clock.now() + timedelta(days=2)).replace(microsecond=0)

    planned = desk.do(Edit, post=draft.remote_id, status="publish", at=at.isoformat())
    assert planned.receipt.data["status"] == "future"
    assert desk.see(f"posts/{draft.remote_id}")["date_gmt"] == at.replace(tzinfo=None).isoformat()

    now = (desk.clock.now() - timedelta(hours=1)).isoformat()
    desk.do(Edit, post=draft.remote_id, status="publish", at=now)
    post = desk.see(f"posts/{draft.remote_id}")
    assert (post["status"], post["title"]["raw"]) == ("publish", "Nouveau café ☕")


def test_html(desk: Desk) -> None:
    """A text that is HTML stays what it is."""
    outcome = desk.do(Post, title="A", text="<p>Un <strong>mot</strong></p>", html=True)

    assert desk.see(f"posts/{outcome.receipt.remote_id}")["content"]["raw"] == "<p>Un <strong>mot</strong></p>"


def test_images(desk: Desk, tmp_path: Path) -> None:
    """The first image is the post's own, the others stand below its text, all with their alt texts."""
    for name in ("un café.png", "deux.png"):
        (tmp_path / name).write_bytes(image())

    media = [{"file": "un café.png", "alt": "Une tasse"}, {"file": "deux.png", "alt": 'Deux "tasses"'}]
    outcome = desk.do(Post, **WORDS, media=media)

    post = desk.see(f"posts/{outcome.receipt.remote_id}")
    own = desk.see(f"media/{post['featured_media']}")
    assert (own["alt_text"], own["media_details"]["width"]) == ("Une tasse", 4)
    assert 'alt="Deux &quot;tasses&quot;"' in post["content"]["raw"]


def test_any_network(desk: Desk) -> None:
    """The actions that work everywhere work here: publish, answer, change, count, delete."""
    post = desk.do(PublishPost, **WORDS).receipt.remote_id
    answer = desk.do(ReplyToPost, to=post, text="Premier !").receipt
    desk.do(EditPost, post=post, text="Autre chose")
    counted = PostMetrics().compute(PostMetrics.Options(connection="blog", posts=(post,)), desk.reading)

    assert answer.remote_id.startswith("comment-")
    assert desk.see(f"posts/{post}")["title"]["raw"] == "Nouveau café ☕"
    assert desk.see(f"posts/{post}")["content"]["raw"] == "<p>Autre chose</p>"
    assert counted[post]["replies"] == 1
    desk.do(DeletePost, post=answer.remote_id)
    desk.do(DeletePost, post=post)
    assert desk.see("posts", status="publish") == []


def test_comment(desk: Desk) -> None:
    """An answer to a comment stands below it, and says what was said, not its markup."""
    post = desk.do(Post, **WORDS).receipt.remote_id
    number = desk.comment(post, "C'est bon ?")

    outcome = desk.do(Comment, to=f"comment-{number}", text="Oui & <b>très</b>")

    answer = desk.see(f"comments/{outcome.receipt.remote_id.removeprefix('comment-')}")
    assert (answer["parent"], answer["post"]) == (int(number), int(post))
    assert answer["content"]["raw"] == "Oui &amp; &lt;b&gt;très&lt;/b&gt;"
    assert desk.plan(Comment, to=f"comment-{number}", text="Oui").recipients == ("ana@example.org",)


def test_found(desk: Desk) -> None:
    """After a doubt a post is found by what it says, whatever its status; another effect's twin is not it."""
    for status in ("publish", "draft"):
        effect = desk.plan(Post, **WORDS, status=status)
        assert desk.reconcile(Post, effect) is None
        made = desk.perform(Post, effect).receipt.remote_id
        found = desk.reconcile(Post, effect)
        assert isinstance(found, Done)
        assert found.receipt.remote_id == made
        assert desk.reconcile(Post, effect, made=[made]) is None
        desk.do(Delete, post=made)


def test_found_changed(desk: Desk) -> None:
    """A post with the same title that says something else may be it: a person decides."""
    effect = desk.plan(Post, **WORDS)
    made = desk.perform(Post, effect).receipt.remote_id
    desk.ask("POST", f"posts/{made}", json={"content": "changed by hand"})

    found = desk.reconcile(Post, effect)

    assert isinstance(found, Unknown)
    assert f"Post {made} has the same title" in found.reason


def test_comment_found(desk: Desk) -> None:
    """After a doubt a comment is found by what it says below the same post."""
    post = desk.do(Post, **WORDS).receipt.remote_id
    effect = desk.plan(Comment, to=post, text="Merci à <tous>")

    assert desk.reconcile(Comment, effect) is None
    made = desk.perform(Comment, effect).receipt.remote_id
    found = desk.reconcile(Comment, effect)
    assert isinstance(found, Done)
    assert found.receipt.remote_id == made
    twice = desk.perform(Comment, effect)
    assert isinstance(twice, Rejected)


def test_change_found(desk: Desk) -> None:
    """After a doubt a look tells whether a post says by now what it was changed to."""
    post = desk.do(Post, **WORDS, status="draft").receipt.remote_id
    effect = desk.plan(Edit, post=post, text="Autre chose", status="publish")

    assert desk.reconcile(Edit, effect) is None
    desk.perform(Edit, effect)
    assert isinstance(desk.reconcile(Edit, effect), Done)


def test_trash_and_back(desk: Desk) -> None:
    """What is deleted lies in the trash, and undoing takes it out again, as what it was and where it was."""
    for status in ("publish", "draft"):
        made = desk.do(Post, **WORDS, status=status, slug=f"cafe-{status}").receipt
        effect = desk.plan(Delete, post=made.remote_id)
        assert desk.reconcile(Delete, effect) is None
        deleted = desk.perform(Delete, effect)
        assert desk.see(f"posts/{made.remote_id}")["status"] == "trash"
        assert isinstance(desk.reconcile(Delete, effect), Done)

        inverse = Delete().undo(effect, deleted.receipt, desk.reading)
        assert inverse
        assert desk.reconcile(Restore, inverse) is None
        assert isinstance(desk.perform(Restore, inverse), Done)
        assert isinstance(desk.reconcile(Restore, inverse), Done)
        post = desk.see(f"posts/{made.remote_id}")
        assert (post["status"], post["slug"]) == (status, f"cafe-{status}")


def test_undo_of_a_post(desk: Desk) -> None:
    """Undoing a post deletes it."""
    effect = desk.plan(Post, **WORDS)
    receipt = desk.perform(Post, effect).receipt

    inverse = Post().undo(effect, receipt, desk.reading)

    assert inverse
    assert (inverse.action, inverse.payload) == ("post.delete", {"post": receipt.remote_id})


def test_no_rights(desk: Desk) -> None:
    """What the account may not do is rejected, in the site's words."""
    desk.account = "reader"

    outcome = desk.do(Post, **WORDS)

    assert isinstance(outcome, Rejected)
    assert "not allowed to create posts" in outcome.reason


@pytest.mark.parametrize("change", [{"password": "wrongwrongwrongwrongwron"}, {"username": "nobody"}])
def test_wrong_password(desk: Desk, change: dict[str, str]) -> None:
    """A wrong or withdrawn password waits for a person, and is not in the sentence."""
    effect = desk.plan(Post, **WORDS)
    desk.options = change

    outcome = desk.perform(Post, effect)

    assert isinstance(outcome, AuthDead)
    assert "wrongwrong" not in outcome.reason


def test_refused(desk: Desk) -> None:
    """A post that is not there cannot be changed, nor answered."""
    assert isinstance(desk.do(Edit, post="999999", text="x"), Rejected)
    assert isinstance(desk.do(Comment, to="999999", text="x"), Rejected)
    with pytest.raises(GiveUp, match="no comment 999999"):
        desk.plan(Comment, to="comment-999999", text="x")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"title": "", "text": " \n "}, "nothing to post"),
        ({"categories": ["Nowhere"]}, "no category “Nowhere”"),
    ],
)
def test_refused_in_the_plan(desk: Desk, options: dict[str, Any], told: str) -> None:
    """What the site would refuse is refused in the plan."""
    with pytest.raises(GiveUp, match=told):
        desk.plan(Post, **{**WORDS, **options})


def test_categories(desk: Desk) -> None:
    """A category is named without regard to case."""
    effect = desk.plan(Post, **WORDS, categories=["uncategorized"])

    assert effect.payload["categories"] == [1]


def test_same_words_twice(desk: Desk) -> None:
    """Two effects with the same words are two posts."""
    for event in ("e-1", "e-2"):
        desk.here = replace(desk.here, event=event)
        desk.do(Post, **WORDS)

    assert len(desk.see("posts", status="publish")) == 2
