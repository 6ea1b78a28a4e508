"""Leads: people who engaged and may become customers, each kept under a stated basis, told apart, and scored."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from antiphon import Action, Computation, InputError, PersonalRecords, Place, Problem, Records, WebPage, hookimpl
from antiphon_leads import page
from antiphon_leads.keeping import Keep
from antiphon_leads.personal import claims, others
from antiphon_leads.qualifying import Answer, Qualify, Read, Score
from antiphon_leads.scoring import FILE, Rules

if TYPE_CHECKING:
    import typer


@hookimpl
def register_actions() -> list[type[Action | Computation]]:
    """Keeping leads, reading and scoring them, and telling when one is ripe."""
    return [Answer, Keep, Qualify, Read, Score]


@hookimpl
def register_pages() -> list[WebPage]:
    """The page of leads."""
    return [WebPage(page.PATH, {"en": "Leads", "fr": "Prospects"}, page.view, page.detail)]


@hookimpl
def register_personal() -> list[PersonalRecords]:
    """Every kind of record of this plugin is about people."""
    return claims()


@hookimpl
def same_person(records: Records, name: str) -> Iterable[str]:
    """The accounts that are one lead, and their proved addresses."""
    return others(records, name)


@hookimpl
def check_workspace(folder: Path) -> list[Problem]:
    """What is wrong with leads.toml, where there is one."""
    file = folder / FILE
    try:
        if file.is_file():
            Rules.read(file.read_bytes())
    except InputError as error:
        return [Problem(Place(FILE), error.sentence, error.hint)]
    return []


@hookimpl
def register_commands(cli: typer.Typer) -> None:
    """`antiphon leads`."""
    import typer

    from antiphon import verb
    from antiphon_leads import commands

    group = typer.Typer(no_args_is_help=True, help="People who may become customers.", pretty_exceptions_enable=False)
    for function in (
        commands.list_,
        commands.show,
        commands.answer,
        commands.review,
        commands.merge,
        commands.unmerge,
        commands.import_,
        commands.export,
    ):
        verb(group, function)
    cli.add_typer(group, name="leads")
