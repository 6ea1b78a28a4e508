"""Others' accounts: what they say of themselves, what they post, and who follows whom, on networks that tell it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from pydantic import SecretStr
from tests.antiphon_networks.workbench import Listener

from antiphon import Account, GiveUp, ReadsAccounts, ReadsFollows
from antiphon.components.connector import Connector
from antiphon.components.http import Http
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.bluesky import connection as sky
from antiphon_networks.bluesky.connector import Bluesky
from antiphon_networks.mastodon.connector import Mastodon

Connect = Callable[[str], Connector]


@pytest.fixture
def connect(network: Sandbox, clock: VirtualClock, http: Http) -> Connect:
    """Connects an account of its own to the sandbox, as one network or the other."""

    def connected(name: str) -> Connector:
        account = network.account("torrea")
        if name == "mastodon":
            told: dict[str, Any] = {"server": network.url, "token": SecretStr(account.token)}
            return Mastodon("brand", Mastodon.Options.model_validate(told), http, clock)
        told = {**sky(network.url, account)}
        del told["connector"]
        return Bluesky("brand", Bluesky.Options.model_validate(told), http, clock)

    return connected


def reader(connector: Connector) -> Any:
    found = connector.reader()
    assert isinstance(found, ReadsAccounts) and isinstance(found, ReadsFollows)  # noqa: PT018
    return cast(Any, found)


def handle_of(name: str, network: str) -> str:
    return f"{name}@sandbox.example" if network == "mastodon" else f"{name}.sandbox.example"


@pytest.mark.parametrize("name", ["mastodon", "bluesky"])
def test_account(network: Sandbox, connect: Connect, name: str) -> None:
    """An account is told with its words and numbers; nobody is None, and has said nothing."""
    network.account("ana", name="Ana B.", note="Café & vélo <b>", followers=12_000)
    network.post("ana", "Bonjour")
    look = reader(connect(name))

    found = look.account_of(f"@{handle_of('ana', name)}")

    assert isinstance(found, Account)
    assert (name, "Ana B.", "Café & vélo <b>") == (found.person.network, found.person.name, found.bio)
    assert (12_000, 0, 1, False) == (found.followers, found.following, found.posts, found.pictured)
    assert found == look.account_of(found.person.id)
    assert look.account_of(handle_of("nobody", name)) is None
    assert [] == list(look.posts_of(handle_of("nobody", name), 30))


@pytest.mark.parametrize("name", ["mastodon", "bluesky"])
def test_posts(network: Sandbox, connect: Connect, name: str) -> None:
    """Their newest posts come first, as many as are asked for, over several pages; what they boosted is left out."""
    for number in range(130):
        network.post("ana", f"Post {number}")
    network.world.reblog(network.account("ana"), network.post("ben", "Not hers"))
    look = reader(connect(name))

    found = look.posts_of(handle_of("ana", name), 120)

    assert [f"Post {number}" for number in range(129, 9, -1)] == [post.text for post in found]


@pytest.mark.parametrize("name", ["mastodon", "bluesky"])
def test_follows(network: Sandbox, connect: Connect, name: str) -> None:
    """Who follows somebody, and whom they follow, is told with the numbers of each, as many as are asked for."""
    network.account("ana", followers=[f"fan{number}" for number in range(100)])
    network.account("fan7", followers=500)
    network.world.follow(network.account("ana"), network.account("ben"))
    look = reader(connect(name))

    followers = look.followers_of(handle_of("ana", name), 100)

    assert {f"fan{number}" for number in range(100)} == {
        one.person.handle.replace("@", ".").split(".")[0] for one in followers
    }
    assert [500] == [one.followers for one in followers if one.person.handle.startswith("fan7") and one.followers]
    assert 30 == len(look.followers_of(handle_of("ana", name), 30))
    assert [handle_of("ben", name)] == [one.person.handle for one in look.followed_by(handle_of("ana", name), 5)]


def test_not_the_network(listener: Listener, clock: VirtualClock, http: Http) -> None:
    """What answers otherwise than the network does is told, and nothing is made of it."""
    listener.answer(200, [{"what": "else"}])
    told = {"server": listener.url, "token": SecretStr("secret-token")}

    with pytest.raises(GiveUp, match="not as Mastodon does"):
        reader(Mastodon("brand", Mastodon.Options.model_validate(told), http, clock)).account_of("ana@example.org")
