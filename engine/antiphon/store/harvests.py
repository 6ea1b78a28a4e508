"""Harvests: what a page of a source has brought, kept whole or not at all."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

from antiphon.components.ports import Harvest, Harvests
from antiphon.store import cursors, evaluations, events, people
from antiphon.store.transactions import Transactions


class SqlHarvests(Harvests):
    """Events, people, evaluations and the cursor, always in this order: two that write wait for one another."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def bring_in(self, harvest: Harvest) -> None:
        if not (harvest.events or harvest.people or harvest.evaluations or harvest.place):
            return
        with self._transactions.writing() as connection:
            new = events.write(self._transactions, connection, harvest.events, routed=harvest.learnt)
            if new or not harvest.events:
                people.write(self._transactions, connection, harvest.people, harvest.at)
            evaluations.write(self._transactions, connection, harvest.evaluations)
            if harvest.place:
                cursors.write(self._transactions, connection, *harvest.place)
