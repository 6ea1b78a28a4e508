"""What can be told about a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from antiphon.model.report import Report


@dataclass(frozen=True, slots=True)
class Written:
    """A report that was written: the paths of its files, what it says, and its first figures as a few lines of text."""

    files: Sequence[str]
    report: Report
    summary: str


class Reports(Protocol):
    """What can be told about a period."""

    def write(
        self, sections: Sequence[Any], *, title: str, since: datetime, until: datetime, language: str, to: str
    ) -> Written:
        """Build a report of the named sections and write it below the workspace folder.

        `sections` holds names, or mappings with `section` and options. `to` is a path without an ending, relative to
        the workspace. Every file appears whole or not at all.
        """
