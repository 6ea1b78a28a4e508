"""Media on their way: the files of a workspace, what stands at addresses, and what of them is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from antiphon.errors import GiveUp
from antiphon.model.draft import Attachment, Medium


@dataclass(frozen=True, slots=True)
class Upload:
    """A medium with its content."""

    medium: Medium
    content: bytes


class Files(Protocol):
    """What may be sent: the files of the workspace, and what anybody may fetch."""

    def look(self, attachment: Attachment) -> Medium:
        """What an attachment is. Raises GiveUp when there is no such thing, or it is too large, and RetryLater when it
        is at an address where nobody answers."""

    def load(self, medium: Medium) -> Upload:
        """Its content. Raises GiveUp when it is not there any more, or is not what was looked at, and RetryLater as
        `look` does."""

    def save(self, name: str, content: bytes) -> None:
        """Keep a new file. One that is there is never changed: raises GiveUp, unless it has the same content."""


class NoFiles:
    """Where there is no workspace, there is nothing to send; of an address its name is believed."""

    def look(self, attachment: Attachment) -> Medium:  # noqa: D102
        if attachment.file:
            raise GiveUp(f"There is no file {attachment.file}, since there is no workspace.")
        return Medium.model_validate(attachment.model_dump())

    def load(self, medium: Medium) -> Upload:  # noqa: D102
        raise GiveUp(f"{medium.name} cannot be had, since there is no workspace.")

    def save(self, name: str, content: bytes) -> None:  # noqa: D102
        raise GiveUp(f"The file {name} cannot be kept, since there is no workspace.")
