from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from antiphon import AuthDead, Done, GiveUp, Rejected, Unknown
from antiphon.builtins.posts import DeletePost, EditPost, PostMetrics, PublishPost, ReplyToPost
from antiphon.testing.serving import Forwarding, Served
from antiphon_networks.ghost.publishing import Comment, Delete, Edit, Post

if TYPE_CHECKING:
    from tests.antiphon_networks.ghost.conftest import Desk

pytestmark = pytest.mark.networks

NOWHERE = "0" * 24
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
    outcome = desk.do(
        Post,
        **WORDS,
        excerpt="Bref",
        tags=["Café", "#hidden"],
        slug="cafe-1",
        canonical="https://torrea.example/cafe",
        visibility="members",
    )

    assert isinstance(outcome, Done)
    post = desk.post(outcome.receipt.remote_id)
    assert post["title"] == "Nouveau café ☕"
    assert post["html"] == (
        "<p>Il est là &amp; il sent &lt;bon&gt;.</p>"
        '<p><a href="https://torrea.example/a?b=c">https://torrea.example/a?b=c</a></p>'
    )
    assert (post["status"], post["custom_excerpt"], post["slug"]) == ("published", "Bref", "cafe-1")
    assert (post["canonical_url"], post["visibility"]) == ("https://torrea.example/cafe", "members")
    assert outcome.receipt.url == post["url"] == f"{desk.site.url}/cafe-1/"
    assert [(tag["name"], tag["visibility"]) for tag in post["tags"]] == [("Café", "public"), ("#hidden", "internal")]


def test_mark_is_not_shown(desk: Desk) -> None:
    """The page of a post is the theme's own, and nothing on it bears our mark."""
    receipt = desk.do(Post, **WORDS).receipt

    page = httpx.get(receipt.url, timeout=60, trust_env=False)

    assert page.is_success
    assert "Il est là" in page.text
    assert "antiphon" not in page.text


def test_plan(desk: Desk) -> None:
    """A plan is the exact content, and nothing is made."""
    effect = desk.plan(Post, **WORDS, tags=["only planned"], status="draft")

    assert (effect.payload["tags"], effect.payload["status"]) == (["only planned"], "draft")
    assert (effect.idempotency, effect.reversible) == ("lookup", True)
    assert desk.posts() == []


def test_without_title(desk: Desk) -> None:
    """A post without a title bears its first line, and keeps the title that it has when its words change."""
    post = desk.do(PublishPost, text="Un café\net un croissant").receipt.remote_id
    assert desk.post(post)["title"] == "Un café"

    desk.do(EditPost, post=post, text="Deux cafés")

    assert (desk.post(post)["title"], desk.post(post)["plaintext"]) == ("Un café", "Deux cafés")


def test_draft_scheduled_published(desk: Desk) -> None:
    """A draft gets a time and waits for it, and comes out at once when that is wanted; nothing else of it changes."""
    draft = desk.do(Post, **WORDS, status="draft").receipt
    at = (desk.clock.now() + timedelta(days=2)).replace(microsecond=0)

    planned = desk.do(Edit, post=draft.remote_id, status="published", at=at.isoformat())
    assert planned.receipt.data["status"] == "scheduled"
    assert datetime.fromisoformat(desk.post(draft.remote_id)["published_at"]) == at

    desk.do(Edit, post=draft.remote_id, status="published", at=(desk.clock.now() - timedelta(hours=1)).isoformat())
    post = desk.post(draft.remote_id)
    assert (post["status"], post["title"]) == ("published", "Nouveau café ☕")

    off = desk.do(Edit, post=draft.remote_id, status="draft")
    assert off.receipt.data["status"] == "draft"


def test_later(desk: Desk) -> None:
    """What is to come out later waits on the site; planned for a time that has gone by since, it comes out at once."""
    at = desk.clock.now().astimezone(UTC) + timedelta(hours=1)
    effect = desk.plan(Post, **WORDS, at=at.isoformat())

    assert desk.perform(Post, effect).receipt.data["status"] == "scheduled"
    desk.clock.advance(timedelta(hours=2))
    assert desk.perform(Post, effect).receipt.data["status"] == "published"


def test_images(desk: Desk, tmp_path: Path) -> None:
    """The first image is the post's own, the others stand below its text, all with their alt texts."""
    for name in ("un café.png", "deux.png"):
        (tmp_path / name).write_bytes(image())

    media = [{"file": "un café.png", "alt": "Une tasse"}, {"file": "deux.png", "alt": 'Deux "tasses"'}]
    post = desk.post(desk.do(Post, **WORDS, media=media).receipt.remote_id)

    assert post["feature_image_alt"] == "Une tasse"
    assert httpx.get(post["feature_image"], timeout=30, trust_env=False).content == image()
    assert 'alt="Deux &quot;tasses&quot;"' in post["html"]


def test_any_network(desk: Desk) -> None:
    """The actions that work everywhere work here: publish, answer, change, count, delete."""
    post = desk.do(PublishPost, **WORDS).receipt.remote_id
    answer = desk.do(ReplyToPost, to=post, text="Premier !").receipt
    desk.do(EditPost, post=post, text="Autre chose")
    counted = PostMetrics().compute(PostMetrics.Options(connection="brand", posts=(post, NOWHERE)), desk.reading)

    assert answer.url == f"{desk.post(post)['url']}#ghost-{answer.remote_id.replace('comment-', 'comments-')}"
    assert desk.post(post)["title"] == "Nouveau café ☕"
    assert desk.post(post)["plaintext"] == "Autre chose"
    assert counted == {post: {**counted[post], "replies": 1, "likes": None, "clicks": None, "reach": None}}
    desk.do(DeletePost, post=answer.remote_id)
    desk.do(DeletePost, post=post)
    assert desk.posts() == []


def test_newsletter(desk: Desk) -> None:
    """Of a post that went out as a newsletter, what is counted there is told as well, and what is not stays away."""
    post = desk.do(Post, **WORDS, status="draft").receipt.remote_id
    newsletter = desk.site.ask("GET", "/newsletters/")["newsletters"][0]
    form = {"status": "published", "updated_at": desk.post(post)["updated_at"]}
    asked = {"newsletter": newsletter["slug"]}
    desk.site.ask("PUT", f"/posts/{post}/", params=asked, json={"posts": [form]})

    counted = desk.connector.reader().metrics([post])[post]

    assert (counted.reach, counted.clicks, counted.likes, counted.views) == (0, 0, None, None)


def test_comment(desk: Desk) -> None:
    """An answer to an answer stands in the same thread, by the member of the connection, and none of it is markup."""
    post = desk.do(Post, **WORDS).receipt.remote_id
    ana = desk.join("ana@example.org", "Ana")
    first = desk.comment(ana, "C'est bon ?", post_id=post)
    second = desk.comment(ana, "Alors ?", parent_id=first)

    outcome = desk.do(Comment, to=f"comment-{second}", text="Oui & <b>très</b>")

    remote_id = outcome.receipt.remote_id.removeprefix("comment-")
    answer = desk.site.ask("GET", f"/comments/{remote_id}/")["comments"][0]
    assert (answer["parent_id"], answer["in_reply_to_id"]) == (first, second)
    assert (answer["member"]["name"], answer["html"]) == ("Torréa", "<p>Oui &amp; &lt;b&gt;très&lt;/b&gt;</p>")
    assert desk.plan(Comment, to=f"comment-{first}", text="Oui").recipients == ("ana@example.org",)


@pytest.mark.parametrize(("member", "told"), [("", "names none"), ("o'brien@example.org", "no member o'brien")])
def test_nobody_comments(desk: Desk, member: str, told: str) -> None:
    """Without a member to comment as, nothing is planned, and a sentence tells what to do."""
    post = desk.do(Post, **WORDS).receipt.remote_id
    desk.connect(member=member)

    with pytest.raises(GiveUp, match=told):
        desk.plan(Comment, to=post, text="Oui")


@pytest.mark.parametrize("status", ["published", "draft"])
def test_found(desk: Desk, status: str) -> None:
    """After a doubt a post is found by its mark, also when it was rewritten; another effect's twin is not it."""
    effect = desk.plan(Post, **WORDS, status=status)
    assert desk.reconcile(Post, effect) is None
    made = desk.perform(Post, effect).receipt.remote_id
    desk.change(made, title="Rewritten by hand")

    found = desk.reconcile(Post, effect)

    assert isinstance(found, Done)
    assert found.receipt.remote_id == made
    desk.made.add(made)
    assert desk.reconcile(Post, effect) is None


def test_copy(desk: Desk) -> None:
    """A post that somebody copied on the site is still found as the first."""
    effect = desk.plan(Post, **WORDS)
    made = desk.perform(Post, effect).receipt.remote_id
    desk.site.ask("POST", f"/posts/{made}/copy/")

    found = desk.reconcile(Post, effect)

    assert isinstance(found, Done)
    assert found.receipt.remote_id == made


def test_other_template(desk: Desk) -> None:
    """A post with the same title that has lost its mark may be it: a person decides."""
    effect = desk.plan(Post, **WORDS)
    made = desk.perform(Post, effect).receipt.remote_id
    desk.change(made, custom_template="custom-wide")

    found = desk.reconcile(Post, effect)

    assert isinstance(found, Unknown)
    assert f"Post {made} has the same title" in found.reason


def test_comment_found(desk: Desk) -> None:
    """After a doubt a comment is found by what it says in the same place."""
    post = desk.do(Post, **WORDS).receipt.remote_id
    question = desk.comment(desk.join("ana@example.org"), "C'est bon ?", post_id=post)
    for to in (post, f"comment-{question}"):
        effect = desk.plan(Comment, to=to, text="Merci à <tous>")

        assert desk.reconcile(Comment, effect) is None
        made = desk.perform(Comment, effect).receipt.remote_id
        found = desk.reconcile(Comment, effect)
        assert isinstance(found, Done)
        assert found.receipt.remote_id == made
        desk.made.add(made)
        assert desk.reconcile(Comment, effect) is None


def test_change_found(desk: Desk, tmp_path: Path) -> None:
    """After a doubt a look tells whether a post says by now what it was changed to; of an image nobody can tell."""
    post = desk.do(Post, **WORDS, status="draft").receipt.remote_id
    effect = desk.plan(Edit, post=post, text="Autre chose", status="published", tags=["Café"])

    assert desk.reconcile(Edit, effect) is None
    desk.perform(Edit, effect)
    assert isinstance(desk.reconcile(Edit, effect), Done)
    (tmp_path / "a.png").write_bytes(image())
    assert isinstance(desk.reconcile(Edit, desk.plan(Edit, post=post, media=[{"file": "a.png"}])), Unknown)


class Rival(Forwarding):
    """A door at which somebody else changes a post just before our change of it comes through."""

    def __init__(self, desk: Desk, post: str) -> None:
        super().__init__(desk.site.url)
        self.desk, self.post = desk, post

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "PUT":
            before, number = self.desk.post(self.post)["updated_at"], 0
            while self.desk.post(self.post)["updated_at"] == before:  # Ghost counts in seconds
                number += 1
                self.desk.change(self.post, title=f"Theirs {number}")
        await super().__call__(scope, receive, send)


def test_collision(desk: Desk) -> None:
    """What somebody else changes between our look and our change is theirs: nothing is done, and a sentence says so."""
    post = desk.do(Post, **WORDS).receipt.remote_id
    with Served(Rival(desk, post)) as door:
        desk.connect(site=door.url)

        outcome = desk.do(Edit, post=post, title="Ours")

    assert isinstance(outcome, Rejected)
    assert "Somebody else changed the post" in outcome.reason
    assert desk.post(post)["title"].startswith("Theirs")


@pytest.mark.parametrize("status", ["published", "draft"])
def test_delete_and_back(desk: Desk, status: str) -> None:
    """What is deleted is gone, and undoing makes it anew, as what it was and where it was, and only once."""
    made = desk.do(Post, **WORDS, status=status, slug="cafe", tags=["Café", "#hidden"], excerpt="Bref").receipt
    was = desk.post(made.remote_id)
    effect = desk.plan(Delete, post=made.remote_id)
    assert desk.reconcile(Delete, effect) is None
    deleted = desk.perform(Delete, effect)
    assert desk.posts() == []
    assert isinstance(desk.reconcile(Delete, effect), Done)

    desk.clock.advance(timedelta(minutes=1))
    inverse = Delete().undo(effect, deleted.receipt, desk.reading)
    assert inverse
    again = desk.perform(Post, inverse)
    assert isinstance(again, Done)
    found = desk.reconcile(Post, inverse)
    assert isinstance(found, Done)
    assert found.receipt.remote_id == again.receipt.remote_id
    post = desk.post(again.receipt.remote_id)
    lasting = ("title", "html", "slug", "custom_excerpt", "published_at")
    assert {part: was[part] for part in lasting} == {part: post[part] for part in lasting}
    assert (post["status"], [tag["name"] for tag in post["tags"]]) == (status, ["Café", "#hidden"])


def test_scheduled_comes_back_as_draft(desk: Desk) -> None:
    """What was waiting for its time when it was deleted comes back as a draft: its time may have gone by."""
    at = (desk.clock.now() + timedelta(days=1)).isoformat()
    effect = desk.plan(Delete, post=desk.do(Post, **WORDS, at=at).receipt.remote_id)
    deleted = desk.perform(Delete, effect)

    inverse = Delete().undo(effect, deleted.receipt, desk.reading)

    assert inverse
    assert desk.perform(Post, inverse).receipt.data["status"] == "draft"


def test_undo_of_a_post(desk: Desk) -> None:
    """Undoing a post deletes it."""
    effect = desk.plan(Post, **WORDS)
    receipt = desk.perform(Post, effect).receipt

    inverse = Post().undo(effect, receipt, desk.reading)

    assert inverse
    assert (inverse.action, inverse.payload) == ("post.delete", {"post": receipt.remote_id})


@pytest.mark.parametrize(
    "key", [f"{'a1' * 12}:{'b2' * 32}", "{id}:" + "b2" * 32, "{id}", "{id}:secret", "a1b2c3d4e5f6a7b8c9d0e1f2a3"]
)
def test_wrong_key(desk: Desk, key: str) -> None:
    """A key that is wrong, unknown there, or none at all waits for a person, and is not in the sentence."""
    effect = desk.plan(Post, **WORDS)
    written = key.format(id=desk.site.key.partition(":")[0])
    desk.connect(key=written)

    outcome = desk.perform(Post, effect)

    assert isinstance(outcome, AuthDead)
    assert "Copy the Admin API key" in outcome.reason
    assert written not in outcome.reason


def test_wrong_clock(desk: Desk) -> None:
    """A clock that is behind is told as that, since no key would help."""
    effect = desk.plan(Post, **WORDS)
    desk.clock.set(desk.clock.now() - timedelta(minutes=12))

    outcome = desk.perform(Post, effect)

    assert isinstance(outcome, AuthDead)
    assert "The clock of this machine is 12 minutes behind the site's: set it right." in outcome.reason


def test_refused(desk: Desk) -> None:
    """A post that is not there cannot be changed, nor answered, nor deleted; a refusal is told in Ghost's words."""
    assert isinstance(desk.do(Edit, post=NOWHERE, text="x"), Rejected)
    assert isinstance(desk.do(Comment, to=NOWHERE, text="x"), Rejected)
    assert isinstance(desk.do(Delete, post=NOWHERE), Rejected)
    with pytest.raises(GiveUp, match=f"no comment-{NOWHERE}"):
        desk.plan(Comment, to=f"comment-{NOWHERE}", text="x")
    assert isinstance(desk.do(EditPost, post=f"comment-{NOWHERE}", text="x"), Rejected)
    refused = desk.do(Post, **WORDS, canonical="not an address")
    assert isinstance(refused, Rejected)
    assert "Validation failed for canonical_url" in refused.reason
    assert desk.posts() == []


def test_longest(desk: Desk, tmp_path: Path) -> None:
    """The real Ghost takes what is as long as our limits, whatever its letters."""
    (tmp_path / "a.png").write_bytes(image())
    long = {"title": "☕" * 255, "excerpt": "é" * 300, "slug": "x" * 191, "tags": ["🥐" * 191]}

    outcome = desk.do(Post, **{**WORDS, **long}, media=[{"file": "a.png", "alt": "日" * 191}])

    assert isinstance(outcome, Done)
    assert desk.post(outcome.receipt.remote_id)["title"] == long["title"]


def test_same_words_twice(desk: Desk) -> None:
    """Two effects with the same words are two posts."""
    for event in ("e-1", "e-2"):
        desk.here = replace(desk.here, event=event)
        desk.do(Post, **WORDS)

    assert len(desk.posts()) == 2
