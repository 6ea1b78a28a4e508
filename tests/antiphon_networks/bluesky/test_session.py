from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.servers.bluesky.server import expired

from antiphon import AccessLost, RetryLater
from antiphon.model.effect import AuthDead, Disconnected, Done, RateLimited, Rejected
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import FaultKind
from antiphon_networks.bluesky.publishing import Post

if TYPE_CHECKING:
    from tests.antiphon_networks.bluesky.conftest import SkyDesk

pytestmark = pytest.mark.networks

SIGN_IN, REFRESH, WHO, PUT = "createSession", "refreshSession", "getSession", "putRecord"


def post(sky: SkyDesk, text: str = "Bonjour") -> Any:
    return sky.perform(Post, sky.plan(Post, text=text))


def test_one_sign_in(sky: SkyDesk) -> None:
    """A session is opened when it is first needed, and kept."""
    sky.connect()

    for event in ("e-1", "e-2"):
        sky.here = replace(sky.here, event=event)
        assert isinstance(post(sky), Done)

    assert [SIGN_IN, WHO, PUT, PUT] == sky.called


def test_expired(sky: SkyDesk) -> None:
    """A token whose time is over is renewed, and the act is done once."""
    sky.wear(expired(sky.token().access))

    assert isinstance(post(sky), Done)
    assert [WHO, REFRESH, WHO, PUT] == sky.called
    assert ["Bonjour"] == sky.published()


def test_expired_in_many_threads(sky: SkyDesk) -> None:
    """Of several threads that find the token expired, one renews it."""
    sky.wear(expired(sky.token().access))
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(sky.connector.reader().account()["handle"])) for _ in range(6)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [sky.account.handle] * 6 == found
    assert 1 == sky.called.count(REFRESH)


def test_strange_tokens(sky: SkyDesk) -> None:
    """Tokens that the server does not know any more lead to a new sign-in."""
    sky.wear("not-a-token", "nor-is-this")

    assert isinstance(post(sky), Done)
    assert [WHO, REFRESH, SIGN_IN, WHO, PUT] == sky.called


def test_wrong_app_password(sky: SkyDesk) -> None:
    """A wrong app password is told with what to do about it, and is not tried again and again."""
    sky.connect(app_password="aaaa-bbbb-cccc-dddd")

    for _ in range(3):
        with pytest.raises(AccessLost, match=r"Invalid identifier or password.*make a new app password"):
            sky.connector.check()
    assert [SIGN_IN] == sky.called

    sky.clock.sleep(300)
    with pytest.raises(AccessLost):
        sky.connector.check()
    assert [SIGN_IN, SIGN_IN] == sky.called


def test_revoked(sky: SkyDesk) -> None:
    """A revoked app password is noticed when the token's time is over; the act waits for a person."""
    sky.as_(sky.network.account("leaver"))
    assert isinstance(post(sky), Done)
    sky.network.revoke(sky.account)
    sky.wear(expired(sky.token().access))
    sky.here = replace(sky.here, event="e-2")

    outcome = post(sky, "Encore")

    assert isinstance(outcome, AuthDead)
    assert outcome.reason.startswith(f"{sky.account.handle} is not let in")
    assert ["Bonjour"] == sky.published()


def test_taken_down(sky: SkyDesk) -> None:
    """An account that is shut out is told so in its session; at the door its app password is as good as none."""
    sky.as_(sky.network.account("spammer"))
    assert sky.connector.check()
    sky.network.take_down(sky.account)

    outcome = post(sky)

    assert isinstance(outcome, AuthDead)
    assert outcome.reason.startswith(f"{sky.account.handle} is not let in")
    sky.connect()
    with pytest.raises(AccessLost, match="is not let in"):
        sky.connector.check()


def test_moved_handle(sky: SkyDesk) -> None:
    """A handle that was changed ends no session; a new one needs the new handle, or the DID, and is told so."""
    sky.as_(sky.network.account("before"))
    assert sky.connector.check().startswith(f"@{sky.account.handle} (did:plc:")
    new = sky.account.handle.replace("before", "after")
    sky.network.rename(sky.account, new)

    assert isinstance(post(sky), Done)
    assert sky.connector.check().startswith(f"@{new} (")
    sky.connect()
    with pytest.raises(AccessLost, match=r"`handle` of the connection, which may have been changed"):
        sky.connector.check()
    sky.connect(handle=sky.account.did)
    assert sky.connector.check().startswith(f"@{new} (")


def test_rate_limited(sky: SkyDesk) -> None:
    """After too many sign-ins an act is held until the server has said; it tells the moment, and no Retry-After."""
    sky.clock = VirtualClock(datetime.now(UTC))
    handle = sky.network.free_handle("hasty")
    asked = {"identifier": handle, "password": "aaaa-bbbb-cccc-dddd"}
    with ThreadPoolExecutor(16) as crowd:
        for _ in range(31):
            crowd.submit(sky.network.client.post, "com.atproto.server.createSession", json=asked)
    sky.as_(sky.network.join(handle))
    effect = sky.plan(Post, text="Bonjour")

    held = sky.perform(Post, effect)
    assert isinstance(held, RateLimited)
    assert timedelta(0) < held.until - sky.clock.now() <= timedelta(minutes=5)
    with pytest.raises(RetryLater, match="asks us to come back later"):
        sky.connector.check()


@pytest.mark.parametrize(
    ("kind", "expected", "told"),
    [
        (FaultKind.TRUNCATED_JSON, Disconnected, "did not finish its answer to our sign-in"),
        (FaultKind.HTML_INSTEAD_OF_JSON, Rejected, "not as a server of the AT Protocol does."),
        (FaultKind.OK_WITH_ERROR, Disconnected, "did not finish its answer to our sign-in"),
        (FaultKind.SERVER_ERROR, Disconnected, "answered 503"),
        (FaultKind.ACCEPT_THEN_RESET, Disconnected, "broke the connection off"),
    ],
)
def test_broken_sign_in(
    sky: SkyDesk, kind: FaultKind, expected: type[Disconnected] | type[Rejected], told: str
) -> None:
    """A sign-in that breaks says how; what was to be done with it was surely not done."""
    sky.connect()
    sky.fail("com.atproto.server.createSession", kind)

    outcome = post(sky)

    assert isinstance(outcome, expected)
    assert told in outcome.reason
    assert "eyJ" not in outcome.reason
    assert [] == sky.published()


def test_nothing_is_told(sky: SkyDesk, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the app password nor a token stands in a log, or in what an object says of itself."""
    with caplog.at_level(logging.DEBUG):
        sky.connect()
        post(sky)
        sky.wear(expired(sky.token().access))
        sky.connector.check()
    session = sky.connector._session

    told = caplog.text + repr([session, sky.token(), sky.connector.options, vars(sky.connector.options)])
    assert "eyJ" not in told
    assert sky.account.app_password not in told
