"""Actions that hand a report on."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

import antiphon
from antiphon import (
    Action,
    Done,
    Duration,
    Effect,
    GiveUp,
    InputError,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    Record,
    Rejected,
    Report,
)

KIND = "report.written"
"""The kind of record that notes what was written."""

BLOCKS = "report.blocks"
"""The kind of record that has what a report said, by the name of its files."""


class WriteReport(Action):
    """Write a report about the last days into the workspace, as a web page, Markdown and CSV.

    use: report.write
    with:
      name: weekly
      title: The week
      period: 7d
      sections: [heard, answered, {section: runs, reasons: 5}, waiting]

    The result has `files`, to be attached to a message, and `summary`, the first figures as a few lines of text.
    """

    name = "report.write"
    outward = False

    class Options(antiphon.Options):
        """Which report, about which time, and where it goes."""

        name: str = Field(
            pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60, description="The beginning of the files' names."
        )
        title: str = Field(default="", description="The title; the name when there is none.")
        period: Duration = Field(
            default=timedelta(days=7),
            description="How far back. Whole days begin at midnight: `7d` is the seven days before today.",
        )
        today: bool = Field(default=True, description="Whether today, which is not over, belongs to it too.")
        sections: list[str | dict[str, Any]] = Field(
            default=["heard", "answered", "runs", "people", "waiting"],
            min_length=1,
            description="The parts in their order: a name, or a mapping of `section` and its options.",
        )
        language: Literal["en", "fr"] | None = Field(default=None, description="The reader's; else the workspace's.")
        to: str = Field(default="reports", description="A folder of the workspace.")

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """Which files, and which time they tell of."""
        folder = PurePosixPath(options.to)
        if folder.is_absolute() or ".." in folder.parts or "\\" in options.to:
            raise GiveUp(
                f"A report cannot be written to {options.to!r}, which is not inside the workspace.",
                hint="Name a folder such as `reports`.",
            )
        now = ctx.clock.now()
        since, until = period(now, options.period, ctx.here.timezone, today=options.today)
        base = folder / f"{options.name}-{now.astimezone(ctx.here.timezone):%Y-%m-%d}"
        language = options.language or ("fr" if ctx.here.language == "fr" else "en")
        return ctx.effect(
            self.name,
            f"Write {base}.html, .md and .csv about {_told(since, ctx)} to {_told(until, ctx)}",
            {
                "to": str(base),
                "title": options.title or options.name,
                "language": language,
                "since": since.isoformat(),
                "until": until.isoformat(),
                "sections": options.sections,
            },
        )

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Write the files, then note that they are there. Writing twice replaces them with the same."""
        wanted = effect.payload
        try:
            written = ctx.reports.write(
                wanted["sections"],
                title=wanted["title"],
                since=datetime.fromisoformat(wanted["since"]),
                until=datetime.fromisoformat(wanted["until"]),
                language=wanted["language"],
                to=wanted["to"],
            )
        except InputError as error:
            return Rejected(error.sentence, fix=error.hint)
        told, now = {"files": list(written.files), "summary": written.summary}, ctx.clock.now()
        ctx.records.put(BLOCKS, PurePosixPath(wanted["to"]).name, _said(written.report), now)
        note = ctx.records.put(KIND, effect.key, {**wanted, **told}, now)
        return Done(_receipt(effect, note))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """The note is written when all files are there; without it, they may be written again."""
        note = ctx.records.get(KIND, effect.key)
        return Done(_receipt(effect, note)) if note else None


def period(now: datetime, length: timedelta, timezone: ZoneInfo, *, today: bool) -> tuple[datetime, datetime]:
    """The time a report tells of, in UTC: whole days reach back from the last midnight, other lengths from now."""
    if length % timedelta(days=1):
        return now - length, now
    midnight = datetime.combine(now.astimezone(timezone).date(), time(), timezone)
    # On the local calendar, since a day of the clock change is not 24 hours long.
    since = datetime.combine(midnight.date() - length, time(), timezone)
    return since.astimezone(UTC), now if today else midnight.astimezone(UTC)


def _told(moment: datetime, ctx: ReadContext) -> str:
    return f"{moment.astimezone(ctx.here.timezone):%Y-%m-%d %H:%M}"


def _said(report: Report) -> dict[str, Any]:
    """What a report says, for the page that shows it again."""
    return report.model_dump(mode="json", include={"title", "subtitle", "language", "since", "until", "blocks"})


def _receipt(effect: Effect, note: Record) -> Receipt:
    content = json.dumps(effect.payload, sort_keys=True, ensure_ascii=False)
    return Receipt(
        remote_id=effect.payload["to"],
        at=note.updated_at,
        payload_hash=hashlib.sha256(content.encode()).hexdigest(),
        data={"files": note.data["files"], "summary": note.data.get("summary", "")},
    )
