"""A report on disk, in each form, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from antiphon.errors import InputError
from antiphon.model.report import Report
from antiphon.report.render import to_csv, to_html, to_json, to_markdown

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "html": to_html,
    "md": to_markdown,
    "csv": to_csv,
    "json": to_json,
}
"""The forms of a report by the ending of the file."""


def write(report: Report, base: Path, formats: Sequence[str] = ("html", "md", "csv")) -> tuple[Path, ...]:
    """Write `base` with each ending, making the folder, and replacing what is there in one motion.

    Raises:
        InputError: a form that does not exist, or a folder that cannot be written to.
    """
    if unknown := [name for name in formats if name not in FORMATS]:
        raise InputError(f"A report has no form {unknown[0]!r}.", hint=f"Choose among {', '.join(FORMATS)}.")
    # All are made before the first is written: a report that cannot be shown leaves the old files alone.
    texts = {base.with_name(f"{base.name}.{name}"): FORMATS[name](report) for name in formats}
    try:
        base.parent.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            # Spreadsheets take a file without the mark for an old Windows encoding.
            _replace(path, text.encode("utf-8-sig" if path.suffix == ".csv" else "utf-8"))
    except OSError as error:
        raise InputError(
            f"The report cannot be written to {base.parent}: {error.strerror}.", hint="Choose another folder."
        ) from error
    return tuple(texts)


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
