"""What came of each creator: clicks, orders, value and cost, each counted once."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from antiphon.model.event import Event
from antiphon_outreach.moving import Agree
from antiphon_outreach.results import Result, results

from .conftest import Desk

ANA, SKY, BEN = "mastodon:ana@social.example", "bluesky:ana.example", "mastodon:ben@social.example"


def heard(desk: Desk, *events: tuple[str, str, float, dict[str, Any]]) -> None:
    """Events by kind, id, and how many days before now they happened."""
    now = desk.clock.now()
    desk.store.events.ingest(Event(key, kind, now - timedelta(days=days), data) for kind, key, days, data in events)


def click(key: str, days: float = 1, **data: Any) -> tuple[str, str, float, dict[str, Any]]:
    return "link.clicked", key, days, {"code": "ana-spring", **data}


def order(key: str, number: str, days: float = 1, **data: Any) -> tuple[str, str, float, dict[str, Any]]:
    return "order.placed", key, days, {"order": number, "code": "ANA10", "value": "49.90", "currency": "EUR", **data}


def couple(desk: Desk) -> None:
    desk.keep(ANA, codes=["ANA10", "ana-spring"])
    desk.keep(BEN, codes=["BEN10"])


def test_i7_attributed(desk: Desk) -> None:
    """I7: clicks and orders are a creator's by a code of theirs, or by a tag with their id, and else nobody's."""
    couple(desk)
    heard(
        desk,
        click("c1"),
        click("c2", first_of_visitor=False),
        click("c3", code="x", tags={"creator": BEN}),
        click("c4", code="somebody-else"),
        order("o1", "1001"),
        order("o2", "1002", code="ben10", value=20),
        order("o3", "1003", code=None),
    )

    found = results(desk.store)

    assert (2, 1, 1, {"EUR": Decimal("49.90")}) == _told(found[ANA])
    assert (1, 1, 1, {"EUR": Decimal(20)}) == _told(found[BEN])


def _told(result: Result) -> tuple[Any, ...]:
    return result.clicks, result.visitors, result.orders, result.values


def test_i7_once(desk: Desk) -> None:
    """I7: a click that is delivered again counts once; an order counts once by its number, as it was first told."""
    couple(desk)
    for _ in range(3):
        heard(
            desk, click("c1"), order("o1", "1001", days=2), order("o1 again", "1001", days=1, value="99", code="BEN10")
        )

    found = results(desk.store)

    assert (1, 1, 1, {"EUR": Decimal("49.90")}) == _told(found[ANA])
    assert 0 == found[BEN].orders


def test_i7_late(desk: Desk) -> None:
    """I7: a click that is heard late counts in the period in which it happened, and in no other."""
    couple(desk)
    now = desk.clock.now()
    last_week, this_week = (now - timedelta(days=14), now - timedelta(days=7)), (now - timedelta(days=7), None)
    heard(desk, click("c1", days=1))
    before = [results(desk.store, *week)[ANA].clicks for week in (last_week, this_week)]
    heard(desk, click("late", days=10))

    assert [0, 1] == before
    assert [1, 1] == [results(desk.store, *week)[ANA].clicks for week in (last_week, this_week)]


def test_i7_linked(desk: Desk) -> None:
    """I7: what came by another account of theirs is the same creator's."""
    couple(desk)
    desk.clock.sleep(60)
    desk.keep(SKY, codes=["SKY"])
    desk.book.join(ANA, SKY, desk.clock.now())
    heard(desk, click("c1", code="sky"), click("c2", code="", tags={"creator": SKY}))

    assert [ANA, BEN] == sorted(results(desk.store))
    assert 2 == results(desk.store)[ANA].clicks


def test_i9_prices(desk: Desk) -> None:
    """I9, I10: what a click, an order and an interaction cost, and what came back, by the cost that is recorded."""
    couple(desk)
    desk.do(Agree(), "a1", creator=ANA, kind="fee", value=80)
    desk.do(Agree(), "a2", creator=ANA, kind="gift", value=20)
    posts = [{"id": "1", "url": "", "text": "", "likes": 30, "shares": 10, "replies": None}]
    desk.book.amend(ANA, lambda known: {**known, "posts": ["1"], "recent": posts}, desk.clock.now())
    heard(desk, *(click(f"c{n}") for n in range(8)), order("o1", "1001", value=150), order("o2", "1002", value=100))

    ana, ben = (results(desk.store)[one] for one in (ANA, BEN))

    assert {"EUR": Decimal("100.00")} == ana.costs
    assert ("12.50", "50.00", "2.50", "2.50") == tuple(map(str, (ana.cpc, ana.cpa, ana.cpe, ana.roas)))
    assert [None] * 4 == [ben.cpc, ben.cpa, ben.cpe, ben.roas]


def test_i9_several_currencies(desk: Desk) -> None:
    """I9: amounts of several currencies are not added, and then there is no price."""
    couple(desk)
    desk.do(Agree(), "a1", creator=ANA, kind="fee", value=80)
    heard(desk, click("c1"), order("o1", "1", currency="usd"), order("o2", "2", currency="eur"))

    ana = results(desk.store)[ANA]

    assert ({"USD", "EUR"}, Decimal("80.00"), None) == (set(ana.values), ana.cpc, ana.roas)


def test_odd_orders(desk: Desk) -> None:
    """An order whose value is no number counts as an order without a value; odd tags and codes are nobody's."""
    couple(desk)
    odd = ("free", None, "NaN", "-5", "1e999999", [1], {"a": 1}, "Infinity")
    heard(desk, *(order(f"o{n}", f"{n}", value=value) for n, value in enumerate(odd)))
    heard(desk, click("c1", code={"a": 1}, tags=["creator"]), click("c2", code=None, tags={"creator": None}))

    ana = results(desk.store)[ANA]

    assert (0, len(odd)) == (ana.clicks, ana.orders)
    assert {} == {name: amount for name, amount in ana.values.items() if not amount.is_finite()}


@pytest.mark.parametrize("seed", range(4))
def test_i7_any_order(desk: Desk, seed: int) -> None:
    """I7: however often and in whatever order deliveries come, each order counts once, at its own value."""
    couple(desk)
    told = random.Random(seed).choices("abcdef", k=12 * seed)
    heard(desk, *(order(f"{index}", number, value=ord(number)) for index, number in enumerate(told)))

    found = results(desk.store)[ANA]

    assert (len(set(told)), sum(map(ord, set(told)))) == (found.orders, sum(found.values.values()))
