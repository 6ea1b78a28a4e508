"""Asking for secrets: hidden on a terminal, or from standard input; never as words of a command, which shells keep."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence

from antiphon.errors import InputError


def ask(names: Sequence[str], *, from_stdin: bool) -> dict[str, str]:
    """The value of each secret.

    From standard input one value is all there is, and several are one a line in the order of their names.

    Raises:
        InputError: there is nobody to ask, or a value is empty.
    """
    if not names:
        return {}
    if from_stdin:
        given = sys.stdin.read()
        values = [given.strip("\r\n")] if len(names) == 1 else given.splitlines()
        if len(values) != len(names):
            expected = f"{len(names)} lines, for {', '.join(names)}"
            raise InputError(f"Standard input has {len(values)} lines.", hint=f"Give it {expected}.")
    elif sys.stdin.isatty():
        values = [getpass.getpass(f"{name}: ", stream=sys.stderr) for name in names]
    else:
        raise InputError(
            f"There is no terminal to ask for {' and '.join(names)}.",
            hint="Hand it in with --secret-stdin, as in: pass show brand | antiphon … --secret-stdin",
        )
    found = dict(zip(names, values, strict=True))
    if empty := [name for name, value in found.items() if not value.strip()]:
        raise InputError(f"The value of {empty[0]} is empty.", hint="Nothing was stored.")
    return found
