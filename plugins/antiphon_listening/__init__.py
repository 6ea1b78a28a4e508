"""Listening: what is said of the brand, how it feels and what is wanted, told on this machine and by nobody else's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from antiphon import Action, Computation, Condition, Section, Source, Trigger, WebPage, hookimpl
from antiphon_listening.actions import CloseIncident, OpenIncident
from antiphon_listening.computations import Understand
from antiphon_listening.conditions import Asked, Emotion, Intent, Sentiment
from antiphon_listening.could_not_hear import CouldNotHear
from antiphon_listening.pages import PAGES
from antiphon_listening.share import ShareOfVoice
from antiphon_listening.sources import SavedQuery
from antiphon_listening.triggers import OnSpike

if TYPE_CHECKING:
    import typer


@hookimpl
def register_actions() -> list[type[Action | Computation]]:
    """Understanding, and incidents."""
    return [Understand, OpenIncident, CloseIncident]


@hookimpl
def register_conditions() -> list[type[Condition]]:
    """Questions about what a text says."""
    return [Sentiment, Emotion, Intent, Asked]


@hookimpl
def register_sources() -> list[type[Source]]:
    """The saved query."""
    return [SavedQuery]


@hookimpl
def register_triggers() -> list[type[Trigger]]:
    """Spikes."""
    return [OnSpike]


@hookimpl
def register_sections() -> list[type[Section]]:
    """Share of voice, and what could not be heard."""
    return [ShareOfVoice, CouldNotHear]


@hookimpl
def register_pages() -> Iterable[WebPage]:
    """What is heard, and incidents."""
    return PAGES


@hookimpl
def register_commands(cli: typer.Typer) -> None:
    """`antiphon listening` and `antiphon incidents`."""
    from antiphon_listening import commands, incident_commands

    cli.add_typer(commands.group(), name="listening")
    cli.add_typer(incident_commands.group(), name="incidents")
