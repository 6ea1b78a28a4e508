"""The files of a workspace that go with a post: what they are is found in their content, not in their names."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from antiphon.components.media import Upload
from antiphon.errors import GiveUp
from antiphon.model.draft import Attachment, Medium, MediumKind
from antiphon.runtime.inspecting import facts_of

LARGEST = 1024**3
"""How many bytes of a file are read: what is larger is taken for a mistake."""

_KINDS: dict[str, MediumKind] = {"image": "image", "video": "video", "audio": "audio"}


class WorkspaceFiles:
    """Files below one folder. Neither `..` nor a link leads out of it, nor into what Antiphon keeps there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def look(self, attachment: Attachment) -> Medium:  # noqa: D102
        if attachment.url:
            guessed = mimetypes.guess_type(attachment.url.partition("?")[0])[0] or ""
            kind = attachment.kind or _KINDS.get(guessed.partition("/")[0], "document")
            return Medium(**attachment.model_dump(exclude={"kind"}), kind=kind, type=guessed)
        content = self._read(attachment.file)
        facts = facts_of(content, attachment.file)
        kind = attachment.kind or _KINDS.get(facts.type.partition("/")[0], "document")
        return Medium(
            **attachment.model_dump(exclude={"kind"}),
            kind=kind,
            type=facts.type,
            size=len(content),
            width=facts.width,
            height=facts.height,
            seconds=facts.seconds,
            sha256=hashlib.sha256(content).hexdigest(),
        )

    def load(self, medium: Medium) -> Upload:  # noqa: D102
        if medium.url:
            return Upload(medium)
        content = self._read(medium.file)
        if hashlib.sha256(content).hexdigest() != medium.sha256:
            raise GiveUp(f"The file {medium.file} is not what it was when this was planned.", hint="Plan it again.")
        return Upload(medium, content)

    def _read(self, name: str) -> bytes:
        path = (self._folder / name).resolve()
        inner = path.relative_to(self._folder).parts if path.is_relative_to(self._folder) else ()
        if not inner or inner[0] == ".antiphon":
            raise GiveUp(f"{name} is not a file of the workspace.", hint=f"Put it below {self._folder}.")
        try:
            if (size := path.stat().st_size) > LARGEST:
                raise GiveUp(f"{name} has {size:,} bytes; {LARGEST:,} are the most that is read.")
            content = path.read_bytes()
        except OSError as error:
            raise GiveUp(f"The file {name} cannot be read: {error.strerror}.", hint="Correct its name.") from error
        if not content:
            raise GiveUp(f"The file {name} is empty.")
        return content
