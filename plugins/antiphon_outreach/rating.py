"""Scoring somebody among all creators that are kept, and asking whether a post says that it is paid for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

import antiphon
from antiphon import Attachment, Computation, Condition, GiveUp, InputError, ReadContext, Records, Verdict
from antiphon_outreach import duties
from antiphon_outreach.book import Book
from antiphon_outreach.measures import Measured, measured
from antiphon_outreach.scoring import Rules, Score, score, shown
from antiphon_outreach.turns import found


class Rate(Computation):
    """Score a creator among those of the same network and size, with every component, what is missing, and an interval.

    id: score
    use: creators.score
    with: {creator: "${{ event.creator.id }}"}

    `total` is empty where less than 60 % of the weights are known. `rules` is a file with weights and a brief.
    """

    name = "creators.score"

    class Options(antiphon.Options):
        """Who, and by which rules."""

        creator: str = Field(min_length=1, description="Their id, handle or e-mail address.")
        rules: str = Field(
            default="", description="A file of the workspace with weights and a brief; else those shipped."
        )

    def compute(self, options: Options, ctx: ReadContext) -> Any:
        """`total`, `low`, `high`, `coverage`, `components`, `missing`, `tier`, `peers`."""
        book = Book(ctx.records)
        creator = found(book, options.creator)
        rules = Rules()
        if options.rules:
            try:
                rules = Rules.read(ctx.files.load(ctx.files.look(Attachment(file=options.rules))).content)
            except InputError as error:
                raise GiveUp(error.sentence, hint=error.hint) from error
        return {"creator": creator, **shown(rated(creator, ctx.records, rules))}


class Labelled(Condition):
    """Holds when a text says that it is paid for, in the words that a country's law names.

        creators.labelled: {of: "${{ event.text }}", country: FR}

    “#ad” and “sponsored” are not among them in France.
    """

    name = "creators.labelled"
    shorthand = "of"

    class Options(antiphon.Options):
        """Which text, by whose law."""

        of: str = Field(description="The text of a post.")
        country: str = Field(default=duties.DEFAULT, description="The country whose law holds.")

    def judge(self, options: Options, ctx: ReadContext) -> Verdict:
        """With the words that were looked for."""
        try:
            labels = " or ".join(f"“{one}”" for one in duties.labels_of(options.country))
        except InputError as error:
            raise GiveUp(error.sentence, hint=error.hint) from error
        holds = duties.is_labelled(options.of, options.country)
        return Verdict(holds=holds, because=f"the text {'has' if holds else 'has not'} {labels}")


def rated(creator: str, records: Records, rules: Rules, past: Mapping[str, float] | None = None) -> Score:
    """The score of one account among all that are kept. `past` is what each brought back so far, where it is known."""
    brief = rules.brief
    everybody: dict[str, Measured] = {
        one: measured(one, known, brief.words, brief.avoid, (past or {}).get(one))
        for one, known in Book(records).everybody()
    }
    return score(everybody[creator], list(everybody.values()), rules)
