"""Antiphon: call and response for a brand's social presence.

This is the front door for plugin authors: what a plugin needs is imported from here and from nowhere else. Nothing
inside the engine imports from it. Names are loaded when first asked for, so that `antiphon --help` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from antiphon.components.action import Action, Computation
    from antiphon.components.clock import Clock
    from antiphon.components.component import Options
    from antiphon.components.condition import Condition
    from antiphon.components.connector import Connector, NoOptions, Page, Source
    from antiphon.components.context import PerformContext, ReadContext
    from antiphon.components.http import Http
    from antiphon.components.interest import Interest
    from antiphon.components.outcomes import attempt, outcome_of, payload_hash, rates, shown, trouble_of
    from antiphon.components.page import WebPage
    from antiphon.components.pattern import Operators, Pattern
    from antiphon.components.ports import Record, Store
    from antiphon.components.section import ReportContext, Section
    from antiphon.components.trigger import Trigger
    from antiphon.components.watch import Firing, Memory, Sighting, Watch
    from antiphon.errors import AccessLost, AntiphonError, GiveUp, InputError, RetryLater, Skip
    from antiphon.hookspecs import hookimpl
    from antiphon.model.duration import Duration
    from antiphon.model.effect import (
        AuthDead,
        Disconnected,
        Done,
        Effect,
        EffectState,
        LedgerEntry,
        Outcome,
        Pending,
        RateLimited,
        Receipt,
        Rejected,
        Unknown,
    )
    from antiphon.model.event import Event
    from antiphon.model.person import Person
    from antiphon.model.post import Post
    from antiphon.model.report import Block, Chart, Figure, Series, Table
    from antiphon.model.run import Run, RunState, Verdict

_ROOMS = {
    "AccessLost": "errors",
    "Action": "components.action",
    "AntiphonError": "errors",
    "AuthDead": "model.effect",
    "Block": "model.report",
    "Chart": "model.report",
    "Clock": "components.clock",
    "Computation": "components.action",
    "Condition": "components.condition",
    "Connector": "components.connector",
    "Disconnected": "model.effect",
    "Done": "model.effect",
    "Duration": "model.duration",
    "Effect": "model.effect",
    "EffectState": "model.effect",
    "Event": "model.event",
    "Figure": "model.report",
    "Firing": "components.watch",
    "GiveUp": "errors",
    "Http": "components.http",
    "InputError": "errors",
    "Interest": "components.interest",
    "LedgerEntry": "model.effect",
    "Memory": "components.watch",
    "NoOptions": "components.connector",
    "Operators": "components.pattern",
    "Options": "components.component",
    "Outcome": "model.effect",
    "Page": "components.connector",
    "Pattern": "components.pattern",
    "Pending": "model.effect",
    "PerformContext": "components.context",
    "Person": "model.person",
    "Post": "model.post",
    "RateLimited": "model.effect",
    "ReadContext": "components.context",
    "Receipt": "model.effect",
    "Record": "components.ports",
    "Rejected": "model.effect",
    "ReportContext": "components.section",
    "RetryLater": "errors",
    "Run": "model.run",
    "RunState": "model.run",
    "Section": "components.section",
    "Series": "model.report",
    "Sighting": "components.watch",
    "Skip": "errors",
    "Source": "components.connector",
    "Store": "components.ports",
    "Table": "model.report",
    "Trigger": "components.trigger",
    "Unknown": "model.effect",
    "Verdict": "model.run",
    "Watch": "components.watch",
    "WebPage": "components.page",
    "attempt": "components.outcomes",
    "hookimpl": "hookspecs",
    "outcome_of": "components.outcomes",
    "payload_hash": "components.outcomes",
    "rates": "components.outcomes",
    "shown": "components.outcomes",
    "trouble_of": "components.outcomes",
}

__all__ = [
    "AccessLost",
    "Action",
    "AntiphonError",
    "AuthDead",
    "Block",
    "Chart",
    "Clock",
    "Computation",
    "Condition",
    "Connector",
    "Disconnected",
    "Done",
    "Duration",
    "Effect",
    "EffectState",
    "Event",
    "Figure",
    "Firing",
    "GiveUp",
    "Http",
    "InputError",
    "Interest",
    "LedgerEntry",
    "Memory",
    "NoOptions",
    "Operators",
    "Options",
    "Outcome",
    "Page",
    "Pattern",
    "Pending",
    "PerformContext",
    "Person",
    "Post",
    "RateLimited",
    "ReadContext",
    "Receipt",
    "Record",
    "Rejected",
    "ReportContext",
    "RetryLater",
    "Run",
    "RunState",
    "Section",
    "Series",
    "Sighting",
    "Skip",
    "Source",
    "Store",
    "Table",
    "Trigger",
    "Unknown",
    "Verdict",
    "Watch",
    "WebPage",
    "attempt",
    "hookimpl",
    "outcome_of",
    "payload_hash",
    "rates",
    "shown",
    "trouble_of",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"antiphon offers no {name!r} to plugins; see __all__")
    room = import_module(f"antiphon.{_ROOMS[name]}")
    value = getattr(room, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
