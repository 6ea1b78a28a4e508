"""Telling: the story on a terminal, while it happens and when it is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from antiphon.app import Antiphon
from antiphon.demonstration.story import Told
from antiphon.model.activation import Activation
from antiphon.model.effect import LedgerEntry
from antiphon.model.run import RunState


class Chapters:
    """The progress of the story: a line a chapter, with a bar while it lasts."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def chapter(self, name: str, total: int | None = None) -> None:
        """See story.Teller."""
        self.close()
        self._task = self._progress.add_task(name, total=total, word="")

    def word(self, sentence: str) -> None:
        """See story.Teller."""
        if self._task is not None:
            self._progress.update(self._task, word=sentence)

    def part(self) -> None:
        """See story.Teller."""
        if self._task is not None:
            self._progress.advance(self._task)

    def close(self) -> None:
        """The chapter under way is over."""
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1, word="")
            self._task = None


@contextmanager
def chapters(console: Console) -> Iterator[Chapters]:
    """A progress display for the length of the block."""
    columns: Sequence[Any] = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[word]}"),
    )
    with Progress(*columns, console=console) as progress:
        found = Chapters(progress)
        yield found
        found.close()


def summary(app: Antiphon, told: Told) -> RenderableType:
    """What was done and why, and what it came to at the networks."""
    parts: list[RenderableType] = [_workflows(app, told.activations), *_examples(app, told.activations)]
    return Group(*parts, Text(), _proof(told), *(Text(f"! {remark}", style="yellow") for remark in told.remarks))


def _workflows(app: Antiphon, activations: Sequence[Activation]) -> Table:
    table = Table(title="\nWhat the workflows did", title_justify="left", title_style="bold")
    table.add_column("workflow")
    for heading in ("calls", "answered", "declined"):
        table.add_column(heading, justify="right")
    table.add_column("effects")
    for one in activations:
        states = Counter(run.state for run in one.runs)
        effects = ", ".join(f"{count} {state}" for state, count in one.effects.items())
        counts = (len(one.runs), states[RunState.DONE], states[RunState.DECLINED])
        table.add_row(app.program(one.workflow).name, *map(str, counts), effects)
    return table


def _examples(app: Antiphon, activations: Sequence[Activation]) -> Iterator[RenderableType]:
    """Of each workflow one effect of every kind, word for word, and one reason why a call was declined."""
    for one in activations:
        shown: dict[str, LedgerEntry] = {}
        for entry in one.entries:
            shown.setdefault(entry.effect.action, entry)
        declined = [run.because for run in one.runs if run.state is RunState.DECLINED]
        if shown or declined:
            yield Text(f"\n{app.program(one.workflow).name}", style="bold")
        for entry in shown.values():
            where = entry.receipt.url or entry.receipt.remote_id if entry.receipt else entry.reason
            yield Text.assemble("  ✓ ", entry.effect.summary, ("  → " + where if where else "", "dim"))
        if declined:
            yield Text(f"  – declined, because {declined[0]}", style="dim")


def _proof(told: Told) -> RenderableType:
    """The promise, counted at the networks' end."""
    at_work = f"At the networks {len(told.received)} posts, answers and boosts arrived, for {told.receipts} receipts"
    verdict = ("Nothing lost, nothing twice.", "bold green") if told.kept else ("THE PROMISE WAS BROKEN.", "bold red")
    return Group(
        Text(f"Heard {told.posts:,} posts and {told.news} news items.", style="bold"),
        Text(f"{at_work}; {told.doubled} came twice."),
        Text(f"{told.approved} answers waited for a person, who read and approved them."),
        Text(f"Then everything was delivered a second time: {told.repeated} new effects."),
        Text(*verdict),
    )


def farewell(folder: Path, report: Path | None) -> RenderableType:
    """Where to look next."""
    lines = [Text()]
    if report is not None:
        lines.append(Text.assemble(("The week in figures: ", "bold"), report.resolve().as_uri()))
    lines.append(Text(f"Look around: antiphon runs list -C {folder}, antiphon effects list -C {folder}", style="dim"))
    return Group(*lines)
