"""What Prefect is to know of each workflow: one registration for each way in which it is woken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from antiphon.app import Antiphon
from antiphon.model.duration import format_duration
from antiphon.model.program import Program
from antiphon.orchestrator.tags import EVENTS, tags_of
from antiphon.orchestrator.words import schedule_in_words


@dataclass(frozen=True)
class Registration:
    """One deployment. `every` is for Prefect to keep; `ticks` says that its flow runs are posted by us."""

    folder: str
    workflow: str
    name: str
    description: str
    tags: tuple[str, ...]
    every: timedelta | None = None
    ticks: bool = False

    @property
    def slug(self) -> str:
        """What Prefect calls it, such as `weekly-figures/monday`."""
        return f"{self.workflow}/{self.name}"

    @property
    def trigger(self) -> str:
        """The trigger that is woken; empty for events, which wake by themselves."""
        return self.name if self.every or self.ticks else ""

    @property
    def version(self) -> str:
        """Twelve digits that are the same as long as there is nothing to change."""
        text = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def registrations(app: Antiphon) -> Iterator[Registration]:
    """Of every enabled workflow: its schedules, its polls, and one door for events, deliveries and people."""
    folder = str(app.settings.folder)
    for program in app.programs.values():
        yield Registration(folder, program.id, EVENTS, _of_events(program), tuple(tags_of(program)))
    for waking in [*app.schedule_triggers(), *app.poll_triggers()]:
        program = app.program(waking.workflow)
        tags = tuple(tags_of(program, waking.trigger))
        if waking.every is None:
            options = next(one.options for one in program.triggers if one.id == waking.trigger)
            words = schedule_in_words(options, program.timezone)
            yield Registration(folder, program.id, waking.trigger, words, tags, ticks=True)
        else:
            words = f"Asks its source every {format_duration(waking.every)}."
            yield Registration(folder, program.id, waking.trigger, words, tags, every=waking.every)


def _of_events(program: Program) -> str:
    kinds = sorted({trigger.kind for trigger in program.triggers} - {"schedule", "poll"})
    return f"Answers {', '.join(kinds)} triggers." if kinds else "Continues runs that were interrupted."
