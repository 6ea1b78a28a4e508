"""Publishing: slots and queues, a calendar, links of the brand's own, templates, and images that fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from antiphon import Action, Clock, Computation, Records, Run, WebPage, hookimpl
from antiphon_publishing.pages import CALENDAR
from antiphon_publishing.reserving import Release, Reserve, release_after

if TYPE_CHECKING:
    import typer


@hookimpl
def register_actions() -> list[type[Action | Computation]]:
    """Reserving slots."""
    return [Reserve, Release]


@hookimpl
def register_pages() -> Sequence[WebPage]:
    """The calendar."""
    return [CALENDAR]


@hookimpl
def register_commands(cli: typer.Typer) -> None:
    """`antiphon calendar`."""
    from antiphon import verb
    from antiphon_publishing import commands

    verb(cli, commands.calendar)


@hookimpl
def run_finished(run: Run, records: Records, clock: Clock) -> None:
    """Slots of a run that came to nothing are free again."""
    release_after(run, records, clock)
