"""Columns, where the ports cannot show it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, select

from antiphon.store.columns import Instant, Json

TABLE = Table("t", MetaData(), Column("at", Instant), Column("value", Json))
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=12,
)


@given(
    moments=st.lists(
        st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES), min_size=1, max_size=20
    ),
    value=JSON,
)
def test_round_trip(moments: list[datetime], value: object) -> None:
    """Instants of any zone come back as the same instants in UTC, sorted by the database as by Python; values equal."""
    engine = create_engine("sqlite://")
    TABLE.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(TABLE.insert(), [{"at": moment, "value": value} for moment in moments])
        rows = connection.execute(select(TABLE).order_by(TABLE.c.at)).all()
    engine.dispose()
    assert [row.at for row in rows] == sorted(moments)
    assert {row.at.tzinfo for row in rows} == {UTC}
    assert [row.value for row in rows] == [value] * len(moments)
