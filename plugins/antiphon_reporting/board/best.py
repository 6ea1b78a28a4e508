"""The third part of the board: what to do again, with the way to each post."""

from __future__ import annotations

from antiphon import Block, Cell, Measured, Standing, Table, short
from antiphon_reporting.board.week import COUNTED, Week


def best(week: Week, most: int) -> Block:
    """The posts with the most interactions; one of which a part is not known is not among them."""
    words = week.words
    found = week.book.standings(week.posts, COUNTED, by=COUNTED, limit=most)
    table = Table(
        title=words["most_interactions"],
        headings=(
            words["post"],
            words["network"],
            words["when"],
            words["interactions"],
            *(words.name("metrics", name).capitalize() for name in COUNTED),
        ),
        rows=tuple(_row(week, one) for one in found),
        links=tuple(one.subject.url for one in found),
    )
    return Block(
        heading=words["best_heading"],
        summary=words["best_told"] if found else words["best_none"],
        tables=(table,) if found else (),
    )


def _row(week: Week, one: Standing) -> tuple[Cell, ...]:
    subject = one.subject
    origin = week.told(1, one.fetched_at, subject.connection)
    return (
        short(subject.title or subject.url or subject.id, 70),
        week.place(subject.connection, subject.network),
        subject.at.isoformat() if subject.at else None,
        Measured(value=round(sum(one.values[name] for name in COUNTED)), origin=origin),
        *(Measured(value=round(one.values[name]), origin=origin) for name in COUNTED),
    )
