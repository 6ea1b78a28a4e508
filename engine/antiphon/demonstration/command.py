"""`antiphon demo`: the whole story on real posts, without touching the world."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Annotated

import typer


def demo(
    posts: Annotated[
        Path | None, typer.Option(help="Posts of your own: a CSV or JSON Lines file with a column `text`.")
    ] = None,
    to: Annotated[Path, typer.Option(help="Where the demonstration's workspace is made.")] = Path(".demo"),
    language: Annotated[str, typer.Option(help="The language of the report: en or fr.")] = "en",
    tweets: Annotated[bool, typer.Option(help="Whether 4,200 real tweets are among the posts.")] = True,
    serve: Annotated[bool, typer.Option(help="Keep Prefect's page open until Ctrl-C.")] = False,
) -> None:
    """The whole story: two sandbox networks, thousands of posts, eight workflows, the ledger, and a report."""
    from rich.console import Console

    from antiphon.app import Antiphon
    from antiphon.components.clock import SystemClock
    from antiphon.demonstration.story import tell
    from antiphon.demonstration.telling import chapters, farewell, summary
    from antiphon.demonstration.town import open_town
    from antiphon.demonstration.workspace import make_workspace
    from antiphon.errors import AntiphonError, InputError
    from antiphon.testing.posts import OwnPosts, read_posts

    console = Console(highlight=False)
    try:
        own = read_posts(posts) if posts else OwnPosts((), ())
        with open_town(SystemClock()) as town:
            make_workspace(to, town, "fr" if language == "fr" else "en")
            os.environ["ANTIPHON_SECRET_DEMO_BRAND"] = town.brand.token
            os.environ["ANTIPHON_SECRET_DEMO_COMMUNITY"] = town.community.token
            app = Antiphon.open(to)
            with ExitStack() as stack:
                with chapters(console) as progress:
                    cache = _cache() if tweets else None
                    told = stack.enter_context(tell(app, town, own.posts, progress, cache=cache))
                told.remarks += own.skipped
                console.print(summary(app, told), farewell(to, told.report), sep="\n")
                if serve:
                    console.print(f"Prefect's page: {told.page} (Ctrl-C ends it)")
                    _until_interrupted()
            app.close()
    except AntiphonError as error:
        Console(stderr=True, highlight=False).print(f"[bold red]error:[/] {error}")
        raise typer.Exit(1 if isinstance(error, InputError) else 3) from error
    if not told.kept:
        raise typer.Exit(1)


def _until_interrupted() -> None:
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "antiphon"
