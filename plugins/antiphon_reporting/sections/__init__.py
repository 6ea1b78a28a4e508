"""The sections: each reads what is kept about a period, and says it in figures, charts and tables."""

from antiphon_reporting.sections.answered import Answered
from antiphon_reporting.sections.board import Board
from antiphon_reporting.sections.heard import Heard
from antiphon_reporting.sections.people import People
from antiphon_reporting.sections.runs import Runs
from antiphon_reporting.sections.waiting import Waiting

__all__ = ["Answered", "Board", "Heard", "People", "Runs", "Waiting"]
