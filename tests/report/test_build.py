"""Building a report out of sections."""

from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from antiphon.components.component import Options
from antiphon.components.ports import Store
from antiphon.components.section import ReportContext, Section
from antiphon.errors import StoreError
from antiphon.model.report import Block
from antiphon.report import build, to_html


class Weather(Section):
    """Tells the period back."""

    name = "weather"

    def build(self, options: Any, ctx: ReportContext) -> Block:
        return Block(heading="Weather", summary=f"{ctx.since:%d} to {ctx.until:%d}")


class Broken(Section):
    """Fails."""

    name = "broken"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def build(self, options: Any, ctx: ReportContext) -> Block:
        raise self.error


def context(language: Any = "en") -> ReportContext:
    return ReportContext(
        since=datetime(2026, 11, 16, tzinfo=UTC),
        until=datetime(2026, 11, 23, tzinfo=UTC),
        language=language,
        timezone=ZoneInfo("Europe/Paris"),
        store=cast(Store, None),
    )


def test_order() -> None:
    """Blocks stand in the order of the sections, about the context's period in the reader's zone."""
    report = build([(Weather(), Options()), (Weather(), Options())], context(), "Week", "One")
    assert [block.summary for block in report.blocks] == ["16 to 23"] * 2
    assert (report.title, report.subtitle, report.timezone) == ("Week", "One", "Europe/Paris")
    assert report.made_at == context().until


@pytest.mark.parametrize(
    ("error", "language", "said"),
    [
        (StoreError("The ledger is gone."), "en", "This part could not be made. The ledger is gone."),
        (ZeroDivisionError("by zero"), "en", "This part could not be made. ZeroDivisionError: by zero"),
        (StoreError("Perdu."), "fr", "Cette partie n’a pas pu être établie. Perdu."),
        (ValueError("half \ud83d <b>"), "en", "This part could not be made. ValueError: half ? <b>"),
    ],
)
def test_broken(error: Exception, language: str, said: str) -> None:
    """A section that raises says so in its place and in the reader's words; the others go on."""
    report = build([(Broken(error), Options()), (Weather(), Options())], context(language), "Week")
    assert (report.blocks[0].heading, report.blocks[0].summary) == ("broken", said)
    assert report.blocks[1].heading == "Weather"
    assert "<b>" not in to_html(report)
