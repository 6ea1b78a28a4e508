"""The engine's own plugin: what every workspace has, brought through the same door as a stranger's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any

from antiphon.builtins.actions import Log
from antiphon.builtins.brake import PutBrake
from antiphon.builtins.calendar import Holiday, OnWeekday, Time
from antiphon.builtins.conditions import Dedupe, Number, Text
from antiphon.builtins.consent import RecordConsent
from antiphon.builtins.consent_page import PAGE as CONSENTS
from antiphon.builtins.filters import FILTERS
from antiphon.builtins.gallery import gallery
from antiphon.builtins.http_request import HttpRequest
from antiphon.builtins.patterns.burst import Burst
from antiphon.builtins.patterns.combinations import AllOf, InOrder
from antiphon.builtins.patterns.missing import Missing
from antiphon.builtins.posts import LISTENING, POSTS
from antiphon.builtins.schedule import Schedule
from antiphon.builtins.secrets import secret
from antiphon.builtins.triggers import Manual, OnEvent, OnWorkflow, Poll
from antiphon.builtins.webhook import Webhook
from antiphon.components.action import Action, Computation
from antiphon.components.condition import Condition
from antiphon.components.page import WebPage
from antiphon.components.source import Source
from antiphon.components.trigger import Trigger
from antiphon.hookspecs import hookimpl


@hookimpl
def register_triggers() -> Iterable[type[Trigger]]:
    """The clock, sources, HTTP, events and what they come to together, people and other workflows."""
    return (Schedule, Poll, Webhook, OnEvent, Burst, Missing, AllOf, InOrder, Manual, OnWorkflow)


@hookimpl
def register_conditions() -> Iterable[type[Condition]]:
    """Questions about a value, about the calendar, and about what was there before."""
    return (Text, Number, Time, OnWeekday, Holiday, Dedupe)


@hookimpl
def register_actions() -> Iterable[type[Action | Computation]]:
    """Saying something, calling an address, the brake, consent, and what can be done with posts on any network."""
    return (Log, HttpRequest, PutBrake, RecordConsent, *POSTS)


@hookimpl
def register_sources() -> Iterable[type[Source]]:
    """What any network can be asked for that has it."""
    return LISTENING


@hookimpl
def register_pages() -> Iterable[WebPage]:
    """Who has agreed to what."""
    return (CONSENTS,)


@hookimpl
def register_recipes() -> Iterable[Traversable]:
    """The gallery that comes with Antiphon."""
    return (gallery(),)


@hookimpl
def register_filters() -> Mapping[str, Callable[..., Any]]:
    """Filters for texts, numbers, lists and moments."""
    return FILTERS


@hookimpl(trylast=True)
def resolve_secret(name: str) -> str | None:
    """The environment and the secrets file, after every other plugin had its say."""
    return secret(name)
