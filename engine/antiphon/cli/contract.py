"""`antiphon plugins check`: whether a connector keeps the contract, on the bench that its author has made."""

from __future__ import annotations

import sys
import unittest
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Annotated, Any

import typer

from antiphon.cli.exits import Exit
from antiphon.cli.printing import counted, safe, table
from antiphon.cli.shell import Shell
from antiphon.errors import InputError
from antiphon.suggest import nearest

GROUP = "antiphon.benches"
"""The entry points that announce a bench, under the name of its connector."""


def check(
    shell: Shell,
    connector: Annotated[str, typer.Argument(help="The name of a connector.", show_default=False)],
    bench: Annotated[
        str, typer.Option(metavar="MODULE:CLASS", help="The bench to use, instead of the one that is announced.")
    ] = "",
) -> Exit | None:
    """Hold a connector to the contract: once for each key, every end told, nothing missed, no secret out."""
    known = {one.name: one for one in entry_points(group=GROUP)}
    if not bench and connector not in known:
        hint = nearest(connector, known) or f"Announce it as an entry point of {GROUP}, or name it by --bench."
        raise InputError(f"Nobody has announced a bench for `{connector}`.", hint=hint)
    found = _loaded(EntryPoint(connector, bench, GROUP) if bench else known[connector])
    kept = [_tried(one, found) for one in found.checks()]
    broken = sum(how == "broken" for _, how, _ in kept)
    shell.answer(
        [{"check": name, "result": how, "told": told} for name, how, told in kept],
        table(("check", "", "law, or what came instead"), [(name, how, safe(told)) for name, how, told in kept]),
    )
    shell.note(f"{counted(broken, 'law is', 'laws are')} broken." if broken else f"{connector} keeps the contract.")
    return Exit.AUTHOR if broken else None


def _loaded(bench: EntryPoint) -> Any:
    sys.path.insert(0, str(Path.cwd()))
    try:
        found = bench.load()
    except Exception as error:  # a stranger's module
        raise InputError(f"The bench {bench.value} cannot be loaded: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(str(Path.cwd()))
    if not hasattr(found, "checks"):
        raise InputError(f"{bench.value} is no bench.", hint="Subclass antiphon.testing.contracts.Bench.")
    return found


def _tried(check: Any, bench: Any) -> tuple[str, str, str]:
    try:
        check(bench)
    except unittest.SkipTest as reason:
        return check.name, "left out", str(reason)
    except AssertionError as error:
        return check.name, "broken", str(error) or check.law
    except Exception as error:  # a stranger's connector may raise anything
        return check.name, "broken", f"{type(error).__name__}: {error}"
    return check.name, "kept", " ".join(check.law.split())
