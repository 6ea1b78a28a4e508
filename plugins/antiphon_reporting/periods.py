"""The days of a period as its reader counts them, and the period before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from antiphon import ReportContext


def days(ctx: ReportContext) -> list[date]:
    """Every local day that the period touches."""
    first, last = day_of(ctx.since, ctx), day_of(ctx.until - timedelta(microseconds=1), ctx)
    return [first + timedelta(days=number) for number in range(max(0, (last - first).days) + 1)]


def day_of(moment: datetime, ctx: ReportContext) -> date:
    """The local day of a moment."""
    return moment.astimezone(ctx.timezone).date()


def before(ctx: ReportContext) -> tuple[datetime, datetime]:
    """The period of the same length that ended when this one began."""
    return ctx.since - (ctx.until - ctx.since), ctx.since
