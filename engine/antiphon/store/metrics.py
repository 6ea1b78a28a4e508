"""Measurements in one table. Whatever adds up many of them does so in the database."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, ScalarSelect, and_, case, func, literal, select

from antiphon.components.ports.metrics import Cohort, MetricBook
from antiphon.errors import StoreError
from antiphon.model.measurement import Fetch, Measurement, Pool, Ratio, Reading, Standing, Subject, SubjectKind
from antiphon.store.columns import Instant
from antiphon.store.metric_tables import fetches, metrics, subjects
from antiphon.store.transactions import Transactions, batches

_AT_ONCE = 5000
_ACCOUNT = "account."
_FIXED = 9
"""How many columns of a ratio there are before those of the metrics that are missing."""
_SUBJECT = ("kind", "id", "connection", "network", "url", "title", "at", "effect")


class SqlMetrics(MetricBook):
    """Three tables: what is measured, the values, and what was answered."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def keep(self, fetch: Fetch, subjects: Iterable[Subject], measured: Iterable[Measurement]) -> int:
        kept = 0
        with self._transactions.writing() as connection:
            connection.execute(
                self._transactions.insert(fetches).on_conflict_do_nothing(),
                [{name: getattr(fetch, name) for name in ("connection", "source", "at", "renamed", "payload")}],
            )
            for some in batches(subjects, _AT_ONCE):
                rows = sorted((_of(one) for one in some), key=lambda row: (row["connection"], row["kind"], row["id"]))
                connection.execute(self._known(), rows)
            for batch in batches(measured, _AT_ONCE):
                values = sorted((_value_of(one, fetch) for one in batch), key=_key)
                done = connection.execute(self._newer(), values, execution_options={"preserve_rowcount": True})
                kept += done.rowcount
        return kept

    def standings(
        self, cohort: Cohort, metrics: Sequence[str], *, by: Sequence[str] = (), limit: int = 100
    ) -> Sequence[Standing]:
        found = _stood(cohort, [*by, *metrics])
        query = select(found).limit(limit)
        if by:
            rank = _sum(found, by)
            query = query.where(rank.is_not(None)).order_by(rank.desc(), found.c.at.desc(), found.c.id)
        else:
            query = query.order_by(found.c.at.desc(), found.c.connection, found.c.id)
        with self._transactions.reading() as connection:
            return [_standing(row, metrics) for row in connection.execute(query)]

    def pooled(
        self, cohort: Cohort, ratios: Sequence[Ratio], *, edges: Sequence[datetime] = ()
    ) -> Mapping[Ratio, Sequence[Pool]]:
        found = _stood(cohort, [name for ratio in ratios for name in (*ratio.over, *ratio.under)], edges)
        columns = [found.c.connection, func.max(found.c.network), found.c.part, func.count()]
        columns += [column for ratio in ratios for column in _sums(found, ratio)]
        groups = found.c.connection, found.c.part
        query = select(*columns).select_from(found).group_by(*groups).order_by(*groups)
        with self._transactions.reading() as connection:
            rows = connection.execute(query).all()
        pools: dict[Ratio, list[Pool]] = {ratio: [] for ratio in ratios}
        for connection_name, network, place, of, *values in rows:
            for ratio in ratios:
                names = tuple(dict.fromkeys((*ratio.over, *ratio.under)))
                width = _FIXED + len(names)
                told, values = values[:width], values[width:]
                counted, x, y, xx, yy, xy, r, rr, fetched_at, *lacking = told
                missing = {name: count for name, count in zip(names, lacking, strict=True) if count}
                sums = (x, y, xx, yy, xy, r, rr)
                pools[ratio].append(Pool(connection_name, network, of, counted, *sums, missing, fetched_at, place))
        return pools

    def series(
        self, kind: SubjectKind, subject: str, connection: str, metric: str, *, since: datetime, until: datetime
    ) -> Sequence[Reading]:
        query = (
            select(metrics)
            .where(*_is(connection, kind, subject), metrics.c.metric == metric)
            .where(metrics.c.at >= since, metrics.c.at < until)
            .order_by(metrics.c.at)
        )
        with self._transactions.reading() as opened:
            rows = opened.execute(query).all()
        return [Reading(row.value, row.at, row.source, row.fetched_at, row.formula) for row in rows]

    def made_by(self, effect: str) -> Sequence[Standing]:
        later = metrics.alias()
        newest = (
            select(func.max(later.c.at))
            .where(*(later.c[name] == metrics.c[name] for name in ("connection", "kind", "subject", "metric")))
            .correlate(metrics)
            .scalar_subquery()
        )
        of = and_(*_is(subjects.c.connection, subjects.c.kind, subjects.c.id), metrics.c.at == newest)
        query = (
            select(*(subjects.c[name] for name in _SUBJECT), metrics.c.metric, metrics.c.value)
            .outerjoin_from(subjects, metrics, of)
            .where(subjects.c.effect == effect)
            .order_by(subjects.c.connection, subjects.c.kind, subjects.c.id)
        )
        with self._transactions.reading() as connection:
            rows = connection.execute(query).all()
        found: dict[Subject, dict[str, float]] = {}
        for row in rows:
            told = found.setdefault(_subject(row), {})
            if row.metric is not None:
                told[row.metric] = row.value
        return [Standing(subject, told) for subject, told in found.items()]

    def fetches(self, *, until: datetime | None = None) -> Sequence[Fetch]:
        last = select(fetches.c.connection, fetches.c.source, func.max(fetches.c.at, type_=Instant).label("at"))
        if until:
            last = last.where(fetches.c.at < until)
        newest = last.group_by(fetches.c.connection, fetches.c.source).subquery()
        same = and_(*(fetches.c[name] == newest.c[name] for name in ("connection", "source", "at")))
        query = (
            select(fetches.c.connection, fetches.c.source, fetches.c.at, fetches.c.renamed)
            .join(newest, same)
            .order_by(fetches.c.connection, fetches.c.source)
        )
        with self._transactions.reading() as connection:
            return [Fetch(row.source, row.connection, row.at, renamed=row.renamed) for row in connection.execute(query)]

    def payload(self, source: str, connection: str, at: datetime) -> Fetch | None:
        query = select(fetches).where(
            fetches.c.source == source, fetches.c.connection == connection, fetches.c.at == at
        )
        with self._transactions.reading() as opened:
            row = opened.execute(query).one_or_none()
        return Fetch(row.source, row.connection, row.at, row.payload, row.renamed) if row else None

    def _known(self) -> Any:
        insert = self._transactions.insert(subjects)
        new, old = insert.excluded, subjects.c
        changes: dict[str, Any] = {
            name: case((new[name] != "", new[name]), else_=old[name]) for name in ("network", "url", "title", "effect")
        }
        changes["at"] = func.coalesce(new.at, old.at)
        return insert.on_conflict_do_update(index_elements=list(subjects.primary_key.columns), set_=changes)

    def _newer(self) -> Any:
        insert = self._transactions.insert(metrics)
        newer = insert.excluded
        changes = {name: newer[name] for name in ("value", "source", "fetched_at", "formula")}
        return insert.on_conflict_do_update(
            index_elements=list(metrics.primary_key.columns),
            set_=changes,
            where=and_(newer.fetched_at > metrics.c.fetched_at, newer.value != metrics.c.value),
        )


def _stood(cohort: Cohort, names: Iterable[str], edges: Sequence[datetime] = ()) -> CTE:
    """The subjects of a cohort, each with a column for a metric, whose value is found in one step into the key, and
    with the time at which the first of them that it has was fetched.

    It is made once, not again wherever a column is used: hence the word that both databases know.
    """
    within = [subjects.c.kind == cohort.kind]
    if cohort.since is not None:
        within += [subjects.c.at >= cohort.since, subjects.c.at < cohort.until]
    all_ = dict.fromkeys(names)
    own = [name for name in all_ if not name.startswith(_ACCOUNT)]
    fetched = [_last("fetched_at", name, cohort) for name in own]
    before = [(subjects.c.at < edge, literal(place)) for place, edge in enumerate(edges)]
    query = select(
        *(subjects.c[name] for name in _SUBJECT),
        (case(*before, else_=len(edges)) if before else literal(0)).label("part"),
        *(_stands(name, cohort).label(name) for name in all_),
        (func.coalesce(*fetched, type_=Instant) if len(fetched) > 1 else fetched[0]).label("fetched"),
    ).where(*within)
    return query.cte("stood").prefix_with("MATERIALIZED")


def _sums(found: CTE, ratio: Ratio) -> list[ColumnElement[Any]]:
    """How many subjects have all of a ratio, the sums over these, and how many lack which metric."""
    x, y = _sum(found, ratio.over), _sum(found, ratio.under)
    whole = and_(x.is_not(None), y > 0)
    sums = (x, y, x * x, y * y, x * y, x / y, x * x / (y * y))
    return [
        func.coalesce(func.sum(case((whole, 1), else_=0)), 0),
        *(func.coalesce(func.sum(case((whole, one))), 0.0) for one in sums),
        func.min(case((whole, found.c.fetched)), type_=Instant),
        *(func.count() - func.count(found.c[name]) for name in dict.fromkeys((*ratio.over, *ratio.under))),
    ]


def _stands(name: str, cohort: Cohort) -> ColumnElement[Any]:
    if not name.startswith(_ACCOUNT):
        return _last("value", name, cohort)
    own = (
        select(metrics.c.value)
        .where(*_is(subjects.c.connection, literal("account"), subjects.c.connection))
        .where(metrics.c.metric == name.removeprefix(_ACCOUNT), metrics.c.at < (cohort.known or cohort.until))
        .limit(1)
        .correlate(subjects)
    )
    before = own.where(metrics.c.at <= subjects.c.at).order_by(metrics.c.at.desc()).scalar_subquery()
    after = own.where(metrics.c.at > subjects.c.at).order_by(metrics.c.at).scalar_subquery()
    return func.coalesce(before, after)


def _last(column: str, name: str, cohort: Cohort) -> ScalarSelect[Any]:
    return (
        select(metrics.c[column])
        .where(*_is(subjects.c.connection, subjects.c.kind, subjects.c.id))
        .where(metrics.c.metric == name, metrics.c.at < (cohort.known or cohort.until))
        .order_by(metrics.c.at.desc())
        .limit(1)
        .correlate(subjects)
        .scalar_subquery()
    )


def _is(connection: Any, kind: Any, subject: Any) -> tuple[ColumnElement[bool], ...]:
    return metrics.c.connection == connection, metrics.c.kind == kind, metrics.c.subject == subject


def _sum(found: CTE, names: Sequence[str]) -> ColumnElement[Any]:
    """The sum of metrics of a subject: unknown when any of them is."""
    return reduce(add, (found.c[name] for name in names)) if names else literal(1.0)


def _of(subject: Subject) -> dict[str, Any]:
    return {name: getattr(subject, name) for name in _SUBJECT}


def _value_of(one: Measurement, fetch: Fetch) -> dict[str, Any]:
    if not math.isfinite(one.value):
        raise StoreError(f"The metric {one.metric} of {one.subject} is {one.value}, which is no number.")
    return {
        "connection": one.connection,
        "kind": one.kind,
        "subject": one.subject,
        "metric": one.metric,
        "at": one.at,
        "value": one.value,
        "formula": one.formula,
        "source": fetch.source,
        "fetched_at": fetch.at,
    }


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["connection"], row["kind"], row["subject"], row["metric"], row["at"]


def _subject(row: Row[Any]) -> Subject:
    return Subject(**{name: row._mapping[name] for name in _SUBJECT})


def _standing(row: Row[Any], names: Sequence[str]) -> Standing:
    told = {name: row._mapping[name] for name in names}
    return Standing(_subject(row), {name: value for name, value in told.items() if value is not None}, row.fetched)
