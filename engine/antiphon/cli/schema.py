"""`antiphon schema`: JSON Schema for editors."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.shell import Shell
from antiphon.errors import InputError


def schema(
    shell: Shell,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to; else standard output.")] = None,
) -> Exit | None:
    """Write the JSON Schema of documents, with every component of this workspace, for completion in an editor."""
    from antiphon.language import json_schema

    with shell.workspace() as app:
        document = json_schema(app.registry.catalogue)
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if out is None:
        sys.stdout.write(text)  # as it is, whether asked for with --json or without
        return None
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}.", hint="Choose another file.") from error
    shell.answer(
        {"file": out}, Text(f"made {out}; a document's first line may be: # yaml-language-server: $schema={out}")
    )
    return None
