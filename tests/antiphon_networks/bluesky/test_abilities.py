from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from antiphon import Ability, Disconnected, Done, GiveUp, Rejected
from antiphon.builtins import posts
from antiphon.runtime.files import WorkspaceFiles
from antiphon.testing.sandbox import FaultKind
from antiphon_networks.bluesky.connector import Bluesky
from antiphon_networks.bluesky.publishing import Post, Reply

if TYPE_CHECKING:
    from tests.antiphon_networks.bluesky.conftest import SkyDesk

LONG = "\n\n".join(f"{number}. {'Un café sans hâte. ' * 12}" for number in range(1, 5))


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(width: int, height: int) -> bytes:
    """A grey image: servers look into what they are given."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + _chunk(b"IDAT", zlib.compress(bytes((width + 1) * height)))
        + _chunk(b"IEND", b"")
    )


IMAGE = png(108, 135)


def thread(sky: SkyDesk) -> list[str]:
    """The texts of the account's posts, each behind the one that it answers."""
    records = sky.network.records(sky.account)
    below = {record["value"].get("reply", {}).get("parent", {}).get("uri", ""): record for record in records}
    texts, last = [], ""
    while record := below.get(last):
        texts.append(record["value"]["text"])
        last = record["uri"]
    assert len(texts) == len(records)
    return texts


def test_abilities() -> None:
    """What Bluesky can do; it has no edit, and messages and profiles are not brought yet."""
    lacking = {Ability.EDIT, Ability.MESSAGE, Ability.PROFILE}

    assert set(Ability) - lacking == set(Bluesky.abilities())


@pytest.mark.networks
@pytest.mark.parametrize(
    ("generic", "narrowed", "options"),
    [
        (posts.PublishPost, Post, {}),
        (
            posts.ReplyToPost,
            Reply,
            {"to": {"network": "bluesky", "id": "at://did:plc:a/app.bsky.feed.post/1", "cid": "c"}},
        ),
    ],
)
def test_narrowed(sky: SkyDesk, generic: Any, narrowed: Any, options: dict[str, Any]) -> None:
    """The network's own action does the same as the one for any network, where its own options are not used."""
    broad = sky.plan(generic, text="Bonjour", language="fr", **options)
    narrow = sky.plan(narrowed, text="Bonjour", language="fr", **options)

    assert narrow == broad.model_copy(update={"action": narrowed.name})


@pytest.mark.networks
def test_facets(sky: SkyDesk) -> None:
    """The server takes what was marked, and mentions lead to whom they name."""
    text = f"👩‍👩‍👧 مرحبا @{sky.account.handle} #café https://example.org/é?a=b"
    effect = sky.plan(posts.PublishPost, text=text)

    assert isinstance(sky.perform(posts.PublishPost, effect), Done)
    (record,) = sky.network.records(sky.account)
    features = [facet["features"][0] for facet in record["value"]["facets"]]
    assert [sky.account.did, "café", "https://example.org/é?a=b"] == [
        one.get("did") or one.get("tag") or one.get("uri") for one in features
    ]
    assert (sky.account.handle,) == effect.recipients


@pytest.mark.networks
def test_thread(sky: SkyDesk) -> None:
    """A long text becomes a thread, each part below the one before."""
    effect = sky.plan(posts.PublishThread, text=LONG)

    assert isinstance(sky.perform(posts.PublishThread, effect), Done)
    texts = thread(sky)
    assert len(effect.payload["parts"]) == len(texts) >= 4
    assert LONG.split() == " ".join(text.rpartition(" ")[0] for text in texts).split()
    roots = {
        record["value"]["reply"]["root"]["uri"]
        for record in sky.network.records(sky.account)
        if "reply" in record["value"]
    }
    assert 1 == len(roots)


@pytest.mark.networks
@pytest.mark.parametrize("kind", [FaultKind.ACCEPT_THEN_RESET, FaultKind.SERVER_ERROR])
def test_broken_thread(sky: SkyDesk, kind: FaultKind) -> None:
    """A thread that broke off goes on where it stood: no part is lost, and none is there twice."""
    effect = sky.plan(posts.PublishThread, text=LONG)
    sky.perform(posts.PublishThread, effect.model_copy(update={"payload": {"parts": effect.payload["parts"][:1]}}))
    sky.fail("com.atproto.repo.putRecord", kind)
    assert not isinstance(sky.perform(posts.PublishThread, effect), Done)

    assert sky.reconcile(posts.PublishThread, effect) is None
    assert isinstance(sky.perform(posts.PublishThread, effect), Done)
    assert len(effect.payload["parts"]) == len(thread(sky))


@pytest.fixture
def files(sky: SkyDesk, tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "roast.png").write_bytes(IMAGE)
    (folder / "page.png").write_bytes(b"<html>not an image</html>")
    (folder / "huge.png").write_bytes(IMAGE + bytes(2_000_000))
    (folder / "large.png").write_bytes(IMAGE + bytes(1_500_000))
    sky.files = WorkspaceFiles(folder)
    return folder


@pytest.mark.networks
def test_images(sky: SkyDesk, files: Path) -> None:
    """Images go with a post, each with its alt text and its shape; beside a quote too."""
    quoted = sky.network.post(sky.account, "Avant")["uri"]
    media = [{"file": "roast.png", "alt": "Un sachet"}, {"file": "roast.png"}]
    effect = sky.plan(Post, media=media, quote=quoted)

    assert isinstance(sky.perform(Post, effect), Done)
    assert isinstance(sky.reconcile(Post, effect), Done)
    (embed,) = [one["value"]["embed"] for one in sky.network.records(sky.account) if "embed" in one["value"]]
    images = embed["media"]["images"]
    assert ["Un sachet", ""] == [image["alt"] for image in images]
    assert [{"width": 108, "height": 135}] * 2 == [image["aspectRatio"] for image in images]
    assert ["image/png", len(IMAGE)] == [images[0]["image"][name] for name in ("mimeType", "size")]
    assert quoted == embed["record"]["record"]["uri"]


@pytest.mark.networks
@pytest.mark.parametrize(
    ("media", "sentence"),
    [
        ([{"file": "roast.png"}] * 5, "There are 5 attachments; Bluesky takes 4"),
        ([{"file": "page.png"}], "page.png: it is text/html"),
        ([{"file": "huge.png"}], "bytes, and 2,000,000 are the most"),
    ],
)
def test_images_refused(sky: SkyDesk, files: Path, media: Any, sentence: str) -> None:
    """What the network would not take is refused in the plan, with the count and the limit."""
    with pytest.raises(GiveUp, match=sentence):
        sky.plan(posts.PublishPost, text="Bonjour", media=media)
    assert [] == sky.called


@pytest.mark.networks
def test_server_behind(sky: SkyDesk, files: Path) -> None:
    """A server that holds to an older limit says so itself, and nothing is published."""
    effect = sky.plan(posts.PublishPost, text="Bonjour", media=[{"file": "large.png"}])

    outcome = sky.perform(posts.PublishPost, effect)

    assert isinstance(outcome, Rejected)
    assert f"blob too big (maximum 1000000, got {1_500_000 + len(IMAGE)})" in outcome.reason
    assert [] == sky.published()


@pytest.mark.networks
def test_broken_upload(sky: SkyDesk, files: Path) -> None:
    """When an image does not arrive the post is not sent, for certain; afterwards both go out once."""
    effect = sky.plan(posts.PublishPost, text="Bonjour", media=[{"file": "roast.png", "alt": "Un sachet"}])
    sky.fail("com.atproto.repo.uploadBlob", FaultKind.ACCEPT_THEN_RESET)

    assert isinstance(sky.perform(posts.PublishPost, effect), Disconnected)
    assert [] == sky.published()
    assert isinstance(sky.perform(posts.PublishPost, effect), Done)
    assert (["Bonjour"], 2) == (sky.published(), sky.called.count("uploadBlob"))


@pytest.mark.networks
def test_nothing_to_say(sky: SkyDesk) -> None:
    """An empty text is refused in the plan."""
    with pytest.raises(GiveUp, match="nothing to post"):
        sky.plan(posts.PublishPost, text="  \n")
