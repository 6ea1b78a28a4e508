"""What came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase

from pydantic import Field

import antiphon
from antiphon import Block, Chart, Figure, ReportContext, Section, Series
from antiphon_reporting.periods import before, day_of, days
from antiphon_reporting.words import Words

_OWN_COLOUR = 5


class Heard(Section):
    """What was heard in the period: events by type, per day, and in which languages.

    {section: heard}
    """

    name = "heard"

    class Options(antiphon.Options):
        """What belongs to the hearing."""

        leave_out: list[str] = Field(
            default=["run.*"], description="Types of events that are not counted; `*` stands for any ending."
        )

    def build(self, options: Options, ctx: ReportContext) -> Block:
        """Counts over the period and the one before it; the events are read once, as a stream."""
        words = Words(ctx.language, "heard")
        per_day: Counter[tuple[str, date]] = Counter()
        languages: Counter[str] = Counter()
        for event in ctx.store.events_between(ctx.since, ctx.until):
            if _counted(event.type, options):
                per_day[event.type, day_of(event.at, ctx)] += 1
                languages[str(event.data.get("language") or "")] += 1
        types: Counter[str] = Counter()
        for (kind, _), count in per_day.items():
            types[kind] += count
        if not types:
            return Block(heading=words["heading"], summary=words["none"])
        since, until = before(ctx)
        earlier = {
            kind: count
            for kind, count in ctx.store.events.count(since=since, until=until).items()
            if _counted(kind, options)
        }
        return Block(
            heading=words["heading"],
            summary=words.counted(types.total(), type=words.name("types", types.most_common(1)[0][0])),
            figures=_figures(types, earlier, words),
            charts=(_per_day(per_day, types, ctx, words), _languages(languages, words)),
        )


def _counted(kind: str, options: Heard.Options) -> bool:
    return not any(fnmatchcase(kind, pattern) for pattern in options.leave_out)


def _figures(types: Counter[str], earlier: Mapping[str, int], words: Words) -> tuple[Figure, ...]:
    # Where nothing at all was heard before, nobody was listening yet: that is not known, and not a zero.
    known = bool(earlier)
    total = Figure(label=words["events"], value=types.total(), before=sum(earlier.values()) if known else None)
    parts = [
        Figure(label=_title(kind, words), value=count, before=earlier.get(kind, 0) if known else None)
        for kind, count in types.most_common(3)
    ]
    return (total, *parts) if len(types) > 1 else (total,)


def _per_day(per_day: Mapping[tuple[str, date], int], types: Counter[str], ctx: ReportContext, words: Words) -> Chart:
    main = [kind for kind, _ in types.most_common(_OWN_COLOUR)]
    rest = [kind for kind in types if kind not in main]
    period = days(ctx)
    groups = [(_title(kind, words), [kind]) for kind in main] + ([(words["other"], rest)] if rest else [])
    return Chart(
        title=words["per_day"],
        kind="stacked",
        labels=tuple(day.isoformat() for day in period),
        series=tuple(
            Series(name=name, values=tuple(sum(per_day.get((kind, day), 0) for kind in kinds) for day in period))
            for name, kinds in groups
        ),
    )


def _languages(languages: Counter[str], words: Words) -> Chart:
    shown = languages.most_common(8)
    return Chart(
        title=words["languages"],
        labels=tuple(words.name("language_names", code) if code else words["untold"] for code, _ in shown),
        series=(Series(name=words["events"], values=tuple(count for _, count in shown)),),
    )


def _title(kind: str, words: Words) -> str:
    name = words.name("types", kind)
    return name if name == kind else name[:1].upper() + name[1:]
