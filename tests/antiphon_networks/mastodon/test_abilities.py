"""What is written against capabilities works on Mastodon, the first network that has them all but a few."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from antiphon import Ability, Done, GiveUp, Page, Rejected
from antiphon.builtins import posts
from antiphon.runtime.files import WorkspaceFiles
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon_networks.feeds.connector import Feeds
from antiphon_networks.mastodon.connector import Mastodon
from antiphon_networks.mastodon.publishing import Post, Reply

if TYPE_CHECKING:
    from tests.antiphon_networks.conftest import Desk


def heard(desk: Desk, source: Any, cursor: str | None = None, **options: Any) -> list[str]:
    """The texts that a source gives."""
    page = source().fetch(source.Options(**options), desk.connector.reader(), cursor)
    assert isinstance(page, Page)
    return [event.data["text"] for event in page.events]


def test_abilities() -> None:
    """What a network can do is told by its clients, without opening anything."""
    assert set(Ability) == set(Mastodon.abilities())
    assert () == Feeds.abilities()


@pytest.mark.parametrize(
    ("generic", "narrowed", "options"),
    [(posts.PublishPost, Post, {}), (posts.ReplyToPost, Reply, {"to": {"network": "mastodon", "id": "7"}})],
)
def test_narrowed(desk: Desk, generic: Any, narrowed: Any, options: dict[str, Any]) -> None:
    """A network's own action does the same as the one for any network, where its own options are not used."""
    broad = desk.plan(generic, text="Bonjour", language="fr", **options)
    narrow = desk.plan(narrowed, text="Bonjour", language="fr", **options)

    assert narrow == broad.model_copy(update={"action": narrowed.name})


def test_publish(desk: Desk) -> None:
    """A post is published, found again when its answer was lost, and deleted by what undoes it."""
    desk.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ACCEPT_THEN_RESET))
    effect = desk.plan(posts.PublishPost, text="Bonjour")
    desk.perform(posts.PublishPost, effect)
    found = desk.reconcile(posts.PublishPost, effect)
    assert isinstance(found, Done)

    undone = posts.PublishPost().undo(effect, found.receipt, desk.reading)

    assert undone is not None
    assert "post.delete" == undone.action
    assert isinstance(desk.perform(posts.DeletePost, undone), Done)
    assert [] == desk.published()
    assert isinstance(desk.reconcile(posts.DeletePost, undone), Done)


def test_edit(desk: Desk) -> None:
    """A post says something else afterwards; before, a look says that it does not yet."""
    status = desk.network.post("torrea", "Bonjour")
    effect = desk.plan(posts.EditPost, post=status.id, text="Bonsoir", language="fr")
    assert desk.reconcile(posts.EditPost, effect) is None

    outcome = desk.perform(posts.EditPost, effect)

    assert isinstance(outcome, Done)
    assert ["Bonsoir"] == desk.published()
    assert isinstance(desk.reconcile(posts.EditPost, effect), Done)


def test_edit_of_others(desk: Desk) -> None:
    """Nobody changes what somebody else has said."""
    status = desk.network.post("ana", "Bonjour")

    outcome = desk.perform(posts.EditPost, desk.plan(posts.EditPost, post=status.id, text="Bonsoir"))

    assert isinstance(outcome, Rejected)


def test_message(desk: Desk) -> None:
    """A message names whom it goes to, and is read by nobody else."""
    desk.network.account("ana")
    effect = desk.plan(posts.SendMessage, to="@ana@sandbox.example", text="Votre commande est en route.")

    assert isinstance(desk.perform(posts.SendMessage, effect), Done)
    (status,) = desk.network.statuses(by="torrea")
    assert ("@ana@sandbox.example Votre commande est en route.", "direct") == (status.text, status.visibility)
    assert ("ana@sandbox.example",) == effect.recipients
    assert isinstance(desk.reconcile(posts.SendMessage, effect), Done)


def test_listening(desk: Desk) -> None:
    """Mentions, comments, our own posts and what a search finds are heard through the connection's network."""
    own = desk.network.post("torrea", "Nouvelle torréfaction")
    desk.network.post("ana", "@torrea bonjour")
    desk.network.post("ben", "@torrea où ?", in_reply_to=own)

    assert ["@torrea bonjour", "@torrea où ?"] == heard(desk, posts.Mentions)
    assert ["@torrea où ?"] == heard(desk, posts.Comments)
    assert ["Nouvelle torréfaction"] == heard(desk, posts.OwnPosts)
    assert ["Nouvelle torréfaction"] == heard(desk, posts.Search, q="torréfaction")


def test_metrics(desk: Desk) -> None:
    """The numbers of posts come by id; what is gone is left out, and what is not counted there is null."""
    own = desk.network.post("torrea", "Bonjour")
    options = posts.MetricsOptions(connection="brand", posts=(own.id, "404"))

    found = posts.PostMetrics().compute(options, desk.reading)

    assert {own.id} == set(found)
    assert (0, 0, None) == (found[own.id]["likes"], found[own.id]["replies"], found[own.id]["views"])


def test_event_from_elsewhere(desk: Desk) -> None:
    """What happened on another network cannot be answered, changed or deleted here."""
    for action, options in (
        (posts.ReplyToPost, {"text": "x", "to": {"network": "feed", "id": "1"}}),
        (posts.DeletePost, {"post": {"network": "feed", "id": "1"}}),
    ):
        with pytest.raises(GiveUp, match="not about a post on Mastodon"):
            desk.plan(action, **options)


LONG = " ".join(f"Phrase {number} de la torréfaction du jour." for number in range(40))


def thread(desk: Desk) -> list[str | None]:
    """The account's posts, each with the text of what it continues."""
    return [
        status.in_reply_to.text[:8] if status.in_reply_to else None for status in desk.network.statuses(by="torrea")
    ]


def test_thread(desk: Desk) -> None:
    """A long text is several posts, each below the one before; the receipt has them all."""
    effect = desk.plan(posts.PublishThread, text=LONG)

    outcome = desk.perform(posts.PublishThread, effect)

    assert isinstance(outcome, Done)
    texts = [status.text for status in desk.network.statuses(by="torrea")]
    assert len(texts) == len(outcome.receipt.data["parts"]) == len(effect.payload["parts"]) == 4
    assert LONG.split() == " ".join(text.rpartition(" ")[0] for text in texts).split()
    assert [None, *(text[:8] for text in texts[:-1])] == thread(desk)


@pytest.mark.parametrize("kind", [FaultKind.ACCEPT_THEN_RESET, FaultKind.SERVER_ERROR, FaultKind.RATE_LIMITED])
@pytest.mark.parametrize("part", [0, 1, 3])
def test_broken_thread(desk: Desk, kind: FaultKind, part: int) -> None:
    """A thread that broke off goes on where it stood: no part is lost, and none is there twice."""
    effect = desk.plan(posts.PublishThread, text=LONG)
    desk.network.faults.add(Fault("POST /api/v1/statuses", kind, after=part))
    first = desk.perform(posts.PublishThread, effect)
    assert not isinstance(first, Done)

    found = desk.reconcile(posts.PublishThread, effect)
    if not isinstance(found, Done):
        assert found is None
        assert isinstance(desk.perform(posts.PublishThread, effect), Done)

    assert len(effect.payload["parts"]) == len(desk.published()) == len(set(desk.published()))
    assert None not in thread(desk)[1:]


def test_short_thread(desk: Desk) -> None:
    """What fits into one post is one."""
    desk.perform(posts.PublishThread, desk.plan(posts.PublishThread, text="Bonjour"))

    assert ["Bonjour"] == desk.published()


IMAGE = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\0\4\x38\0\0\5\x46\x08\2\0\0\0"


@pytest.fixture
def files(desk: Desk, tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "roast.png").write_bytes(IMAGE)
    (folder / "page.png").write_bytes(b"<html>not an image</html>")
    desk.files = WorkspaceFiles(folder)
    return folder


def test_media(desk: Desk, files: Path) -> None:
    """A file goes with a post, once the network is done with it, and with its alt text."""
    desk.network.world.media_delay = 5
    effect = desk.plan(posts.PublishPost, text="Bonjour", media=[{"file": "roast.png", "alt": "Un sachet"}])

    assert isinstance(desk.perform(posts.PublishPost, effect), Done)
    (status,) = desk.network.statuses(by="torrea")
    assert [("roast.png", "image/png", "Un sachet", IMAGE)] == [
        (one.filename, one.mime_type, one.description, one.content) for one in status.media
    ]
    assert ["image", 1080, 1350] == [effect.payload["media"][0][name] for name in ("kind", "width", "height")]


def test_only_media(desk: Desk, files: Path) -> None:
    """An image needs no words."""
    effect = desk.plan(posts.PublishPost, media=[{"file": "roast.png"}])

    assert isinstance(desk.perform(posts.PublishPost, effect), Done)


@pytest.mark.parametrize(
    ("media", "sentence"),
    [
        ([{"file": "roast.png"}] * 5, "There are 5 attachments; sandbox.example takes 4"),
        ([{"file": "page.png"}], "page.png: it is text/html"),
        ([{"file": "roast.png", "alt": "x" * 1501}], "its alt text has 1,501 characters, and 1,500 are the most"),
        ([{"file": "gone.png"}], "gone.png cannot be read"),
    ],
)
def test_media_refused(desk: Desk, files: Path, media: Any, sentence: str) -> None:
    """What the server would not take is refused in the plan, with the count and the limit that the server tells."""
    with pytest.raises(GiveUp, match=sentence):
        desk.plan(posts.PublishPost, text="Bonjour", media=media)


def test_address(desk: Desk, tmp_path: Path) -> None:
    """What stands at an address is fetched, and goes with a post like a file."""
    desk.files = WorkspaceFiles(tmp_path, {"https://example.org/roast.png": IMAGE}.__getitem__)
    effect = desk.plan(posts.PublishPost, text="Bonjour", media=[{"url": "https://example.org/roast.png"}])

    assert isinstance(desk.perform(posts.PublishPost, effect), Done)
    assert [IMAGE] == [one.content for status in desk.network.statuses(by="torrea") for one in status.media]


def test_media_changed(desk: Desk, files: Path) -> None:
    """A file that is another one by now is not published."""
    effect = desk.plan(posts.PublishPost, text="Bonjour", media=[{"file": "roast.png"}])
    (files / "roast.png").write_bytes(IMAGE + b"x")

    with pytest.raises(GiveUp, match="not what it was when this was planned"):
        desk.perform(posts.PublishPost, effect)
    assert [] == desk.published()


def test_profile(desk: Desk, files: Path) -> None:
    """A profile says what was set, with its images; what was left out stays."""
    told = {"bio": "Torréfié le mardi.", "fields": {"Site": "https://torrea.example"}}
    effect = desk.plan(posts.SetProfile, **told, avatar={"file": "roast.png"})

    assert "Set bio and fields and avatar of brand on" in effect.summary
    assert isinstance(desk.perform(posts.SetProfile, effect), Done)
    account = desk.network.account("torrea")
    assert ("Torréa", "Torréfié le mardi.") == (account.name, account.note)
    assert ((("Site", "https://torrea.example"),), {"avatar": IMAGE}) == (account.fields, account.images)
    assert isinstance(desk.reconcile(posts.SetProfile, desk.plan(posts.SetProfile, **told)), Done)
    assert desk.reconcile(posts.SetProfile, desk.plan(posts.SetProfile, bio="Bonjour")) is None


def test_large_avatar(desk: Desk, files: Path) -> None:
    """An avatar of 10 MB is refused in the plan, with both numbers."""
    (files / "avatar.png").write_bytes(IMAGE + bytes(10 * 1024 * 1024))

    with pytest.raises(GiveUp, match=r"avatar\.png: it has 10,485,789 bytes, and 2,097,152 are the most"):
        desk.plan(posts.SetProfile, avatar={"file": "avatar.png"})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "x" * 31}, "The name has 31 characters; sandbox.example takes 30"),
        ({"bio": "x" * 501}, "The bio has 501 characters; sandbox.example takes 500"),
        ({"fields": {str(number): "x" for number in range(5)}}, "There are 5 fields; sandbox.example takes 4"),
        ({"avatar": {"file": "page.png"}}, "page.png is no image"),
    ],
)
def test_profile_refused(desk: Desk, files: Path, options: dict[str, Any], sentence: str) -> None:
    """A profile that the server would not take is refused in the plan."""
    with pytest.raises(GiveUp, match=sentence):
        desk.plan(posts.SetProfile, **options)


def test_profile_of_nothing() -> None:
    """A profile that changes nothing is no change."""
    with pytest.raises(ValueError, match="at least one of name, bio"):
        posts.SetProfile.Options(connection="brand")
