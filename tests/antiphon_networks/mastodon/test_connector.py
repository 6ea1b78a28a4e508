from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from antiphon import GiveUp
from antiphon_networks.mastodon.abilities import Reader, Writer
from antiphon_networks.mastodon.client import MastodonWriter
from antiphon_networks.mastodon.connector import MastodonOptions

if TYPE_CHECKING:
    from tests.antiphon_networks.conftest import Desk


def test_check(desk: Desk) -> None:
    """A check says who we are."""
    assert desk.connector.check() == "@torrea@sandbox.example, 1,204 followers"


def test_dead_token(desk: Desk) -> None:
    """A check with a dead token says what to do."""
    desk.network.revoke(desk.account.token)
    with pytest.raises(GiveUp, match=r"The access token is invalid Renew the token\."):
        desk.connector.check()


def test_reader_cannot_write(desk: Desk) -> None:
    """The reader has no method that writes."""
    writing = {name for name in dir(Writer) if not name.startswith("_")} - set(dir(Reader))
    assert writing == {
        *("publish", "find_published", "edit", "find_edited", "delete", "find_deleted", "message", "find_message"),
        *("set_profile", "find_profile", "present", "post", "change", "delete_status", "send_file", "upload"),
        *("boost", "unboost", "favourite", "unfavourite"),
    }
    assert not isinstance(desk.connector.reader(), MastodonWriter)


@pytest.mark.parametrize(
    ("written", "server"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" https://mastodon.social/@torrea?x ", "https://mastodon.social"),
        ("https://mastodon.social:8443/", "https://mastodon.social:8443"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_server(written: str, server: str) -> None:
    """A server is understood the way people write it."""
    assert MastodonOptions.model_validate({"server": written, "token": "t"}).server == server


@pytest.mark.parametrize(
    "written",
    ["", "http://mastodon.social", "ftp://mastodon.social", "https://", "https://me:pw@mastodon.social", 7, "a b"],
)
def test_wrong_server(written: object) -> None:
    """What is not a server, or would send the token in the clear, is refused."""
    with pytest.raises(ValidationError):
        MastodonOptions.model_validate({"server": written, "token": "t"})


@pytest.mark.parametrize("token", ["", "  ", "a b", "a\nb", "é"])
def test_wrong_token(token: str) -> None:
    """What cannot be a token is refused, and not shown."""
    with pytest.raises(ValidationError) as refusal:
        MastodonOptions.model_validate({"server": "mastodon.social", "token": token})
    assert not token.strip() or repr(token) not in str(refusal.value)


def test_token_is_not_shown(desk: Desk) -> None:
    """The token appears in no representation of a connection."""
    assert desk.account.token not in repr(desk.connector.options)
