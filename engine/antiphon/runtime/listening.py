"""Listening: waiting runs look out for events, and events find the runs that wait for them.

A look-out is filed by the type of event and, where its pattern has one, by a field that must equal something. So an
event is compared with the few runs that it concerns, however many wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from antiphon.components.pattern import MISSING, Pattern, fold, lookup
from antiphon.components.ports import Address, Store, Subscription
from antiphon.language import has_expression
from antiphon.model.event import Event
from antiphon.model.run import Run
from antiphon.model.waiting import EventMatch
from antiphon.runtime.causes import scope_of


def look_out(store: Store, run: Run, path: str, wanted: EventMatch, match: Mapping[str, Any], since: datetime) -> None:
    """Make a run look out for an event; `match` is the pattern without its expressions.

    It is filed first. What comes later finds it there; what has come after the moment `since` is in the store, and
    looked through.
    """
    address = _address(wanted.type, Pattern.model_validate(match), _own(wanted.match))
    subscription = Subscription(run.id, path, run.workflow, address, match, since)
    store.subscriptions.put([subscription])
    for event in store.events.of(wanted.type, since):
        if event.at > since and _fits(subscription, event, run.cause):
            store.subscriptions.hear(run.id, path, event)
            return


def heard(store: Store, run: Run, path: str) -> Event | None:
    """What a look-out of a run has heard."""
    return next((one.heard for one in store.subscriptions.of(run.id) if one.path == path), None)


def deliver(store: Store, events: Sequence[Event]) -> set[str]:
    """Hand events to the runs that look out for them, the earliest first; returns the workflows that go on."""
    places = store.subscriptions.places()
    if not places:
        return set()
    concerned: dict[Address, list[Event]] = {}
    for event in events:
        for address in _addresses(event, places):
            concerned.setdefault(address, []).append(event)
    woken: set[str] = set()
    for one in store.subscriptions.at(concerned.keys()):
        run = store.runs.get(one.run)
        fitting = (event for event in concerned[one.address] if _fits(one, event, run.cause if run else ""))
        first = min(fitting, key=lambda event: (event.at, event.id), default=None)
        if first is not None and store.subscriptions.hear(one.run, one.path, first):
            woken.add(one.workflow)
    return woken


def as_data(event: Event) -> dict[str, Any]:
    """An event as expressions see it."""
    seen: dict[str, Any] = scope_of(event)["event"]
    return seen


def beside(path: str, other: str) -> bool:
    """Whether the step at `other` stands in the same list as the one at `path`, or in one around it."""
    around = other.rpartition("/")[0]
    return not around or path.startswith(f"{around}/")


def _own(match: Mapping[str, Any]) -> frozenset[str]:
    """The fields that are compared with something of the run's own: they tell one run's look-out from another's."""
    return frozenset(field for field, value in match.items() if isinstance(value, str) and has_expression(value))


def _address(type: str, pattern: Pattern, own: frozenset[str]) -> Address:
    fields = sorted(pattern.root, key=lambda field: field not in own)
    for field in fields:
        key = Pattern.model_validate({field: pattern.root[field]}).key()
        if key is not None and len(key[1]) == 1:
            return Address(type, field, _spelt(key[1][0]))
    return Address(type)


def _addresses(event: Event, places: Iterable[tuple[str, str]]) -> set[Address]:
    """The addresses at which an event may be waited for."""
    found = set()
    for type, field in places:
        if not _is_of(event.type, type):
            continue
        value = lookup(event.data, field) if field else ""
        if value is not MISSING and isinstance(value, str | int | float | bool):
            found.add(Address(type, field, _spelt(value) if field else ""))
    return found


def _spelt(value: Any) -> str:
    return fold(value) if isinstance(value, str) else repr(value)


def _is_of(type: str, wanted: str) -> bool:
    return type.startswith(wanted[:-1]) if wanted.endswith("*") else type == wanted


def _fits(one: Subscription, event: Event, cause: str) -> bool:
    """Whether a look-out is for this event. What began the run does not end it, nor goes on with it."""
    return event.at >= one.since and event.id != cause and Pattern.model_validate(one.match).holds(event.data)
