"""Publishing: slots and queues, a calendar, links of the brand's own, templates, and images that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from antiphon import Action, Clock, Computation, Doorway, PersonalRecords, Problem, Records, Run, WebPage, hookimpl
from antiphon_publishing.clicks import Clicks
from antiphon_publishing.cropping import Crop
from antiphon_publishing.pages import CALENDAR, LINKS
from antiphon_publishing.reserving import Release, Reserve, release_after
from antiphon_publishing.shortening import KIND, PATH, Shorten, Tag, untagged
from antiphon_publishing.tagging import utm
from antiphon_publishing.templates import Fill

if TYPE_CHECKING:
    import typer


@hookimpl
def register_actions() -> list[type[Action | Computation]]:
    """Slots, links, templates and crops."""
    return [Reserve, Release, Tag, Shorten, Fill, Crop]


@hookimpl
def register_personal() -> list[PersonalRecords]:
    """The tags of a short link may name somebody."""
    return [PersonalRecords(KIND, lambda link: link.data["tags"].values(), untagged)]


@hookimpl
def register_filters() -> Mapping[str, Callable[..., Any]]:
    """`utm`."""
    return {"utm": utm}


@hookimpl
def register_pages() -> Sequence[WebPage]:
    """The calendar, and who followed which link."""
    return [CALENDAR, LINKS]


@hookimpl
def register_doorways() -> Sequence[Doorway]:
    """Short links, at `/l/CODE`."""
    return [Doorway(PATH, Clicks().open)]


@hookimpl
def register_commands(cli: typer.Typer) -> None:
    """`antiphon calendar`, `antiphon links` and `antiphon images`."""
    import typer

    from antiphon import verb
    from antiphon_publishing import commands

    verb(cli, commands.calendar)
    verb(cli, commands.links)
    images = typer.Typer(no_args_is_help=True, help="Pictures that fit.", pretty_exceptions_enable=False)
    verb(images, commands.check)
    verb(images, commands.crop)
    cli.add_typer(images, name="images")


@hookimpl
def check_workspace(folder: Path) -> Iterable[Problem]:
    """What is wrong with slots.toml, links.toml and the templates."""
    from antiphon_publishing.checking import problems

    return problems(folder)


@hookimpl
def run_finished(run: Run, records: Records, clock: Clock) -> None:
    """Slots of a run that came to nothing are free again."""
    release_after(run, records, clock)
