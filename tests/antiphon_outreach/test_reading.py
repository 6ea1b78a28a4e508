"""Reading accounts and finding others beside them: what the network tells, and honestly what it does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import SecretStr, ValidationError

from antiphon.components.http import Http
from antiphon.errors import GiveUp
from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.bluesky import connection
from antiphon_networks.bluesky.connector import Bluesky
from antiphon_networks.feeds.connector import Feeds
from antiphon_networks.mastodon.connector import Mastodon
from antiphon_outreach.finding import Find
from antiphon_outreach.keeping import Keep
from antiphon_outreach.reading import Read

from .conftest import Desk, Lines


@pytest.fixture
def network(desk: Desk) -> Iterator[Sandbox]:
    """A network that is connected as two, and one that can only be read as a feed."""
    http = Http(allow_private=frozenset({"127.0.0.1"}), timeout=5.0)
    with Sandbox(clock=desk.clock) as sandbox:
        feed = {"url": f"{sandbox.url}/feeds/x"}
        torrea = sandbox.account("torrea")
        told = {name: value for name, value in connection(sandbox.url, torrea).items() if name != "connector"}
        server = {"server": sandbox.url, "token": SecretStr(torrea.token)}
        desk.lines = Lines(
            {
                "brand": Mastodon("brand", Mastodon.Options.model_validate(server), http, desk.clock),
                "sky": Bluesky("sky", Bluesky.Options.model_validate(told), http, desk.clock),
                "news": Feeds("news", Feeds.Options.model_validate(feed), http, desk.clock),
            }
        )
        yield sandbox


@pytest.mark.parametrize(
    ("connected", "creator"),
    [("brand", "mastodon:ana@sandbox.example"), ("sky", "bluesky:ana.sandbox.example")],
)
def test_i2_read(desk: Desk, network: Sandbox, connected: str, creator: str) -> None:
    """I2, I3: an account's numbers, posts and followers are kept as they are now, a reading each time."""
    network.account("ana", name="Ana", note="Café à Lyon", followers=[f"fan{n}" for n in range(40)])
    for number in range(35):
        network.post("ana", f"Café {number}")
    desk.keep(creator)

    told = desk.do(Read(), creator=creator, connection=connected)
    desk.clock.sleep(86400)
    desk.do(Read(), "r2", creator=creator, connection=connected)

    kept = desk.book.get(creator)
    assert (40, 35, 40) == (told["followers"], told["posts"], told["sample"]["size"])
    assert told["sample"]["flags"]["no posts"] == 40
    assert ("Café à Lyon", 30, 2) == (kept["bio"], len(kept["recent"]), len(kept["readings"]))
    assert ["could not see: the network counts no views"] == told["missing"]


def test_could_not_see(desk: Desk, network: Sandbox) -> None:
    """A network that shows nobody's account leaves a reading that says so, and no number."""
    desk.keep("instagram:ana")

    told = desk.do(Read(), creator="instagram:ana", connection="news")

    assert ["could not see: the network of news does not let others' accounts be read"] == told["missing"]
    assert (None, None, {}) == (told["followers"], told["posts"], told["sample"])


def test_gone(desk: Desk, network: Sandbox) -> None:
    """An account that the network does not have is told, and what was kept of it stays."""
    desk.keep("mastodon:nobody@sandbox.example")

    with pytest.raises(GiveUp, match=r"brand sees no account nobody@sandbox\.example"):
        desk.do(Read(), creator="nobody@sandbox.example", connection="brand")
    assert [] == desk.book.get("mastodon:nobody@sandbox.example")["readings"]


@pytest.mark.parametrize(("connected", "beside"), [("brand", "ana@sandbox.example"), ("sky", "ana.sandbox.example")])
def test_i1_beside(desk: Desk, network: Sandbox, connected: str, beside: str) -> None:
    """I1: those whom a creator follows, or who follow them, are found by words and size, and kept at once."""
    for name, bio, followers in (("ben", "Coffee & bikes", 5000), ("cai", "Coffee", 90), ("dee", "Tea", 9000)):
        network.account(name, note=bio, followers=followers)
        network.world.follow(network.account("ana"), network.account(name))

    found = desk.compute(Find(), connection=connected, beside=beside, words=["coffee"], at_least=1000, at_most=6000)
    desk.do(Keep(), person=found[0])

    [(creator, _, _)] = desk.book.creators()
    assert ([5001], "Coffee & bikes") == ([one["followers"] for one in found], desk.book.get(creator)["bio"])
    assert [] == desk.compute(Find(), connection=connected, beside=beside, relation="followers")


@pytest.mark.parametrize("connected", ["brand", "sky"])
def test_i1_topic(desk: Desk, network: Sandbox, connected: str) -> None:
    """I1: those who post about a topic are found, each once, with their own words and numbers."""
    network.account("ben", note="Coffee & bikes", followers=5000)
    for text, by in (("Un espresso", "ben"), ("Encore un espresso", "ben"), ("Un thé", "cai")):
        network.post(by, text)

    found = desk.compute(Find(), connection=connected, topic="espresso")

    assert [("Coffee & bikes", 5000)] == [(one["bio"], one["followers"]) for one in found]


@pytest.mark.parametrize(("connected", "beside"), [("brand", "ana@sandbox.example"), ("sky", "ana.sandbox.example")])
def test_i1_alike(desk: Desk, network: Sandbox, connected: str, beside: str) -> None:
    """I1: like somebody are those whom several of their followers follow too; whom one follows by chance is not."""
    for fan, others in (("f1", ("ben", "cai")), ("f2", ("ben", "cai")), ("f3", ("ben", "dee"))):
        for other in ("ana", *others):
            network.world.follow(network.world.account(fan), network.world.account(other))

    found = desk.compute(Find(), connection=connected, beside=beside, relation="alike")

    assert [("ben", 3), ("cai", 2)] == [(one["handle"][:3], one["shared"]) for one in found]


@pytest.mark.parametrize("told", [{}, {"beside": "ana", "topic": "coffee"}])
def test_one_way(told: dict[str, str]) -> None:
    """Where to look is said once: beside somebody, or by a topic."""
    with pytest.raises(ValidationError, match="either `beside` or `topic`"):
        Find.Options.model_validate({"connection": "brand", **told})


def test_cannot_find(desk: Desk, network: Sandbox) -> None:
    """A network that tells neither who follows whom nor what is said is refused, with what to do instead."""
    for told in ({"beside": "ana"}, {"topic": "coffee"}):
        with pytest.raises(GiveUp, match="The network of news"):
            desk.compute(Find(), connection="news", **told)
