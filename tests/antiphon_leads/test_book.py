"""Who is the same person: by proof at once, by looks after a person's word, and never for good."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from antiphon import email_of, profile_of, skeleton
from antiphon.errors import InputError
from antiphon_leads.identity import proofs

from .conftest import Desk, said

ONE = said(handle="ana", email="ana@example.org", email_verified=True, facts={"branch": "hotel"}, owner="nina")
TWO = said(handle="ana_b", email="Ana@Example.org", email_verified=True, facts={"country": "FR"})


def keep(desk: Desk, lead: str, given: dict[str, Any]) -> None:
    desk.clock.advance(timedelta(minutes=1))
    desk.book.keep(lead, given, desk.clock.now())


@pytest.mark.parametrize(
    "both",
    [
        {"email": "ana@example.org", "email_verified": True},
        {"url": "https://www.social.example/@ana/"},
    ],
)
def test_s2_proved(desk: Desk, both: dict[str, Any]) -> None:
    """S2: a verified address and a profile link make one lead of two at once, and the merge is written down."""
    keep(desk, "mastodon:1", said(handle="ana", **both))
    keep(desk, "slack:2", said(handle="beltran", **both))

    assert ["mastodon:1", "slack:2"] == list(desk.book.accounts("slack:2"))
    assert ["mastodon:1"] == list(desk.book.leads())
    [word] = desk.book.merges("mastodon:1")
    assert ("slack:2", "mastodon:1", "rule", "standing") == tuple(word[n] for n in ("lead", "into", "by", "state"))
    assert [] == list(desk.book.queue())


@pytest.mark.parametrize(
    ("one", "other", "queued"),
    [
        ({"email": "ana@example.org"}, {"email": "ana@example.org", "email_verified": True}, True),
        ({"handle": "paypal@a.example"}, {"handle": "раураl@b.example"}, True),
        ({"handle": "torrea"}, {"handle": "Torr\u00e9a_"}, True),
        ({"handle": "al"}, {"handle": "al"}, False),
        ({"handle": "ana"}, {"handle": "ben"}, False),
        ({"name": "Ana"}, {"name": "Ana"}, False),
    ],
)
def test_s2_queued(desk: Desk, one: dict[str, Any], other: dict[str, Any], queued: bool) -> None:
    """S2: what only looks like one person, such as a handle in letters of another script, waits for a word."""
    keep(desk, "mastodon:1", said(**one))
    keep(desk, "slack:2", said(**other))

    assert 2 == len(list(desk.book.leads()))
    assert ([["mastodon:1", "slack:2"]] if queued else []) == [pair["leads"] for pair in desk.book.queue()]


def test_s2_reversible(desk: Desk) -> None:
    """S2: a merge shows all facts of both, and taken back leaves each as it was, with what was kept meanwhile."""
    keep(desk, "mastodon:1", ONE)
    alone = desk.book.whole("mastodon:1")
    keep(desk, "slack:2", TWO)
    assert {"branch": "hotel", "country": "FR"} == desk.book.whole("slack:2")["facts"]
    keep(desk, "slack:2", said(facts={"rooms": "40"}))

    assert "mastodon:1" == desk.book.part("slack:2", by="person", now=desk.clock.now())

    assert alone == desk.book.whole("mastodon:1")
    assert {"country": "FR", "rooms": "40"} == desk.book.whole("slack:2")["facts"]
    assert ["standing", "undone"] == [word["state"] for word in desk.book.merges("slack:2")]


def test_s2_stays_apart(desk: Desk) -> None:
    """S2: what a person has taken apart no rule joins again; a person may."""
    keep(desk, "mastodon:1", ONE)
    keep(desk, "slack:2", TWO)
    desk.book.part("slack:2", by="person", now=desk.clock.now())
    keep(desk, "slack:2", TWO)
    keep(desk, "mastodon:1", ONE)
    assert 2 == len(list(desk.book.leads()))

    desk.book.join("slack:2", "mastodon:1", why="they said so", by="person", now=desk.clock.now())

    assert ["mastodon:1", "slack:2"] == list(desk.book.accounts("slack:2"))
    assert ["standing", "undone", "standing"] == [word["state"] for word in desk.book.merges("slack:2")]


def test_s2_reviewed(desk: Desk) -> None:
    """S2: a pair of which a person has said that they are two is asked about no more."""
    for _ in range(2):
        keep(desk, "mastodon:1", said(handle="torrea"))
        keep(desk, "slack:2", said(handle="torrea"))
        desk.book.apart("mastodon:1", "slack:2", by="person", now=desk.clock.now())

    assert [] == list(desk.book.queue())
    assert 2 == len(list(desk.book.leads()))


@pytest.mark.parametrize("order", list(permutations([("a:1", "b:2"), ("b:2", "c:3"), ("c:3", "a:1")])))
def test_no_circle(desk: Desk, order: tuple[tuple[str, str], ...]) -> None:
    """In whatever order three are joined, they are one lead: the one that was kept first."""
    for lead in ("a:1", "b:2", "c:3"):
        keep(desk, lead, said())

    for one, other in order:
        desk.book.join(one, other, why="", by="person", now=desk.clock.now())

    assert [["a:1", "b:2", "c:3"]] * 3 == [sorted(desk.book.accounts(one)) for one in ("a:1", "b:2", "c:3")]
    assert "a:1" == desk.book.first("c:3") == desk.book.accounts("c:3")[0]


def test_unknown(desk: Desk) -> None:
    """Who is no lead is neither shown, nor joined, nor taken apart."""
    keep(desk, "mastodon:1", ONE)

    for act in (
        lambda: desk.book.whole("slack:9"),
        lambda: desk.book.join("mastodon:1", "slack:9", why="", by="person", now=desk.clock.now()),
        lambda: desk.book.apart("mastodon:1", "slack:9", by="person", now=desk.clock.now()),
        lambda: desk.book.part("mastodon:1", by="person", now=desk.clock.now()),
    ):
        with pytest.raises(InputError):
            act()


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" Ana@Example.ORG ", "ana@example.org"),
        ("ana+news@example.org", "ana+news@example.org"),
        ("ana@example", ""),
        ("ana@example.org, ben@example.org", ""),
        ("ana@example.org\r\nBcc: ben@example.org", ""),
        ("<ana@example.org>", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_addresses(written: object, address: str) -> None:
    """An address is one address in small letters, or none."""
    assert address == email_of(written)


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://www.Social.example/@ana/?utm=1#top", "social.example/@ana"),
        ("http://social.example:80/@ana", "social.example/@ana"),
        ("http://social.example:8080/@ana", "social.example:8080/@ana"),
        ("https://social.example/", ""),
        ("javascript:alert(1)", ""),
        ("https://[bad/@ana", ""),
        ("https://social.example:99999/@ana", ""),
        ("", ""),
    ],
)
def test_links(written: str, link: str) -> None:
    """A profile link is that of one page, in one spelling, or none: a bare host is everybody's."""
    assert link == profile_of(written)


def test_claims() -> None:
    """An address that nobody verified, or that is said to be verified in words, proves nothing."""
    assert () == proofs({"email": "ana@example.org"}) == proofs({"email": "ana@example.org", "email_verified": "yes"})
    assert "paypal" == skeleton("@раураl@b.example") == skeleton("PayPal")
