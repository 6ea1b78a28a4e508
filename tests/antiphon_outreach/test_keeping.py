"""Creators are kept as they are met, whatever they write into their names, and told apart by their accounts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.errors import GiveUp, InputError
from antiphon_outreach.book import Book, spelt
from antiphon_outreach.keeping import LONGEST_BIO, Keep
from antiphon_outreach.stages import NEVER, moved

from .conftest import Desk

EVIL = "<script>alert(1)</script>\r\nBcc: all@example.org\0\u202e"


def test_i1_from_an_event(desk: Desk) -> None:
    """I1: the author of anything that was heard is kept as a creator, with where and when they were met."""
    author = {"id": "bluesky:did:plc:1", "network": "bluesky", "handle": "ana.example", "name": "Ana", "url": ""}

    desk.do(Keep(), person=author, source="https://bsky.app/profile/ana.example/post/1", tags=["coffee"])

    kept = desk.book.get("bluesky:did:plc:1")
    assert ("bluesky", "ana.example", ["coffee"], "prospect") == (
        kept["network"],
        kept["handle"],
        kept["tags"],
        kept["stage"],
    )
    [met] = kept["met"]
    assert ("drip", "https://bsky.app/profile/ana.example/post/1") == (met["how"], met["where"])


def test_i1_from_a_feed(desk: Desk) -> None:
    """I1: somebody of whom only a page is known, as a feed tells it, is kept by that page."""
    told = desk.do(Keep(), person={"name": "Ana", "url": "https://www.ana.example/blog/?from=feed"})

    assert "web:ana.example/blog" == told["creator"]


def test_again(desk: Desk) -> None:
    """Kept again, the newer words win and nothing else is lost: not the stage, not a tag, not what is agreed."""
    ana = desk.keep(tags=["coffee"], email="ana@example.org")
    desk.book.amend(ana, lambda known: moved(known, "talks", "nina", "", desk.clock.now()), desk.clock.now())

    desk.keep(person={"name": "Ana Beltrán"}, tags=["tea", "coffee"])

    kept = desk.book.get(ana)
    assert ("Ana Beltrán", "ana@example.org", ["coffee", "tea"], "talks") == (
        kept["name"],
        kept["email"],
        kept["tags"],
        kept["stage"],
    )


@pytest.mark.parametrize("person", [{}, {"id": "\u202e "}, {"url": "nowhere"}, {"handle": "ana"}])
def test_nobody(desk: Desk, person: dict[str, Any]) -> None:
    """Nobody is refused in the plan, and so is an address that is none."""
    with pytest.raises(GiveUp, match="nobody"):
        desk.do(Keep(), person=person)
    with pytest.raises(GiveUp, match="not an e-mail address"):
        desk.keep(email="ana@example.org\nBcc: all@example.org")

    assert [] == list(desk.store.records.all())


def test_hostile(desk: Desk) -> None:
    """HTML, header lines, marks of direction and a bio of 100 kB are text on one line, cut where it is too long."""
    desk.do(Keep(), person={**dict.fromkeys(("id", "handle", "name", "url"), EVIL), "bio": "é" * 100_000})

    [(creator, _, _)] = desk.book.creators()
    kept = desk.book.get(creator)
    assert "<script>alert(1)</script> Bcc: all@example.org" == creator == kept["name"]
    assert LONGEST_BIO == len(kept["bio"])


def test_emoji(desk: Desk) -> None:
    """A name of emoji alone is kept as it is, and its owner is found by their id and handle."""
    ana = desk.keep(person={"name": "☕🚲"})

    assert "☕🚲" == desk.book.get(ana)["name"]
    assert ana == desk.book.find("@Ana@Social.Example")


def test_homoglyphs(desk: Desk) -> None:
    """A handle in letters of another script is somebody else: it finds nobody's account but its own, and is told of."""
    ana = desk.keep()
    false = desk.keep("mastodon:аnа@social.example")

    assert [ana] == desk.book.called("ana@social.example")
    assert [false] == desk.book.called("аnа@social.example")
    assert [ana] == desk.book.lookalikes(false)


def test_namesakes(desk: Desk) -> None:
    """An address that several creators have, such as an agency's, means none of them until one is named by their id."""
    desk.keep(email="agency@example.org")
    desk.keep("mastodon:ben@social.example", email="agency@example.org")

    with pytest.raises(InputError, match="2 creators"):
        desk.book.find("agency@example.org")


def test_linked(desk: Desk) -> None:
    """Two accounts that a person links are one creator with the words of both; unlinked, they are two again."""
    ana = desk.keep(tags=["coffee"])
    desk.clock.sleep(60)
    sky = desk.keep("bluesky:ana.example", email="ana@example.org", tags=["tea"])

    assert ana == desk.book.join(sky, ana, desk.clock.now())
    assert ana == desk.book.find("ana@example.org") == desk.book.first(sky)
    assert [ana] == [creator for creator, _, _ in desk.book.creators()]
    assert ("ana@example.org", ["coffee", "tea"]) == (desk.book.whole(sky)["email"], desk.book.whole(sky)["tags"])
    with pytest.raises(InputError, match="already"):
        desk.book.join(ana, sky, desk.clock.now())
    assert ana == desk.book.part(sky, desk.clock.now())
    assert {ana, sky} == {creator for creator, _, _ in desk.book.creators()}
    assert ("", [ana]) == (desk.book.whole(ana)["email"], desk.book.accounts(ana))


def test_never_by_any_account(desk: Desk) -> None:
    """Whoever must not be contacted by one account must not by any that is linked with it."""
    ana, sky = desk.keep(), desk.keep("bluesky:ana.example")
    desk.book.amend(sky, lambda known: moved(known, NEVER, "nina", "", desk.clock.now()), desk.clock.now())

    desk.book.join(ana, sky, desk.clock.now())

    assert NEVER == desk.book.whole(ana)["stage"]


@given(st.text())
def test_spelt(name: str) -> None:
    """An `@` before a name does not matter, nor what cannot be seen; no name has a line break."""
    assert spelt(f"@{name}\u200b") == spelt(f"@{name}")
    assert "\n" not in spelt(name)


def test_many(desk: Desk) -> None:
    """Of somebody who is read every day the newest readings are kept."""
    readings = [{"at": f"2026-01-01T00:{n // 60:02}:{n % 60:02}+00:00", "followers": n} for n in range(100)]
    said = {"network": "x", "handle": "ana", "readings": readings}

    desk.book.keep({"x:ana": said}, desk.clock.now())

    assert list(range(40, 100)) == [one["followers"] for one in Book(desk.store.records).get("x:ana")["readings"]]
