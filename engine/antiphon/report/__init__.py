"""What a period came to: sections are asked for their blocks, and the blocks are shown in any form."""

from antiphon.report.build import build
from antiphon.report.files import FORMATS, write
from antiphon.report.render import to_csv, to_html, to_json, to_markdown
from antiphon.report.reporter import Reporter

__all__ = ["FORMATS", "Reporter", "build", "to_csv", "to_html", "to_json", "to_markdown", "write"]
