"""Could not hear: what a report cannot know of, because nobody could listen."""

from __future__ import annotations

import antiphon
from antiphon import Block, ReportContext, Section, Table
from antiphon_listening.coverage import ears, shown
from antiphon_listening.wording import words_of


class CouldNotHear(Section):
    """What was not listened to in the period, and why: a row for each query and source, those that failed first.

    {section: could_not_hear}

    A network without a search, dead credentials, a spent quota, a server that is not there, a trigger that rests and a
    machine that was off are all told, and until when each source was heard.
    """

    name = "could_not_hear"
    Options = antiphon.Options

    def build(self, options: antiphon.Options, ctx: ReportContext) -> Block:
        """A row for each."""
        words, found = words_of(ctx.language, "could_not_hear"), ears(ctx)
        if not found:
            return Block(heading=words["heading"], summary=words["none"])
        missing = sum(not ear.whole for ear in found)
        rows = tuple(
            (
                ear.listener,
                ear.part,
                f"{ear.until.astimezone(ctx.timezone):%Y-%m-%d %H:%M}" if ear.until else None,
                shown(ear, words),
            )
            for ear in found
        )
        return Block(
            heading=words["heading"],
            summary=words["some"].format(count=missing, all=len(found)) if missing else words["all"],
            tables=(Table(headings=(words["listener"], words["part"], words["until"], words["why"]), rows=rows),),
        )
