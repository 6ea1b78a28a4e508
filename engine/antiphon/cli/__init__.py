"""The command line: words → calls. One verb a file; what they share is in shell.py."""

from __future__ import annotations


def main() -> None:
    """The console script `antiphon`."""
    from antiphon.cli.app import cli

    cli()
