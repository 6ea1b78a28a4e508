"""Reporting: what was heard and answered, and what still waits, as sections of a report and a file to hand on."""

from __future__ import annotations

from antiphon import Action, Section, hookimpl
from antiphon_reporting.actions import WriteReport
from antiphon_reporting.collecting import Collect
from antiphon_reporting.sections import Answered, Board, Heard, People, Runs, Waiting


@hookimpl
def register_sections() -> list[type[Section]]:
    """The parts that a report can be made of."""
    return [Board, Heard, Answered, Runs, People, Waiting]


@hookimpl
def register_actions() -> list[type[Action]]:
    """Asking networks for numbers, and writing a report."""
    return [Collect, WriteReport]
