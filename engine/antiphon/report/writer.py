"""Reports by name: sections found in the catalogue, options checked, files in the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from antiphon.components.clock import Clock
from antiphon.components.ports import Store
from antiphon.components.section import ReportContext, Section
from antiphon.errors import InputError
from antiphon.model.report import Report
from antiphon.report.build import build
from antiphon.report.files import write

LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class ReportWriter:
    """The port `Reports`, for one workspace: `folder` is where its files go, `timezone` is its reader's."""

    sections: Mapping[str, type[Section]]
    store: Store
    clock: Clock
    timezone: ZoneInfo
    folder: Path

    def write(
        self, sections: Sequence[Any], *, title: str, since: datetime, until: datetime, language: str, to: str
    ) -> Sequence[str]:
        """As the port says.

        Raises:
            InputError: an unknown section or option, or a path that leads out of the workspace; nothing was written.
        """
        base = (self.folder / to).resolve()
        if not base.is_relative_to(self.folder.resolve()):
            raise InputError(f"The report cannot be written to {to!r}.", hint="Name a path inside the workspace.")
        report = self.report(sections, title=title, since=since, until=until, language=language)
        return [str(path.relative_to(self.folder.resolve())) for path in write(report, base)]

    def report(
        self,
        sections: Sequence[Any],
        *,
        title: str,
        since: datetime,
        until: datetime,
        language: str,
        subtitle: str = "",
    ) -> Report:
        """The report itself. Raises InputError."""
        if language not in LANGUAGES:
            raise InputError(f"There are no reports in {language!r}.", hint=f"Choose among {', '.join(LANGUAGES)}.")
        spoken = cast(Literal["en", "fr"], language)
        ctx = ReportContext(since, until, spoken, self.timezone, self.store)
        return build([self._find(item) for item in sections], ctx, title, subtitle, made_at=self.clock.now())

    def _find(self, item: Any) -> tuple[Section, Any]:
        options = dict(item) if isinstance(item, Mapping) else {"section": item}
        name = options.pop("section", None)
        if not isinstance(name, str) or name not in self.sections:
            near = get_close_matches(str(name), self.sections, n=1)
            known = ", ".join(sorted(self.sections)) or "none"
            hint = f"Did you mean {near[0]!r}?" if near else f"The sections here are: {known}."
            raise InputError(f"There is no section {name!r}." if name else "A section has no name.", hint=hint)
        kind = self.sections[name]
        try:
            return kind(), kind.Options.model_validate(options)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(f"Section {name}, option `{where}`: {first['msg']}.", hint=kind.example()) from error
