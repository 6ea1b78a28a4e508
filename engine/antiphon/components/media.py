"""Media on their way: the files of a workspace, and what of them is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from antiphon.errors import GiveUp
from antiphon.model.draft import Attachment, Medium


@dataclass(frozen=True, slots=True)
class Upload:
    """A medium with its content; without content when it is an address that the network fetches."""

    medium: Medium
    content: bytes = b""


class Files(Protocol):
    """The files of the workspace that may be sent."""

    def look(self, attachment: Attachment) -> Medium:
        """What an attachment is. Raises GiveUp when there is no such file in the workspace, or it is too large."""

    def load(self, medium: Medium) -> Upload:
        """Its content. Raises GiveUp when it is not there any more, or is not what was looked at."""

    def save(self, name: str, content: bytes) -> None:
        """Keep a new file. One that is there is never changed: raises GiveUp, unless it has the same content."""


class NoFiles:
    """Where there is no workspace, there is nothing to send; an address is only passed on."""

    def look(self, attachment: Attachment) -> Medium:  # noqa: D102
        if attachment.file:
            raise GiveUp(f"There is no file {attachment.file}, since there is no workspace.")
        return Medium.model_validate(attachment.model_dump())

    def load(self, medium: Medium) -> Upload:  # noqa: D102
        if medium.file:
            raise GiveUp(f"There is no file {medium.file}, since there is no workspace.")
        return Upload(medium)

    def save(self, name: str, content: bytes) -> None:  # noqa: D102
        raise GiveUp(f"The file {name} cannot be kept, since there is no workspace.")
