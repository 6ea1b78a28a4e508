"""The pages of what is heard and of incidents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from antiphon import Block, Chart, Event, Figure, PageContext, ReportContext, Series, Table, WebPage
from antiphon_listening.actions import resume_plan
from antiphon_listening.could_not_hear import CouldNotHear
from antiphon_listening.incidents import Incidents
from antiphon_listening.mentions import MET, author_of, followers
from antiphon_listening.wording import words_of

HOURS, MOST_HOURS = 48, 14 * 24
"""How many hours are shown; `?hours=168` shows others, and `?query=torrea` one query alone."""

LOUDEST = 10

_SENTIMENTS = ("negative", "neutral", "positive", "unknown")


def listening(ctx: PageContext) -> Sequence[Block]:
    """Mentions by hour and how they feel, where they were heard and who is the loudest; and what could not be heard."""
    asked = ctx.query.get("hours", "")
    hours = min(max(int(asked), 1), MOST_HOURS) if asked.isdecimal() and len(asked) < 6 else HOURS
    now = ctx.clock.now()
    since = (now - timedelta(hours=hours - 1)).replace(minute=0, second=0, microsecond=0)
    query = ctx.query.get("query", "")
    found = [one for one in ctx.store.events.of(MET, since) if one.at <= now and query in ("", one.data.get("query"))]
    report = ReportContext(since, now, ctx.language, ctx.timezone, ctx.store)
    return [_heard(found, since, hours, ctx), CouldNotHear().build(CouldNotHear.Options(), report)]


def _heard(found: Sequence[Event], since: datetime, hours: int, ctx: PageContext) -> Block:
    words, names = words_of(ctx.language, "listening"), words_of(ctx.language, "sentiments")
    if not found:
        return Block(heading=words["heading"], summary=words["none"].format(hours=hours))
    per_hour = Counter((int((one.at - since) / timedelta(hours=1)), _sentiment(one)) for one in found)
    labels = [f"{(since + timedelta(hours=n)).astimezone(ctx.timezone):%d/%m %H:00}" for n in range(hours)]
    chart = Chart(
        title=words["chart"],
        kind="stacked",
        labels=tuple(labels),
        series=tuple(
            Series(name=names[one], values=tuple(per_hour[n, one] for n in range(hours)))
            for one in _SENTIMENTS
            if any(kind == one for _, kind in per_hour)
        ),
    )
    negative = sum(_sentiment(one) == "negative" for one in found)
    loudest: dict[Any, Event] = {}
    for one in sorted(found, key=lambda one: followers(one.data) or 0):
        loudest[author_of(one.data).get("id") or one.id] = one
    told = [
        (
            str(author_of(one.data).get("handle") or ""),
            followers(one.data),
            names[_sentiment(one)],
            str(one.data.get("url") or ""),
        )
        for one in list(loudest.values())[: -LOUDEST - 1 : -1]
    ]
    return Block(
        heading=words["heading"],
        summary=words["told"].format(count=len(found), hours=hours, negative=negative),
        charts=(chart,),
        tables=(
            _counted(found, "query", words["by_query"], words["query"], words["mentions"]),
            _counted(found, "network", words["sources"], words["sources"], words["mentions"]),
            Table(
                title=words["authors"],
                headings=(words["author"], words["followers"], words["sentiment"], words["address"]),
                rows=tuple(told),
            ),
        ),
    )


def _counted(found: Sequence[Event], field: str, title: str, what: str, how_many: str) -> Table:
    counts = Counter(str(one.data.get(field) or "") for one in found)
    return Table(title=title, headings=(what, how_many), rows=tuple(counts.most_common(LOUDEST)))


def _sentiment(event: Event) -> str:
    told = event.data.get("sentiment")
    return told if isinstance(told, str) and told in _SENTIMENTS else "unknown"


def incidents(ctx: PageContext) -> Sequence[Block]:
    """All incidents, the newest first."""
    words, found = words_of(ctx.language, "incidents"), Incidents(ctx.store.records).list()
    if not found:
        return [Block(heading=words["heading"], summary=words["none"])]
    headings = ("incident", "state", "level", "opened", "closed", "mentions", "name")
    rows = tuple(
        (
            one["id"],
            _state(one, words),
            words[one["level"]],
            one["opened_at"],
            one.get("closed_at"),
            one["mentions"],
            one["title"],
        )
        for one in found
    )
    table = Table(
        headings=tuple(words[name] for name in headings),
        rows=rows,
        links=tuple(f"/incidents/{one['id']}" for one in found),
    )
    still = sum(one["state"] == "open" for one in found)
    return [
        Block(heading=words["heading"], summary=words["told"].format(open=still, count=len(found)), tables=(table,))
    ]


def incident(ctx: PageContext, key: str) -> Sequence[Block] | None:
    """One incident: its figures, what happened, who spoke loudest, and what is held."""
    words, one = words_of(ctx.language, "incidents"), Incidents(ctx.store.records).get(key)
    if one is None:
        return None
    figures = (
        Figure(label=words["level"], value=words[one["level"]]),
        Figure(label=words["severity"], value=one["severity"]),
        Figure(label=words["mentions"], value=one["mentions"]),
        Figure(label=words["negative"], value=round(100 * one["negative_share"], 1), unit="%"),
        Figure(label=words["reach"], value=one["reach"]),
    )
    history = tuple((step["at"], step["what"], step["by"]) for step in one["history"])
    loudest = tuple(_loud(mention, ctx, words) for mention in one["sources"])
    held = one["plan"] if one["state"] == "closed" else resume_plan(ctx.store.ledger)
    title = words["plan"] if one["state"] == "closed" else words["plan_now"]
    return [
        Block(
            heading=f"{one['id']}: {one['title']}",
            summary=_state(one, words),
            figures=figures,
            tables=(
                Table(title=words["history"], headings=(words["when"], words["what"], words["by"]), rows=history),
                Table(title=words["loudest"], headings=(words["by"], words["address"]), rows=loudest),
                Table(
                    title=title,
                    headings=(words["planned"], words["connection"], words["held"]),
                    rows=tuple((entry["planned_at"], entry["connection"], entry["summary"]) for entry in held),
                ),
            ),
        )
    ]


def _loud(mention: str, ctx: PageContext, words: Mapping[str, str]) -> tuple[str, str]:
    found = ctx.store.events.get(mention)
    if found is None:
        return words["gone"], mention
    return str(author_of(found.data).get("handle") or ""), str(found.data.get("url") or mention)


def _state(one: Mapping[str, Any], words: Mapping[str, str]) -> str:
    return words["open" if one["state"] == "open" else "closed_state"]


def _titles(part: str) -> dict[Any, str]:
    return {language: words_of(language, part)["title"] for language in ("en", "fr")}


PAGES = (
    WebPage("listening", _titles("listening"), listening),
    WebPage("incidents", _titles("incidents"), incidents, incident),
)
