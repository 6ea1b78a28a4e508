"""The seam: nouns are registered, moments are announced. This page is all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pluggy

from antiphon.components.action import Action, Computation
from antiphon.components.clock import Clock
from antiphon.components.condition import Condition
from antiphon.components.connector import Connector
from antiphon.components.doorway import Doorway
from antiphon.components.page import WebPage
from antiphon.components.ports import People, PersonalRecords, Records
from antiphon.components.section import Section
from antiphon.components.source import Source
from antiphon.components.trigger import Trigger
from antiphon.errors import Problem
from antiphon.model.effect import Effect
from antiphon.model.run import Run

if TYPE_CHECKING:
    import typer

PROJECT = "antiphon"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as its answer to a hook of the same name."""


class Hooks(Protocol):
    """What a plugin may answer. A function may take any subset of a hook's arguments."""

    @hookspec
    def register_connectors(self) -> Iterable[type[Connector]]:
        """Networks that connections can be made to, each with the sources that can be polled."""

    @hookspec
    def register_sources(self) -> Iterable[type[Source]]:
        """What can be polled of any connection whose network has the ability; a network's own come with it."""

    @hookspec
    def register_triggers(self) -> Iterable[type[Trigger]]:
        """Kinds of call."""

    @hookspec
    def register_conditions(self) -> Iterable[type[Condition]]:
        """Kinds of question."""

    @hookspec
    def register_actions(self) -> Iterable[type[Action | Computation]]:
        """What a step can use."""

    @hookspec
    def register_sections(self) -> Iterable[type[Section]]:
        """Parts of reports."""

    @hookspec
    def register_recipes(self) -> Iterable[Traversable]:
        """Folders that hold recipe documents."""

    @hookspec
    def register_filters(self) -> Mapping[str, Callable[..., Any]]:
        """Filters for expressions: pure functions, quick on any input. A name that is taken is an error."""

    @hookspec
    def register_commands(self, cli: typer.Typer) -> None:
        """Words of the command line."""

    @hookspec
    def register_pages(self) -> Iterable[WebPage]:
        """Pages of the local web page, with their entries in the menu."""

    @hookspec
    def register_doorways(self) -> Iterable[Doorway]:
        """What anybody may open without signing in, such as a short link."""

    @hookspec
    def register_personal(self) -> Iterable[PersonalRecords]:
        """Which kinds of a plugin's records are about people: what is kept of somebody is shown, and taken away."""

    @hookspec
    def same_person(self, records: Records, name: str) -> Iterable[str]:
        """Other ids and addresses of whoever has this one: what one of them has refused, no other is sent."""

    @hookspec(firstresult=True)
    def resolve_secret(self, name: str) -> str | None:
        """The value of a secret, or None to leave it to the next plugin."""

    @hookspec
    def review_effect(self, effect: Effect, people: People, records: Records, clock: Clock) -> str | None:
        """A reason to refuse this effect, or None. Any reason stops it, and all reasons are kept."""

    @hookspec
    def check_workspace(self, folder: Path) -> Iterable[Problem]:
        """What is wrong with files of the workspace that only this plugin reads; `antiphon check` lists it."""

    @hookspec
    def run_finished(self, run: Run, records: Records, clock: Clock) -> None:
        """A run has ended. What an observer raises is noted and harms nobody; what it keeps, it keeps in `records`."""
