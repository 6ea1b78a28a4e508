"""The reporter: reports by the names of their sections, for whoever asks with words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from antiphon.components.clock import Clock
from antiphon.components.ports import Store, Written
from antiphon.components.section import ReportContext, Section
from antiphon.errors import InputError
from antiphon.model.base import describe
from antiphon.model.report import Report
from antiphon.report.build import build
from antiphon.report.files import write
from antiphon.report.lines import to_lines
from antiphon.suggest import nearest


@dataclass(frozen=True)
class Reporter:
    """Builds and writes the reports of one workspace. It is the port `Reports`."""

    sections: Mapping[str, type[Section]]
    store: Store
    clock: Clock
    folder: Path
    timezone: ZoneInfo
    workspace: str

    def build(self, sections: Sequence[Any], *, title: str, since: datetime, until: datetime, language: str) -> Report:
        """The report of some sections, each a name or a mapping of `section` and its options.

        Raises:
            InputError: there is no such section, or its options are wrong.
        """
        ctx = ReportContext(
            since=since,
            until=until,
            language="fr" if language == "fr" else "en",
            timezone=self.timezone,
            store=self.store,
        )
        chosen = [self._section(one) for one in sections]
        return build(chosen, ctx, title, self.workspace, made_at=self.clock.now())

    def write(
        self, sections: Sequence[Any], *, title: str, since: datetime, until: datetime, language: str, to: str
    ) -> Written:
        """See components.ports.Reports."""
        report = self.build(sections, title=title, since=since, until=until, language=language)
        base = (self.folder / to).resolve()
        if not base.is_relative_to(self.folder.resolve()):
            raise InputError(f"A report cannot be written to {to!r}, which is outside the workspace.")
        files = [str(path.relative_to(self.folder.resolve())) for path in write(report, base)]
        return Written(files, report, to_lines(report))

    def _section(self, asked: Any) -> tuple[Section, Any]:
        name, options = (asked, {}) if isinstance(asked, str) else (asked.get("section"), dict(asked))
        if isinstance(options, dict):
            options.pop("section", None)
        section = self.sections.get(str(name))
        if section is None:
            hint = nearest(str(name), self.sections) or f"The sections are {', '.join(self.sections)}."
            raise InputError(f"There is no section `{name}`.", hint=hint)
        try:
            return section(), section.Options.model_validate(options)
        except ValidationError as error:
            raise InputError(f"The section `{name}` cannot use this: {describe(error)}.") from error
