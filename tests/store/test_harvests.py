"""The port of harvests: what a page of a source has brought."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from antiphon.components.ports import Harvest, Store
from antiphon.errors import StoreError
from antiphon.model.evaluation import EvaluationKind, once
from antiphon.model.event import Event
from antiphon.model.person import Person

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA = Person(id="net:ana", network="net", handle="ana")


def heard(number: int, at: datetime = NOON) -> Event:
    return Event(f"e:{number}", "item.seen", at, {"number": number})


def test_all_of_it(store: Store) -> None:
    """Events, people, what they came to and the place are kept together."""
    asked = once("w", "t", EvaluationKind.ASKED, NOON)
    store.harvests.bring_in(Harvest(NOON, [heard(1), heard(2)], [ANA], evaluations=[asked], place=("w/t", "2")))

    assert ["e:1", "e:2"] == [event.id for event in store.events.unrouted(10)]
    assert [ANA.id] == [person.id for person in store.people.list()]
    assert [EvaluationKind.ASKED] == [one.kind for one in store.evaluations.list("w")]
    assert "2" == store.cursors.get("w/t")


def test_or_none_of_it(store: Store) -> None:
    """When one thing cannot be kept, nothing is, and the place stays where it was."""
    store.cursors.set("w/t", "0")
    naive = heard(2, datetime(2026, 3, 2, 12))
    with pytest.raises(StoreError, match="no time zone"):
        store.harvests.bring_in(Harvest(NOON, [heard(1), naive], [ANA], place=("w/t", "2")))

    assert [] == store.events.unrouted(10)
    assert [] == store.people.list()
    assert "0" == store.cursors.get("w/t")


def test_learnt(store: Store) -> None:
    """What was there before is offered to nobody."""
    store.harvests.bring_in(Harvest(NOON, [heard(1)], learnt=True))

    assert [] == store.events.unrouted(10)
    assert heard(1) == store.events.get("e:1")


def test_heard_again(store: Store) -> None:
    """Whoever is met only in events that were heard before is not met anew; with one that is new they are."""
    store.harvests.bring_in(Harvest(NOON, [heard(1)], [ANA]))
    store.harvests.bring_in(Harvest(NOON + HOUR, [heard(1)], [ANA]))

    assert [NOON] == [person.last_seen for person in store.people.list()]

    store.harvests.bring_in(Harvest(NOON + 2 * HOUR, [heard(1), heard(2)], [ANA]))

    assert [NOON + 2 * HOUR] == [person.last_seen for person in store.people.list()]


def test_people_alone(store: Store) -> None:
    """A source that tells of people and no events is believed each time."""
    for hours in range(2):
        store.harvests.bring_in(Harvest(NOON + hours * HOUR, people=[ANA]))

    assert [NOON + HOUR] == [person.last_seen for person in store.people.list()]
