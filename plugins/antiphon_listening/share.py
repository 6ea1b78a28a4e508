"""Share of voice: how much of what was said was said about whom."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

import antiphon
from antiphon import Block, Chart, ReportContext, Section, Series, Table
from antiphon_listening.corrections import text_of
from antiphon_listening.mentions import MET, canonical
from antiphon_listening.query import parse
from antiphon_listening.wording import words_of


def _query(value: str) -> str:
    return parse(value).text


class ShareOfVoice(Section):
    """How often each of several queries was met in the period, and its share of all that were.

    {section: share_of_voice, queries: {Torréa: torréa, Rival: '"café rival" OR rival'}}

    An event that meets two queries counts for both, and what was heard in several ways, such as by a saved query and as
    a mention of our account, counts once. The formula and each query stand in the report.
    """

    name = "share_of_voice"

    class Options(antiphon.Options):
        """Who is compared, and where."""

        queries: dict[str, Annotated[str, AfterValidator(_query)]] = Field(
            {}, max_length=20, description="Queries by the name of the brand that each finds."
        )
        saved: list[str] = Field(
            [], max_length=20, description="Names of saved queries, of which counts what they have found."
        )
        events: list[str] = Field(
            default=["mention.*", "post.*", "feed.*"], description="Types of events that count; `*` is any ending."
        )

        @model_validator(mode="after")
        def _compares_something(self) -> ShareOfVoice.Options:
            if not self.queries and not self.saved:
                raise ValueError("`queries` or `saved` names who is compared")
            if twice := self.queries.keys() & set(self.saved):
                raise ValueError(f"`{min(twice)}` stands in `queries` and in `saved`")
            return self

    def build(self, options: Options, ctx: ReportContext) -> Block:
        """The events of the period are read once, as a stream."""
        words, queries = (
            words_of(ctx.language, "share"),
            {name: parse(query) for name, query in options.queries.items()},
        )
        met: Counter[str] = Counter()
        known, found = set[str](), set[str]()
        for event in ctx.store.events_between(ctx.since, ctx.until):
            same = canonical(event.data.get("url")) or str(event.data.get("mention") or event.id)
            if event.type == MET and event.data.get("query") in options.saved:
                met[event.data["query"]] += 1
                found.add(same)
            elif same not in known and any(fnmatchcase(event.type, pattern) for pattern in options.events):
                known.add(same)
                said = text_of(event.data)
                met.update(name for name, query in queries.items() if query.holds(said))
        total, read = met.total(), len(known | found)
        if not total:
            return Block(heading=words["heading"], summary=words["none"].format(read=read))
        ranked = sorted([*queries, *options.saved], key=lambda name: (-met[name], name))
        asked = options.queries
        shares = {name: round(100 * met[name] / total, 1) for name in ranked}
        return Block(
            heading=words["heading"],
            summary=words["told"].format(first=ranked[0], share=shares[ranked[0]], total=total, read=read),
            charts=(
                Chart(
                    title=words["chart"],
                    labels=tuple(ranked),
                    series=(Series(name=words["share"], values=tuple(shares[name] for name in ranked)),),
                    unit="%",
                ),
            ),
            tables=(
                Table(
                    title=words["formula"],
                    headings=(words["brand"], words["mentions"], words["share"], words["query"]),
                    rows=tuple((name, met[name], shares[name], asked.get(name, words["saved"])) for name in ranked),
                ),
            ),
        )
