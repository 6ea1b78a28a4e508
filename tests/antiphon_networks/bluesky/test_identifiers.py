from __future__ import annotations

import hashlib
import os
import re
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_networks.bluesky.identifiers import (
    Uri,
    is_did,
    is_handle,
    is_nsid,
    is_record_key,
    is_tid,
    moment,
    post_uri,
    tid_of,
    written,
)

SHARED = Path(os.environ.get("ANTIPHON_SHARED") or Path(__file__).parents[4] / "shared")
VECTORS = SHARED / "counterparts" / "conformance" / "atproto_interop.tar.xz"
POST = "at://did:plc:ana/app.bsky.feed.post/3jzfcijpj2z2a"


def is_uri(text: str) -> bool:
    try:
        Uri.read(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "accepts"),
    [
        ("handle", is_handle),
        ("did", is_did),
        ("tid", is_tid),
        ("nsid", is_nsid),
        ("recordkey", is_record_key),
        ("aturi", is_uri),
        ("atidentifier", lambda text: is_did(text) or is_handle(text)),
    ],
)
@pytest.mark.parametrize("verdict", ["valid", "invalid"])
def test_interoperability(kind: str, accepts: Callable[[str], bool], verdict: str) -> None:
    """The protocol's own examples of what is, and what is not, such a name."""
    lines = vectors(f"{kind}_syntax_{verdict}.txt")

    assert [] == [line for line in lines if accepts(line) is not (verdict == "valid")]


def test_moments() -> None:
    """Every time that the protocol allows is read."""
    assert [] == [line for line in vectors("datetime_syntax_valid.txt") if not isinstance(moment(line), datetime)]


def vectors(name: str) -> list[str]:
    if not VECTORS.exists():
        pytest.skip("ANTIPHON_SHARED does not name a folder with the AT Protocol's interoperability files")
    with tarfile.open(VECTORS) as archive:
        found = next(member for member in archive if member.name.endswith(f"/syntax/{name}"))
        content = archive.extractfile(found)
        assert content is not None
        lines = content.read().decode().split("\n")
    return [line for line in lines if line and not line.startswith("# ") and line != "#"]


@given(st.binary(max_size=20))
def test_keys(act: bytes) -> None:
    """An act has one key, which no clock of the network has ever given."""
    key = tid_of(hashlib.sha256(act).hexdigest())

    assert is_tid(key)
    assert key == tid_of(hashlib.sha256(act).hexdigest())
    assert "2x" < key < "3k", "between 2010 and 2020"


def test_keys_differ() -> None:
    """Many acts have many keys."""
    assert 20_000 == len({tid_of(hashlib.sha256(str(number).encode()).hexdigest()) for number in range(20_000)})


@pytest.mark.parametrize(
    "text",
    [
        POST,
        f" {POST} ",
        "https://bsky.app/profile/did:plc:ana/post/3jzfcijpj2z2a",
        "https://bsky.app/profile/did:plc:ana/post/3jzfcijpj2z2a?ref_src=embed#x",
    ],
)
def test_post(text: str) -> None:
    """A post is named by its address, or by the page that shows it."""
    assert POST == str(post_uri(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3jzfcijpj2z2a",
        "at://did:plc:ana",
        "https://example.org/profile/ana.test/post/1",
        "at://ana/app.bsky.feed.post/1",
    ],
)
def test_no_post(text: str) -> None:
    """What is no address of a post is told so."""
    with pytest.raises(ValueError, match="is not"):
        post_uri(text)


def test_page() -> None:
    """A post can be read on a page."""
    assert "https://bsky.app/profile/did:plc:ana/post/3jzfcijpj2z2a" == Uri.read(POST).page


def test_written() -> None:
    """A time is written in UTC with milliseconds, and read back."""
    now = datetime(2026, 3, 2, 9, 0, 0, 123_000, UTC)

    assert "2026-03-02T09:00:00.123Z" == written(now)
    assert now == moment(written(now))
    assert re.fullmatch(r"[\dT:.Z-]{24}", written(datetime(2026, 3, 2, tzinfo=UTC)))
