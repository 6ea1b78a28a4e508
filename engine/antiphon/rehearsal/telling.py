"""Telling: what a test came to, line by line, with a sign before each."""

from __future__ import annotations

from collections.abc import Iterator

from antiphon.rehearsal.compare import Line
from antiphon.rehearsal.suite import Result

SIGNS = {"same": "✓", "missing": "−", "surplus": "+", "differs": "✗"}
"""As expected; expected and not there; there and not expected; there, but not as expected."""


def told(result: Result) -> Iterator[str]:
    """The lines of a result. Of one that differs, what is as expected is told too: it shows where one is."""
    if result.error:
        yield result.error
        return
    about = ""
    for line in result.lines:
        if line.about != about:
            about = line.about
            yield f"{about}:"
        yield from _one(line)


def _one(line: Line) -> Iterator[str]:
    sign = f"  {SIGNS[line.sign]} "
    match line.sign:
        case "same":
            yield sign + (line.expected or line.found)
        case "missing":
            yield f"{sign}expected  {line.expected}"
            yield "    found     nothing like it"
        case "surplus":
            yield f"{sign}found     {line.found}"
            yield "    expected  nothing here"
        case "differs":
            yield f"{sign}expected  {line.expected}"
            yield f"    found     {line.found}"
    if line.because and line.sign != "same":
        yield f"    because   {line.because}"
