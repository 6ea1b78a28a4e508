"""Reports that a rehearsal would have written: where they would be is known, and they can be attached, unwritten."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from antiphon.components.media import Files, Upload
from antiphon.components.ports import Written
from antiphon.model.draft import Attachment, Medium
from antiphon.model.report import Report
from antiphon.rehearsal.offline import OutOfReach


@dataclass
class Unwritten:
    """The port of reports, which says where they would be and writes none."""

    files: set[str] = field(default_factory=set)

    def write(
        self, sections: Sequence[Any], *, title: str, since: datetime, until: datetime, language: str, to: str
    ) -> Written:
        """See components.ports.Reports."""
        files = [f"{to}.{ending}" for ending in ("html", "md", "csv")]
        self.files.update(files)
        told: Any = language
        report = Report(title=title, language=told, since=since, until=until, made_at=until, blocks=())
        return Written(files, report, title)


@dataclass(frozen=True)
class WithUnwritten:
    """The files of the workspace, and those of reports that would be among them; none is added."""

    files: Files
    reports: Unwritten

    def look(self, attachment: Attachment) -> Medium:  # noqa: D102
        if attachment.file not in self.reports.files:
            return self.files.look(attachment)
        kind = mimetypes.guess_type(attachment.file)[0] or "application/octet-stream"
        return Medium(**attachment.model_dump(exclude={"kind"}), kind=attachment.kind or "document", type=kind)

    def load(self, medium: Medium) -> Upload:  # noqa: D102
        return self.files.load(medium)

    def save(self, name: str, content: bytes) -> None:
        """Never."""
        raise OutOfReach(f"The file {name} is not written in a rehearsal.")
