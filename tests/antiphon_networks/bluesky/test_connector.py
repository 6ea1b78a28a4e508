from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from antiphon import Draft, GiveUp, RetryLater
from antiphon.rehearsal.offline import OfflineHttp
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import FaultKind
from antiphon_networks.bluesky.abilities import Reader, Writer
from antiphon_networks.bluesky.connector import Bluesky, BlueskyOptions

if TYPE_CHECKING:
    from tests.antiphon_networks.bluesky.conftest import SkyDesk

GOOD = {"handle": "torrea.bsky.social", "app_password": "abcd-efgh-ijkl-mnop"}


@pytest.mark.networks
def test_check(sky: SkyDesk) -> None:
    """A check says who we are, and where."""
    server = sky.wire.url.removeprefix("http://")

    assert f"@{sky.account.handle} ({sky.account.did}) on {server}" == sky.connector.check()


def test_reader_cannot_write() -> None:
    """The reader has no method that writes."""
    writing = {name for name in dir(Writer) if not name.startswith("_")} - set(dir(Reader))

    looking = {"find_published", "find_deleted", "find_reaction", "find_withdrawn", "look"}
    naming = {"place", "reaction", "attempted", "gone"}
    doing = {"publish", "delete", "react", "withdraw", "upload", "create", "remove", "put", "drop", "send_blob"}
    assert looking | naming | doing == writing


@pytest.mark.parametrize(
    ("written", "handle"),
    [
        (" @Torrea.BSKY.social ", "torrea.bsky.social"),
        ("did:plc:z72i7hdynmk6r22z27h6tvur", "did:plc:z72i7hdynmk6r22z27h6tvur"),
        ("did:web:torrea.example", "did:web:torrea.example"),
    ],
)
def test_handle(written: str, handle: str) -> None:
    """A handle is understood the way people write it; a DID is as good."""
    assert handle == BlueskyOptions.model_validate({**GOOD, "handle": written}).handle


@pytest.mark.parametrize("written", ["", "torrea", "torrea@bsky.social", "torrea.bsky.social/x", 7, "-a.b", "a..b"])
def test_wrong_handle(written: object) -> None:
    """What is no handle is refused."""
    with pytest.raises(ValidationError, match="is no handle"):
        BlueskyOptions.model_validate({**GOOD, "handle": written})


@pytest.mark.parametrize("password", ["", "  ", "abcd efgh", "abcd-efgh\nijkl", "é"])
def test_wrong_app_password(password: str) -> None:
    """What can be no password is refused, and not shown."""
    with pytest.raises(ValidationError, match="this is no app password") as refusal:
        BlueskyOptions.model_validate({**GOOD, "app_password": password})
    assert not password.strip() or repr(password) not in str(refusal.value)


def test_server() -> None:
    """The server is Bluesky's own unless another is named, and never one that is spoken to in the clear."""
    assert "https://bsky.social" == BlueskyOptions.model_validate(GOOD).server
    assert "https://pds.example" == BlueskyOptions.model_validate({**GOOD, "server": "pds.example"}).server
    with pytest.raises(ValidationError, match="in the clear"):
        BlueskyOptions.model_validate({**GOOD, "server": "http://pds.example"})


@pytest.mark.networks
def test_no_index(sky: SkyDesk) -> None:
    """Without the network's index nothing can be heard: that is told, and tried again later."""
    with pytest.raises(RetryLater, match="Upstream service unreachable"):
        sky.connector.reader().mentions(None)


@pytest.mark.networks
def test_not_bluesky(sky: SkyDesk) -> None:
    """A server that is another one is told so."""
    sky.fail(
        "com.atproto.server.getSession",
        *(FaultKind.HTML_INSTEAD_OF_JSON, FaultKind.OK_WITH_ERROR, FaultKind.TRUNCATED_JSON),
    )

    with pytest.raises(GiveUp, match=r"something else than JSON: text/html.*Check the address"):
        sky.connector.check()
    with pytest.raises(GiveUp, match=r"not as Bluesky does: application/json.*Check the `server`"):
        sky.connector.check()
    with pytest.raises(RetryLater, match="broke off"):
        sky.connector.check()


def test_rehearsal(clock: VirtualClock) -> None:
    """What a post would say is known without the network, whoever it mentions."""
    http = OfflineHttp()
    offline = Bluesky("brand", BlueskyOptions.model_validate(GOOD), http, clock)
    http.answers.update(offline.documented())

    composed = offline.reader().compose(Draft(text="Merci @ana.bsky.social #café"))

    features = [facet["features"][0] for facet in composed.payload["facets"]]
    assert ["did:web:rehearsal.invalid", "café"] == [one.get("did") or one.get("tag") for one in features]
