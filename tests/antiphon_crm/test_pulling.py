"""What somebody changes in the CRM is heard of, once, with its person."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest
from tests.antiphon_networks.workbench import Workbench

from antiphon import GiveUp, Page
from antiphon.testing.clock import VirtualClock
from antiphon_crm.hubspot import client as hubspot
from antiphon_crm.hubspot.pulling import Contacts

from .conftest import Ask


def fetch(desk: Workbench, cursor: str | None = None) -> Page:
    return Contacts().fetch(Contacts.Options(), cast(hubspot.HubSpotReader, desk.connector.reader()), cursor)


def test_s9_pulled(desk: Workbench, somebody: Ask, clock: VirtualClock) -> None:
    """S9: a contact that was made or changed in the CRM is an event, and who it is by their address."""
    somebody(firstname="Ana", lastname="Quintero")

    page = fetch(desk)

    [event] = page.events
    assert ("contact.changed", "Ana", "email:ana@example.org") == (
        event.type,
        event.data["firstname"],
        event.data["author"]["id"],
    )
    assert [("email:ana@example.org", "Ana Quintero")] == [(one.id, one.name) for one in page.people]

    clock.advance(timedelta(minutes=1))
    somebody(firstname="Anne")
    ids = {event.id, *(one.id for one in fetch(desk, page.cursor).events)}
    assert 2 == len(ids)


def test_s9_once(desk: Workbench, somebody: Ask) -> None:
    """S9: of one moment it is asked again, for what was changed then too; the same event has the same id."""
    somebody("ana@example.org", firstname="Ana")
    first = fetch(desk)
    somebody("ben@example.org", firstname="Ben")

    second = fetch(desk, first.cursor)

    assert ["Ana", "Ben"] == [one.data["firstname"] for one in second.events]
    assert first.events[0].id == second.events[0].id
    assert first.cursor == second.cursor


@pytest.mark.parametrize("deepest", [10_000, 4])
def test_s9_pages(
    desk: Workbench, somebody: Ask, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch, deepest: int
) -> None:
    """S9: page by page nothing is missed, also beyond what one search can be paged through."""
    monkeypatch.setattr(hubspot, "PAGE", 2)
    monkeypatch.setattr(hubspot, "DEEPEST", deepest)
    for number in range(7):
        clock.advance(timedelta(seconds=1))
        somebody(f"p{number}@example.org", firstname=f"P{number}")

    heard: set[str] = set()
    page = fetch(desk)
    for _ in range(20):
        heard |= {str(event.data["firstname"]) for event in page.events}
        if not page.more:
            break
        page = fetch(desk, page.cursor)

    assert {f"P{number}" for number in range(7)} == heard
    assert not page.more


@pytest.mark.parametrize("cursor", ["yesterday", "{}", '{"since": 3, "after": ""}', "[]"])
def test_position(desk: Workbench, cursor: str) -> None:
    """A position that is none is refused."""
    with pytest.raises(GiveUp, match="position"):
        fetch(desk, cursor)
