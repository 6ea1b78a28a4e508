"""Outreach: creators who may speak for the brand, from finding them to counting what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from antiphon import Action, Clock, Computation, Condition, Effect, PersonalRecords, Records, WebPage, hookimpl
from antiphon_outreach import page
from antiphon_outreach.finding import Find
from antiphon_outreach.keeping import Keep
from antiphon_outreach.moving import Agree, Move
from antiphon_outreach.personal import claims, others
from antiphon_outreach.rating import Labelled, Rate
from antiphon_outreach.reading import Read
from antiphon_outreach.turns import Free, Reserve, reason_against

if TYPE_CHECKING:
    import typer


@hookimpl
def register_actions() -> list[type[Action | Computation]]:
    """Finding, keeping, reading and scoring creators; whose turn it is; the pipeline and what is agreed."""
    return [Find, Keep, Read, Rate, Reserve, Move, Agree]


@hookimpl
def register_conditions() -> list[type[Condition]]:
    """Whether somebody may be written to, and whether a post says that it is paid for."""
    return [Free, Labelled]


@hookimpl
def review_effect(effect: Effect, records: Records, clock: Clock) -> str | None:
    """Nobody is written to who said no, or to whom somebody else is writing."""
    return reason_against(effect, records, clock.now())


@hookimpl
def register_personal() -> list[PersonalRecords]:
    """Every kind of record of this plugin is about people."""
    return claims()


@hookimpl
def same_person(records: Records, name: str) -> Iterable[str]:
    """The accounts that are one creator, and the addresses that are theirs alone."""
    return others(records, name)


@hookimpl
def register_pages() -> list[WebPage]:
    """The page of creators."""
    return [WebPage(page.PATH, {"en": "Creators", "fr": "Créateurs"}, page.view, page.detail)]


@hookimpl
def register_commands(cli: typer.Typer) -> None:
    """`antiphon creators`."""
    import typer

    from antiphon import verb
    from antiphon_outreach import commands

    group = typer.Typer(no_args_is_help=True, help="Creators: found, agreed, counted.", pretty_exceptions_enable=False)
    for function in (
        commands.list_,
        commands.show,
        commands.history,
        commands.score,
        commands.tag,
        commands.move,
        commands.agree,
        commands.results_,
        commands.link,
        commands.unlink,
        commands.import_,
        commands.export,
    ):
        verb(group, function)
    cli.add_typer(group, name="creators")
