"""What can be told about a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol


class Reports(Protocol):
    """What can be told about a period."""

    def write(
        self, sections: Sequence[Any], *, title: str, since: datetime, until: datetime, language: str, to: str
    ) -> Sequence[str]:
        """Build a report of the named sections and write it below the workspace folder; returns the files' paths.

        `sections` holds names, or mappings with `section` and options. `to` is a path without an ending, relative to
        the workspace. Every file appears whole or not at all.
        """


CredentialKind = Literal["connection", "secret"]
