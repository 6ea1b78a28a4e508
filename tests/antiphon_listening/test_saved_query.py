"""A saved query over every network that searches or reads, asked of networks that really answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.antiphon_listening.conftest import Town

from antiphon.components.ports import Store
from antiphon.components.source import Askable, Part
from antiphon.model.evaluation import EvaluationKind
from antiphon.model.event import Event
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import FeedItem
from antiphon.testing.sandbox.faults import Fault, FaultKind
from antiphon_listening.mentions import canonical
from antiphon_listening.query import parse
from antiphon_listening.searching import searches
from antiphon_listening.sources import SavedQuery

QUERY = '(torréa OR "café rival") AND NOT concours'
LOG = [{"use": "log", "with": {"message": "${{ event.text }}"}}]


def saved(name: str = "torrea", **more: Any) -> dict[str, Any]:
    asked = {"name": name, "is": QUERY, **more}
    return {"id": "heard", "poll": {"source": "listening.query", "with": asked, "every": "1m"}}


def listen(town: Town, **more: Any) -> None:
    town.write({"id": "listen", "triggers": [saved(**more)], "actions": LOG})
    town.poll()
    town.clock.sleep(60)


def why_not(town: Town) -> dict[str, int]:
    found = town.app.store.evaluations.list("listen")
    return {one.reason: one.count for one in found if one.kind is EvaluationKind.MISSED}


def test_l1_one_query_on_every_network(town: Town) -> None:
    """L1: one saved query is asked of two networks and a feed, and each mention is stored in one form."""
    listen(town, connections=["brand", "news"])
    town.network.post("ana", "Le café torréa est ouvert, bravo !")
    town.network.post("ben", "Concours : gagnez un café torréa")
    town.network.feed(
        "news", [FeedItem("Torréa ouvre à Lyon", "https://n.example/1"), FeedItem("Météo", "https://n.example/2")]
    )

    assert 2 == town.poll()

    kept = town.kept()
    assert {"mastodon", "feed"} == {one.data["network"] for one in kept}
    assert all({"id", "url", "text", "author", "language", "sentiment", "intent"} <= set(one.data) for one in kept)
    assert "fr" == next(one.data["language"] for one in kept if one.data["network"] == "mastodon")
    assert {"its text is not as the query asks": 2} == why_not(town)


def test_l1_everything_that_searches_or_reads(town: Town) -> None:
    """L1: without names, every connection that searches or reads is asked, Bluesky beside Mastodon and the feed."""
    listen(town)
    town.network.post("ana", "torréa !")
    town.network.feed("news", [FeedItem("Torréa ouvre", "https://n.example/1")])

    town.poll()

    asked = {
        one.reason.partition(":")[0]
        for one in town.app.store.evaluations.list("listen")
        if one.kind is EvaluationKind.ASKED
    }
    assert {"brand", "sky", "news"} == asked
    assert {"mastodon", "bluesky", "feed"} == {one.data["network"] for one in town.kept()}


def test_l2_two_queries_one_mention(town: Town) -> None:
    """L2: what two queries meet is stored once, wakes both workflows, and both are remembered as reasons."""
    town.write(
        {"id": "listen", "triggers": [saved(connections=["brand"])], "actions": LOG},
        {"id": "other", "triggers": [saved("opening", **{"is": "ouvert", "connections": ["brand"]})], "actions": LOG},
    )
    for workflow in ("listen", "other"):
        town.poll(workflow)
    town.clock.sleep(60)
    town.network.post("ana", "torréa est ouvert")

    opened = [town.poll(workflow) for workflow in ("listen", "other", "listen", "other")]

    (mention,) = town.kept()
    assert [1, 1, 0, 0] == opened
    assert {"torrea", "opening"} == {one.data["query"] for one in town.kept("query.met")}
    assert {mention.id} == {one.data["mention"] for one in town.kept("query.met")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"id": "7", "url": "https://a.io/@ana/7"}, {"id": "7", "url": "https://a.io/@ana.new/7"}),
        ({"id": "7", "url": "https://a.io/@ana/7"}, {"id": "9", "url": "http://www.a.io/@ana/7/", "server": "b"}),
        ({"id": "7", "url": "https://a.io/n?p=1&q=2"}, {"id": "8", "url": "https://a.io/n?q=2&p=1&utm_source=x#y"}),
    ],
)  # fmt: skip
def test_l2_network_id_then_address(
    store: Store, clock: VirtualClock, one: dict[str, str], other: dict[str, str]
) -> None:
    """L2: one network's id is one mention whatever its address, and so is one address by whichever ids it is called."""
    options = SavedQuery.Options.model_validate({"name": "torrea", "is": "torréa"})
    part = Part("brand", "post.search", {"q": "torréa"})

    ids = []
    for data in (one, other, one):
        event = Event(f"raw:{data}", "post.seen", clock.now(), {"network": "mastodon", "text": "torréa", **data})
        sifted = SavedQuery().sift(options, part, [event], store.marks, clock.now())
        store.events.ingest([*sifted.events, *sifted.beside])
        ids += [kept.id for kept in sifted.events]

    assert 1 == len(set(ids)) == len(store.events.list(type="mention.heard"))
    assert 1 == len(store.events.list(type="query.met"))


def test_l5_filtered_before_storage(town: Town) -> None:
    """L5: what its language, author, size or site rules out is counted for `why`; neither it nor its author is kept."""
    town.network.account("big@sandbox.example", followers=5000)
    town.network.account("small@sandbox.example", followers=3)
    out = {"authors": ["@Torrea@sandbox.example"], "sites": ["spam.example"], "query": "promo*"}
    listen(town, connections=["brand", "news"], languages=["fr"], followers_at_least=1000, exclude=out)
    for by, text in (
        ("big", "torréa, c'est délicieux, merci beaucoup"),
        ("big", "torréa is the best coffee that I have ever had"),
        ("big", "torréa 😍"),
        ("big", "torréa en promotion"),
        ("small", "torréa, c'est délicieux"),
        ("torrea", "torréa vous dit bonjour"),
    ):
        town.network.post(by, text)
    town.network.feed("news", [FeedItem("Torréa, la foire", "https://blog.spam.example/1")])

    town.poll()

    assert ["torréa, c'est délicieux, merci beaucoup", "torréa 😍"] == [one.data["text"] for one in town.kept()]
    assert {
        "its language en is not listened to": 1,
        "its text is excluded": 1,
        "fewer than 1000 follow its author": 1,
        "its author torrea@sandbox.example is excluded": 1,
        "its site spam.example is excluded": 1,
    } == why_not(town)
    assert ["big@sandbox.example"] == [one.handle for one in town.app.store.people.list()]


def test_l5_countries_where_told(store: Store, clock: VirtualClock) -> None:
    """L5: a country that is told and not listened to is left out; where none is told, nobody can tell, and it stays."""
    options = SavedQuery.Options.model_validate({"name": "torrea", "is": "torréa", "countries": ["FR", "be"]})
    said: list[dict[str, Any]] = [{"country": "fr"}, {"author": {"country": "BE"}}, {"country": "US"}, {}]
    events = [
        Event(f"e{n}", "post.seen", clock.now(), {"id": f"{n}", "text": "torréa", **data})
        for n, data in enumerate(said)
    ]

    sifted = SavedQuery().sift(options, Part("brand", "post.search"), events, store.marks, clock.now())

    assert ["0", "1", "3"] == [one.data["id"] for one in sifted.events]
    assert {"its country is not listened to": ["e2"]} == sifted.left_out


def test_one_network_down(town: Town) -> None:
    """A network that is not there keeps none of the others from being heard, and is heard later without a gap."""
    listen(town)
    town.network.faults.add(Fault("GET /xrpc/", FaultKind.SERVER_ERROR, times=None))
    town.network.post("ana", "torréa !")

    town.poll()
    missed = [one.reason for one in town.app.store.evaluations.list("listen") if one.kind is EvaluationKind.UNANSWERED]
    heard_without = {one.data["network"] for one in town.kept()}
    town.network.faults.clear()
    town.clock.sleep(3600)
    town.poll()

    assert {"mastodon"} == heard_without
    assert any(reason.startswith("sky: post.search torréa: ") for reason in missed)
    assert {"mastodon", "bluesky"} == {one.data["network"] for one in town.kept()}


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("place", ["harvests.bring_in", "runs.open", "marks.owner"])
@pytest.mark.parametrize("after", [0, 1])
def test_a_crash_in_between(town: Town, place: str, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a process dies while it listens, each mention is stored once and answered once by the next one."""
    listen(town)
    for n in range(3):
        town.network.post("ana", f"torréa {n}")
    port, method = place.split(".")
    kind = type(getattr(town.app.store, port))
    really, calls = getattr(kind, method), iter(range(100))

    def die(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == after:
            raise Crash
        return really(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(kind, method, die)
        with pytest.raises(Crash):
            town.poll()
    town.restart()
    for _ in range(2):
        town.clock.sleep(3600)
        town.poll()

    runs = town.app.store.runs.list(limit=100)
    assert 6 == len(town.kept()) == len(town.kept("query.met")) == len(runs)
    assert {one.id for one in town.kept()} == {run.cause for run in runs}


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("torréa", ["torréa"]),
        ("torréa AND livraison", ["livraison torréa"]),
        ('torréa OR "café rival"', ["torréa", "café rival"]),
        ("(a OR b) AND (c OR d) AND NOT e", ["a c", "a d", "b c", "b d"]),
        ("torréa AND rembours*", ["torréa"]),
        ("livraison NEAR/5 retard", ["livraison retard"]),
        ("#torréa OR @torrea", ["#torréa", "@torrea"]),
    ],
)
def test_pushed_down(query: str, asked: list[str]) -> None:
    """A network is asked for as much as every search understands: words that must all be said."""
    assert sorted(" ".join(sorted(one.split())) for one in asked) == sorted(
        " ".join(sorted(one.split())) for one in searches(parse(query))
    )


@pytest.mark.parametrize(
    "query", ["NOT concours", "rembours*", "torréa OR NOT concours", " OR ".join(f"w{n}" for n in range(21))]
)
def test_nothing_to_search_for(query: str) -> None:
    """A query by which no network could be searched, or only by very many searches, is refused."""
    with pytest.raises(ValueError, match="search"):
        SavedQuery.Options.model_validate({"name": "torrea", "is": query})


def test_mistakes(town: Town) -> None:
    """A query that cannot be read, or searched for, and a connection that there is not are mistakes of the document."""
    wrong = [saved(**{"is": "torréa AND ("}), saved(**{"is": "NOT concours"}), saved(connections=["brnd"])]
    document = {"antiphon": 1, "id": "w", "name": "W", "tz": "UTC", "actions": LOG}
    triggers = [{**one, "id": f"t{n}"} for n, one in enumerate(wrong)]
    path = town.folder / "wrong.yaml"
    path.write_text(json.dumps({**document, "triggers": triggers}, indent=1), encoding="utf-8")

    found = [problem.sentence for problem in town.app.check([path]).problems]

    assert 3 == len(found)
    assert "`is`: character 13: a word is missing here." == found[0]
    assert "a search needs a whole word" in found[1]
    assert "There is no connection `brnd`." == found[2]


def test_what_cannot_be_asked() -> None:
    """A network without a search is told of, with what is read there all the same."""
    options = SavedQuery.Options.model_validate({"name": "torrea", "is": "torréa"})
    telegram = Askable("chat", "telegram", ("publish", "read mentions"), ("telegram.messages", "telegram.mentions"))
    mail = Askable("post", "email", ("send messages",), ("email.messages",))

    parts = SavedQuery().parts(options, [telegram, mail])

    assert [("post.search", "telegram has no search"), ("post.mentions", "")] == [
        (one.source, one.why_not) for one in parts
    ]


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTPS://WWW.Example.org:443/a/?utm_source=x&b=1#c", "example.org/a?b=1"),
        ("http://example.org:8080", "example.org:8080"),
        ("javascript:alert(1)", ""),
        ("http://[bad", ""),
        ("http://a:99999/", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_canonical(url: Any, same: str) -> None:
    """An address is known by where it leads; what is none is no address, whatever it is."""
    assert same == canonical(url)


HOSTILE: list[dict[str, Any]] = [
    {"text": "torréa " + "😡" * 400},
    {"text": "torréa привет こんにちは مرحبا " * 20},
    {"text": "torréa " + "bla " * 25_000},
    {"text": "<script>alert('torréa')</script><b onload=x>torréa</b>", "title": "<img src=x onerror=1>"},
    {"text": "torréa", "author": {"handle": "tоrrеа", "id": "x", "followers": "many"}},
    {"text": "torréa", "author": "<script>", "language": ["fr"], "url": {"a": 1}, "country": 7},
    {"text": "torréa", "author": None, "url": "http://[", "tags": None, "language": "<script>"},
]


@pytest.mark.parametrize("data", HOSTILE)
def test_bad_input_is_never_lost(store: Store, clock: VirtualClock, data: dict[str, Any]) -> None:
    """Emoji alone, mixed scripts, very long texts, HTML in every field and look-alike handles: each is a mention."""
    out = {"authors": ["torrea"]}
    options = SavedQuery.Options.model_validate(
        {"name": "torrea", "is": "torréa", "exclude": out, "followers_at_least": 5}
    )
    event = Event("raw:1", "post.seen", datetime(2026, 3, 1, tzinfo=UTC), {"id": "1", "network": "net", **data})

    sifted = SavedQuery().sift(options, Part("brand", "post.search"), [event], store.marks, clock.now())
    store.events.ingest([*sifted.events, *sifted.beside])

    (kept,) = store.events.list(type="mention.heard")
    assert data["text"] == kept.data["text"]
