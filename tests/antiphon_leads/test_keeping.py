"""Who engaged becomes a lead, under a stated basis."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from antiphon.errors import GiveUp
from antiphon.model.event import Event
from antiphon_leads.book import LEAD, SIGNALS
from antiphon_leads.keeping import Keep

from .conftest import Desk, said

ANA = {"id": "mastodon:42", "handle": "ana@social.example", "name": "Ana B.", "url": "https://social.example/@ana"}
GROUND = {"basis": "legitimate_interest", "because": "Asked in public about our coffee"}


def test_s1_engagers_become_leads(desk: Desk) -> None:
    """S1: whoever engaged is a lead with network, post, time and permitted basis."""
    at = desk.clock.now() - timedelta(hours=3)
    desk.store.events.ingest([Event("m:1", "mention.received", at)])

    desk.do(Keep(), "m:1", person=ANA, source="https://social.example/@ana/1", owner="nina", **GROUND)

    [record] = desk.store.records.list(LEAD)
    assert ("mastodon:42", "mastodon", "nina") == (record.key, record.data["network"], record.data["owner"])
    assert {
        "m:1": {"type": "mention.received", "at": at.isoformat(), "post": "https://social.example/@ana/1"}
    } == record.data["signals"]
    [basis] = record.data["bases"]
    assert ("legitimate_interest", GROUND["because"]) == (basis["basis"], basis["because"])
    assert ("https://social.example/@ana/1", desk.clock.now().isoformat()) == (basis["source"], basis["at"])


@pytest.mark.parametrize("given", [{}, {"basis": "because"}, {"basis": "consent"}, {"because": "so"}, {"basis": ""}])
def test_s1_no_basis(given: dict[str, Any]) -> None:
    """S1: what states no permitted basis, or no reason for it, does not compile."""
    with pytest.raises(ValidationError):
        Keep.Options.model_validate({"person": ANA, **given})


@pytest.mark.parametrize(
    ("person", "more"),
    [
        (ANA, {"because": " \n\u200b"}),
        ({}, {}),
        ({"id": "\u202e "}, {}),
        (ANA, {"email": "ana@example.org\nBcc: all@example.org"}),
        (ANA, {"email": "<script>"}),
    ],
)
def test_refused(desk: Desk, person: dict[str, Any], more: dict[str, Any]) -> None:
    """Nobody, no reason, and an address that is none are refused in the plan, and nothing is kept."""
    with pytest.raises(GiveUp):
        desk.do(Keep(), "m:1", person=person, **{**GROUND, **more})

    assert [] == list(desk.store.records.all())


def test_twice(desk: Desk) -> None:
    """The same signal and the same basis count once; the newer word wins, and the older one is in the history."""
    for name in ("Ana B.", "Ana B.", "Ana Beltrán", ""):
        desk.do(Keep(), "m:1", person={**ANA, "name": name}, signal="mention.received", **GROUND)

    lead = desk.book.get("mastodon:42")
    assert (1, 1, "Ana Beltrán") == (len(lead["signals"]), len(lead["bases"]), lead["name"])
    assert [{"name": "Ana B."}] == [one["before"] for one in lead["history"]]


def test_hostile(desk: Desk) -> None:
    """HTML, lines, marks of direction and NULs in any field are kept as text on one line, or left out."""
    evil = "<script>alert(1)</script>\r\nBcc: x\0\u202e"
    person = dict.fromkeys(("id", "handle", "name", "url"), evil)

    desk.do(Keep(), "m:1", person=person, signal=evil, owner=evil, facts={evil: evil}, **GROUND)

    [record] = desk.store.records.list(LEAD)
    assert "<script>alert(1)</script> Bcc: x" == record.key == record.data["handle"] == record.data["owner"]


def test_bounded(desk: Desk) -> None:
    """Of somebody who writes all day, the newest signals are kept."""
    signals = {f"m:{n}": {"type": "t", "at": f"2026-01-01T00:00:00.{n:06}+00:00", "post": ""} for n in range(700)}

    desk.book.keep("mastodon:42", said(signals=signals), desk.clock.now())

    kept = desk.book.get("mastodon:42")["signals"]
    assert (SIGNALS, "m:699", False) == (len(kept), list(kept)[-1], "m:0" in kept)
