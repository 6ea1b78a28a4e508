"""Reporting: what was heard and answered, and what still waits, as sections of a report and a file to hand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from antiphon import Action, Section, WebPage, hookimpl
from antiphon_reporting.actions import WriteReport
from antiphon_reporting.collecting import Collect
from antiphon_reporting.pages import PAGES
from antiphon_reporting.sections import Answered, Board, Heard, People, Runs, Waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer


@hookimpl
def register_sections() -> list[type[Section]]:
    """The parts that a report can be made of."""
    return [Board, Heard, Answered, Runs, People, Waiting]


@hookimpl
def register_actions() -> list[type[Action]]:
    """Asking networks for numbers, and writing a report."""
    return [Collect, WriteReport]


@hookimpl
def register_pages() -> Sequence[WebPage]:
    """The reports that were written, the board as it stands now, and the formulas."""
    return PAGES


@hookimpl
def register_commands(cli: typer.Typer) -> None:
    """`antiphon metrics` and `antiphon formulas`."""
    import typer

    from antiphon import verb
    from antiphon_reporting import commands

    told = {"metrics": "What networks tell in numbers.", "formulas": "How numbers are made of what networks tell."}
    groups = {
        name: typer.Typer(no_args_is_help=True, help=help, pretty_exceptions_enable=False)
        for name, help in told.items()
    }
    verb(groups["metrics"], commands.import_)
    verb(groups["metrics"], commands.show)
    verb(groups["formulas"], commands.list_)
    verb(groups["formulas"], commands.show_formula, name="show")
    for name, group in groups.items():
        cli.add_typer(group, name=name)
