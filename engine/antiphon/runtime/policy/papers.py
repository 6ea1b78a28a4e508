"""Reports that were written into a workspace, and somebody's going from them."""

from __future__ import annotations

import html
import json
import os
from pathlib import Path

from antiphon.components.whereabouts import Naming
from antiphon.errors import InputError
from antiphon.model.personal import Names

FOLDER = "reports"
"""The folder of a workspace that is looked through."""

_FORMS = frozenset({".html", ".md", ".csv", ".json"})


def cleaned(workspace: Path, names: Names, pseudonym: str) -> int:
    """Put a pseudonym into the place of somebody's whole names, in every report below `reports`; how many had one.

    Raises:
        InputError: a report cannot be read or written.
    """
    naming = Naming(Names(frozenset(form for name in names.whole for form in _forms(name))), pseudonym)
    changed = 0
    for path in sorted((workspace / FOLDER).rglob("*")):
        if path.suffix not in _FORMS or not path.is_file() or path.is_symlink():
            continue
        try:
            before = path.read_bytes().decode("utf-8", "surrogateescape")
            if (after := naming.without(before)) == before:
                continue
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            beside.write_bytes(after.encode("utf-8", "surrogateescape"))
            beside.replace(path)
        except OSError as error:
            told = f"The report {path} still names them: {error.strerror}."
            raise InputError(told, hint="See that it can be written, and forget them again.") from error
        changed += 1
    return changed


def _forms(name: str) -> set[str]:
    """A name as each form of a report writes it."""
    return {name, html.escape(name), json.dumps(name)[1:-1]}
