"""The Monday board as a section: several blocks, since it is most of a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

import antiphon
from antiphon import Block, Duration, InputError, ReportContext, Section
from antiphon_reporting.board.best import best
from antiphon_reporting.board.headline import headline
from antiphon_reporting.board.networks import networks
from antiphon_reporting.board.unmeasured import unmeasured
from antiphon_reporting.board.week import Week
from antiphon_reporting.formulas import formula


def _rate(id: str) -> str:
    try:
        found = formula(id)
    except InputError as error:
        raise ValueError(str(error)) from error
    if found.of != "post" or found.shape not in ("pooled", "mean"):
        raise ValueError(f"{id} is no rate of posts")
    return id


class Board(Section):
    """What posts came to in the period, network by network, what to do again, and what could not be measured.

    {section: board, rate: er_followers_post, best: 3}

    Rates are by one formula for all networks; one that lacks an input of it is not compared. Every number says by which
    formula, over how many, from whom, and when that was asked.
    """

    name = "board"

    class Options(antiphon.Options):
        """What is compared, and how much is listed."""

        rate: Annotated[str, AfterValidator(_rate)] = Field(
            default="er_followers_post", description="The formula of the rate: `antiphon formulas list` shows them."
        )
        best: int = Field(default=3, ge=0, le=50, description="How many of the best posts are listed.")
        stale: Duration = Field(
            default=timedelta(hours=24), description="From which age on numbers are told to be old."
        )

    def build(self, options: Options, ctx: ReportContext) -> Sequence[Block]:
        """The posts that came out in the period, as they stood at its end."""
        week = Week(ctx, formula(options.rate))
        blocks = [headline(week), networks(week)]
        blocks += [best(week, options.best)] if options.best else []
        return [*blocks, unmeasured(week, options.stale)]
