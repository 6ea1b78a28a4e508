"""Results: what came of a creator's code and link, and what it cost.

A click is an event `link.clicked` and an order an event `order.placed`; either is a creator's when its `code` is one of
theirs, or its `tags` name them. Each event counts once, at the time at which it happened, however late it is heard; an
order that is told several times counts once by its number, the first time.

    CPC = cost / clicks     CPA = cost / orders     CPE = cost / interactions     ROAS = value of orders / cost

Whatever cannot be told is None: without cost there is no price, and values in several currencies are not added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from antiphon import Event, Store, one_line
from antiphon_outreach.book import Book, spelt

CLICKED, ORDERED = "link.clicked", "order.placed"
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Result:
    """What came of one creator, in a period. `visitors` are clicks that were somebody's first."""

    clicks: int = 0
    visitors: int = 0
    orders: int = 0
    values: dict[str, Decimal] = field(default_factory=dict)
    """The value of the orders by currency."""
    costs: dict[str, Decimal] = field(default_factory=dict)
    """What they were paid or given, by currency."""
    interactions: int | None = None
    """With the posts that they made for us, where those were read."""

    @property
    def cpc(self) -> Decimal | None:
        """What a click cost."""
        return self._price(self.clicks)

    @property
    def cpa(self) -> Decimal | None:
        """What an order cost."""
        return self._price(self.orders)

    @property
    def cpe(self) -> Decimal | None:
        """What an interaction cost."""
        return self._price(self.interactions or 0)

    @property
    def roas(self) -> Decimal | None:
        """What came back of each unit that was spent; only where both are in one currency."""
        spent, earned = self._one(self.costs), self._one(self.values)
        if not spent or not earned or spent[0] != earned[0] or not spent[1]:
            return None
        return (earned[1] / spent[1]).quantize(Decimal("0.01"))

    def _price(self, count: int) -> Decimal | None:
        spent = self._one(self.costs)
        return (spent[1] / count).quantize(Decimal("0.01")) if spent and count else None

    def _one(self, amounts: Mapping[str, Decimal]) -> tuple[str, Decimal] | None:
        return next(iter(amounts.items())) if len(amounts) == 1 else None


def results(store: Store, since: datetime = EVER, until: datetime | None = None) -> Mapping[str, Result]:
    """What came of each creator from a moment to before another, by their id."""
    every = list(Book(store.records).creators())
    whole = {creator: told for creator, _, told in every}
    found = {creator: Result() for creator in whole}
    ours = {spelt(code): creator for creator, told in whole.items() for code in told["codes"]}
    names = {account: creator for creator, accounts, _ in every for account in accounts}

    def whose(event: Event) -> Result | None:
        tags = event.data.get("tags")
        tagged = one_line(tags.get("creator")) if isinstance(tags, Mapping) else ""
        creator = names.get(tagged) or ours.get(spelt(event.data.get("code")))
        return found[creator] if creator else None

    for event in _within(store.events.of(CLICKED, since), until):
        if (result := whose(event)) is not None:
            result.clicks += 1
            result.visitors += event.data.get("first_of_visitor") is not False
    seen: set[str] = set()
    for event in _within(store.events.of(ORDERED, EVER), until):
        number = one_line(event.data.get("order") or event.data.get("order_id") or event.id)
        if number in seen:
            continue
        seen.add(number)
        if event.at >= since and (result := whose(event)) is not None:
            result.orders += 1
            _add(result.values, event.data.get("currency"), event.data.get("value"))
    for creator, told in whole.items():
        _costs(found[creator], told, since, until)
    return found


def _within(events: Iterable[Event], until: datetime | None) -> Iterable[Event]:
    return (event for event in events if until is None or event.at < until)


def _costs(result: Result, told: Mapping[str, Any], since: datetime, until: datetime | None) -> None:
    for one in told["agreements"]:
        day = datetime.fromisoformat(one["on"]).replace(tzinfo=UTC)
        if since.date() <= day.date() and (until is None or day < until):
            _add(result.costs, one["currency"], one["value"])
    counts = [
        [post[name] for name in ("likes", "shares", "replies") if post[name] is not None]
        for post in told["recent"]
        if post["id"] in told["posts"] or (post["url"] and post["url"] in told["posts"])
    ]
    if any(counts):
        result.interactions = sum(sum(some) for some in counts)


def _add(amounts: dict[str, Decimal], currency: object, value: object) -> None:
    """Add an amount; one that is no number counts as an order without a value."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return
    if amount.is_finite() and amount > 0:
        name = one_line(currency, 10).upper() or "?"
        amounts[name] = amounts.get(name, Decimal()) + amount
