"""Where somebody stands in the database, and their going: every column of every table, but for those that are named."""
# ruff: noqa: D102 -- the port says what each method promises

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    delete,
    false,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from antiphon.components.ports.personal import Documents, Personal
from antiphon.components.whereabouts import Naming
from antiphon.errors import InputError
from antiphon.model.effect import EffectState, forgotten_key
from antiphon.model.personal import FORGOTTEN, Names, Trace
from antiphon.store.audit import erased
from antiphon.store.columns import Json, Prose
from antiphon.store.metadata import metadata
from antiphon.store.refusals import refusal
from antiphon.store.tables import audit, effects, events, people, records, runs
from antiphon.store.tables_of_documents import in_force, plans, programs
from antiphon.store.transactions import Transactions
from antiphon.store.upkeep import suppressions

_APART = frozenset({"credentials", suppressions.name, programs.name, in_force.name})
"""What is sealed, what must be remembered, and what the author of a workflow has written."""

_FIRST = (events, runs, effects)
"""In this order: a run is about whom its event is of, and what hangs on a run or an effect is about the same."""

_HANGS_ON: Mapping[str, tuple[str, str]] = {
    "runs": ("cause", "events"),
    "evaluations": ("near_event", "events"),
    "steps": ("run", "runs"),
    "approvals": ("run", "runs"),
    "subscriptions": ("run", "runs"),
    "effects": ("run", "runs"),
    "effect_history": ("key", "effects"),
    "rulings": ("effect", "effects"),
    "reached": ("effect", "effects"),
}
"""By which column a row is about whom a row of another table is about."""

_CONTENT: Mapping[str, Mapping[str, Any]] = {
    "events": {"data": {FORGOTTEN: True}},
    "runs": {"scope": {}, "result": None, "verdicts": [], "because": FORGOTTEN},
    "evaluations": {"near_because": FORGOTTEN},
    "steps": {"result": None, "because": FORGOTTEN},
    "effects": {"payload": {}, "summary": FORGOTTEN, "reason": FORGOTTEN},
    "effect_history": {"reason": FORGOTTEN},
    "rulings": {"because": FORGOTTEN},
    "approvals": {"content": None, "edited": None, "because": FORGOTTEN},
    "subscriptions": {"heard": None},
}
"""What is taken out of a row that is about somebody: whatever may hold their words, or words to them."""

_IN_DOUBT = (EffectState.CLAIMED, EffectState.UNKNOWN, EffectState.PARKED)
_ROWS_AT_ONCE = 1000
_MOST_NAMED = 10_000
"""How many rows of another table are named in one question."""


class SqlPersonal(Personal):
    """Walks through the tables as the code knows them; what is stored is looked at as text before it is read."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def traces(self, names: Names) -> Iterator[Trace]:
        with self._transactions.reading() as connection:
            yield from _traces(connection, Naming(names, ""))

    def erase(self, names: Names, documents: Documents, pseudonym: str) -> Mapping[str, int]:
        naming = Naming(names, pseudonym)
        changed: Counter[str] = Counter()
        with self._transactions.writing() as connection:
            # What an older version wrote into the audit is hashed as it stands, and can only stay.
            found = [one for one in _traces(connection, naming) if one.table != audit.name or one.values["seal"]]
            keys = _new_keys(found)
            for trace in found:
                table = metadata.tables[trace.table]
                mine = and_(*(column == part for column, part in zip(table.primary_key, trace.key, strict=True)))
                after = _after(trace, naming, keys, documents)
                if after is None:
                    connection.execute(delete(table).where(mine))
                elif trace.table == effects.name and trace.values["key"] in keys:
                    # What hangs on an effect goes by its key: there must be both for a moment.
                    connection.execute(insert(table).values({**trace.values, **after}))
                else:
                    connection.execute(update(table).where(mine).values(after))
                changed[trace.table] += 1
            for key in keys:
                connection.execute(delete(effects).where(effects.c.key == key))
        return dict(sorted(changed.items()))

    def scrub(self) -> None:
        if (engine := self._transactions.engine).dialect.name != "sqlite":
            return
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    raw.execute(statement).fetchall()
        except SQLAlchemyError as error:
            raise refusal(error, engine.url) from error


def _traces(connection: Connection, naming: Naming) -> Iterator[Trace]:
    theirs: dict[str, set[str]] = {table.name: set() for table in _FIRST}
    others = [table for table in metadata.sorted_tables if table not in _FIRST and table.name not in _APART]
    for table in (*_FIRST, *others):
        stored = [type_coerce(column, Text).label(column.name) if _is_text(column) else column for column in table.c]
        column, on = _HANGS_ON.get(table.name, ("", ""))
        query = select(*stored).where(*_may_name(table, column, theirs.get(on, set()), naming))
        for row in connection.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)).mappings():
            hangs = bool(on) and row[column] in theirs[on]
            named = naming.may_stand_in("\n".join(row[one.name] or "" for one in table.c if _is_text(one)))
            if not (hangs or named):
                continue
            values = {column.name: _read(column, row[column.name]) for column in table.c}
            about = hangs or _is_about(table, values, naming)
            if about and table in _FIRST:
                theirs[table.name].add(str(values[table.primary_key.columns[0].name]))
            if about or any(naming.stands_in(values[one.name]) for one in table.c if _is_text(one)):
                yield Trace(table.name, tuple(values[one.name] for one in table.primary_key), values, about)


def _may_name(table: Table, column: str, theirs: set[str], naming: Naming) -> Sequence[ColumnElement[bool]]:
    """Which rows the database hands out to be looked at: it finds parts of names quickly, if only those of ASCII."""
    if naming.fragments is None or len(theirs) > _MOST_NAMED:
        return ()
    texts = [type_coerce(one, Text) for one in table.c if _is_text(one)]
    named = [one.icontains(part, autoescape=True) for one in texts for part in naming.fragments]
    return [or_(*named, table.c[column].in_(sorted(theirs)) if column and theirs else false())]


def _is_about(table: Table, values: Mapping[str, Any], naming: Naming) -> bool:
    if table is events:
        return naming.is_author(values["data"])
    if table is effects:
        return naming.is_one([values["subject"], values["recipients"]])
    if table is people:
        return naming.is_one(values["id"])
    if table is records:
        return naming.is_owner(values["key"], values["data"])
    return naming.is_one([values[name] for name in ("subject", "person") if name in values])


def _new_keys(found: list[Trace]) -> dict[str, str]:
    """The keys of the effects that are about them, each with the digest that stands for it."""
    mine = [trace for trace in found if trace.table == effects.name and trace.about]
    if doubtful := [trace.values["key"] for trace in mine if trace.values["state"] in _IN_DOUBT]:
        told = f"What reaches them is in doubt ({', '.join(doubtful[:3])}), and nobody could look for it afterwards."
        raise InputError(told, hint="Settle it first: see `antiphon effects list --waiting`.")
    return {key: forgotten_key(key) for trace in mine if (key := str(trace.values["key"])) != forgotten_key(key)}


def _after(trace: Trace, naming: Naming, keys: Mapping[str, str], documents: Documents) -> dict[str, Any] | None:
    """What becomes of a row, or None where it goes."""
    table, values = trace.table, trace.values
    if table == audit.name:
        return erased()
    if table == plans.name or (table == people.name and trace.about):
        return None
    if table == records.name and (name := (values["kind"], values["key"])) in documents:
        if (said := documents[name]) is None:
            return None
        values = {**values, "data": said}
    content = _CONTENT.get(table, {}) if trace.about else {}
    after = {
        name: content[name] if name in content and value else keys.get(str(value)) or naming.without(value)
        for name, value in values.items()
        if isinstance(value, str | dict | list)
    }
    if table == effects.name and trace.about and isinstance(receipt := after.get("receipt"), dict):
        after["receipt"] = {**receipt, "data": {}, "rate": {}}
    return after


def _is_text(column: Column[Any]) -> bool:
    return isinstance(column.type, Json | Prose | Text)


def _read(column: Column[Any], stored: Any) -> Any:
    return json.loads(stored) if isinstance(column.type, Json) and stored is not None else stored
