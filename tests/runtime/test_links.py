"""Links that prove who was asked."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.errors import SetupError, Untrusted
from antiphon.runtime.keys import GivenKeys, KeyFile
from antiphon.runtime.links import Link, Links
from antiphon.runtime.sealing import new_key
from antiphon.testing.clock import VirtualClock

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = new_key()
LINK = Link("a1", "Zoë “the client”", "ana", NINE + timedelta(hours=48))


def links(key: str = KEY) -> Links:
    return Links(GivenKeys(key), VirtualClock(NINE))


def test_back() -> None:
    """A token gives back what it was made of, and fits into an address."""
    token = links().token(LINK)
    assert LINK == links().read(token)
    assert token.replace(".", "").replace("-", "").replace("_", "").isalnum()


@given(st.data())
def test_tampered(data: st.DataObject) -> None:
    """Whatever is changed in a token, it is refused."""
    token = links().token(LINK)
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters())
    changed = data.draw(
        st.sampled_from(
            [token[:at] + letter + token[at + 1 :], token[:at], token[:at] + token[at + 1 :], token + letter]
        )
    )
    if changed != token:
        with pytest.raises(Untrusted, match="not one of ours"):
            links().read(changed)


@given(st.text(max_size=3000))
def test_strange(token: str) -> None:
    """Nothing that is not ours is read."""
    with pytest.raises(Untrusted):
        links().read(token)


def test_forged() -> None:
    """Another name under the same signature, or a signature under another key, is refused."""
    content, _, signature = links().token(LINK).partition(".")
    told = json.loads(base64.urlsafe_b64decode(content + "=="))
    told[1] = "ana"
    other = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    for forged in (f"{other}.{signature}", links(new_key()).token(LINK), f"{content}.", f".{signature}", ""):
        with pytest.raises(Untrusted, match="not one of ours"):
            links().read(forged)


def test_expires() -> None:
    """A link is good until its time, and not at it."""
    clock = VirtualClock(LINK.until - timedelta(seconds=1))
    ours = Links(GivenKeys(KEY), clock)
    token = ours.token(LINK)
    assert LINK == ours.read(token)
    clock.advance(timedelta(seconds=1))
    with pytest.raises(Untrusted, match="expired at 2026-03-04 09:00 UTC"):
        ours.read(token)


def test_rotation() -> None:
    """A link lives as long as the key it was made under is still among the keys."""
    token, newer = links().token(LINK), new_key()
    assert LINK == links(f"{newer} {KEY}").read(token)
    with pytest.raises(Untrusted):
        links(newer).read(token)


def test_key(tmp_path: Path) -> None:
    """The first link makes the workspace's key, readable by its owner only; a key of the operator's must be there."""
    file = tmp_path / ".antiphon" / "key"
    ours = Links(KeyFile(file, ours=True), VirtualClock(NINE))
    with pytest.raises(Untrusted):
        ours.read("a.b")
    assert not file.exists(), "reading makes none"
    assert LINK == ours.read(ours.token(LINK))
    assert 0o600 == file.stat().st_mode & 0o777
    file.chmod(0o644)
    with pytest.raises(SetupError, match="can be read by others"):
        ours.token(LINK)
    with pytest.raises(SetupError, match="There is no key to sign links with"):
        links("").token(LINK)
