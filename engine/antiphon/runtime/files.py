"""What goes with a post, of the workspace or from the web: what it is is found in its content, not in its name."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from antiphon.components.media import Upload
from antiphon.components.secret_marks import has_secret_mark
from antiphon.components.targets import short
from antiphon.errors import GiveUp
from antiphon.model.draft import Attachment, Medium, MediumKind
from antiphon.runtime.fetching import Fetch
from antiphon.runtime.inspecting import facts_of

LARGEST = 1024**3
"""How many bytes of a file are read: what is larger is taken for a mistake."""

_KINDS: dict[str, MediumKind] = {"image": "image", "video": "video", "audio": "audio"}


class WorkspaceFiles:
    """Files below one folder. Neither `..` nor a link leads out of it, nor into what Antiphon keeps there.

    What stands at an address is fetched to be looked at, and once more to be sent; without `fetch` nothing is, and its
    name is believed. So it is, too, where the address is secret until the last moment.
    """

    def __init__(self, folder: Path, fetch: Fetch | None = None) -> None:
        self._folder = folder.resolve()
        self._fetch = fetch

    def look(self, attachment: Attachment) -> Medium:  # noqa: D102
        if attachment.url and (self._fetch is None or has_secret_mark(attachment.url)):
            guessed = mimetypes.guess_type(attachment.url.partition("?")[0])[0] or ""
            kind = attachment.kind or _KINDS.get(guessed.partition("/")[0], "document")
            return Medium(**attachment.model_dump(exclude={"kind"}), kind=kind, type=guessed)
        content = self._content(attachment)
        facts = facts_of(content, attachment.name)
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
        content = self._content(medium)
        if medium.sha256 and hashlib.sha256(content).hexdigest() != medium.sha256:
            raise GiveUp(f"{medium.name} is not what it was when this was planned.", hint="Plan it again.")
        return Upload(medium, content)

    def save(self, name: str, content: bytes) -> None:  # noqa: D102
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as half:
                half.write(content)
            try:
                os.link(half.name, path)  # whole or not at all, and never over a file that is there
            except FileExistsError:
                if path.read_bytes() != content:
                    raise GiveUp(f"{name} is there already, and is another file.", hint="Move it away.") from None
            finally:
                Path(half.name).unlink()
        except OSError as error:
            raise GiveUp(
                f"The file {name} cannot be written: {error.strerror}.", hint="May you write there?"
            ) from error

    def _content(self, attachment: Attachment) -> bytes:
        if not attachment.url:
            return self._read(attachment.file)
        if self._fetch is None:
            raise GiveUp(f"Nobody fetches {attachment.name} here.")
        if content := self._fetch(attachment.url):
            return content
        raise GiveUp(f"There is nothing at the address of {attachment.name}.")

    def _path(self, name: str) -> Path:
        path = (self._folder / name.replace("\0", "")).resolve()
        inner = path.relative_to(self._folder).parts if path.is_relative_to(self._folder) else ()
        if not inner or inner[0] == ".antiphon" or "\0" in name:
            raise GiveUp(f"{short(name)} is not a file of the workspace.", hint=f"Put it below {self._folder}.")
        return path

    def _read(self, name: str) -> bytes:
        path = self._path(name)
        try:
            if (size := path.stat().st_size) > LARGEST:
                raise GiveUp(f"{name} has {size:,} bytes; {LARGEST:,} are the most that is read.")
            content = path.read_bytes()
        except OSError as error:
            raise GiveUp(f"The file {name} cannot be read: {error.strerror}.", hint="Correct its name.") from error
        if not content:
            raise GiveUp(f"The file {name} is empty.")
        return content
