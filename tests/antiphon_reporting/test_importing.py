"""Numbers from tables: what is read, what is told, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon import InputError
from antiphon.model.measurement import SubjectKind
from antiphon.testing.clock import VirtualClock
from antiphon_reporting.importing import About, Table, read
from antiphon_reporting.names import changes, ours

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def about(kind: SubjectKind = "post", network: str = "instagram") -> About:
    return About("page", network, kind, ZoneInfo("Europe/Paris"), NOW, "insights.csv")


def table(*lines: str, **of: Any) -> Table:
    return read("\n".join(lines).encode(), about(**of))


def test_read() -> None:
    """R1: a row is a subject at a moment, a column a metric; an empty cell is not kept, and a zero is a zero."""
    found = table("Permalink;Publish time;Date;Likes;Shares", "https://i/1;2026-11-18T09:00;2026-11-22;0;")

    [one] = found.measured
    assert ("https://i/1", "likes", 0.0) == (one.subject, one.metric, one.value)
    assert datetime(2026, 11, 22, 22, 59, 59, 999999, UTC) == one.at, "a day is taken to its end in the time zone"
    [subject] = found.subjects
    assert datetime(2026, 11, 18, 8, tzinfo=UTC) == subject.at
    assert {"likes": "likes", "shares": "shares"} == found.columns
    assert ("csv: insights.csv", NOW) == (found.fetch.source, found.fetch.at)
    assert "0" == found.fetch.payload["rows"][0]["likes"]


def test_changed() -> None:
    """R5: a name that the network tells no more is mapped to the nearest of ours, and flagged with the day."""
    found = table("post,at,impressions,odd", "1,2026-11-20,400,x")

    assert [("views", 400.0)] == [(one.metric, one.value) for one in found.measured]
    [change] = found.changed
    assert ("retired", "2025-04-21") == (change.state, change.since.isoformat())
    assert {"instagram:impressions": "views"} == found.fetch.renamed
    assert ["odd"] == found.ignored


def test_elsewhere() -> None:
    """R5: the same word is no change on a network that still tells it."""
    assert () == tuple(table("post,at,impressions", "1,2026-11-20,400", network="linkedin").changed)


@pytest.mark.parametrize("one", changes().values(), ids=lambda one: f"{one.network}-{one.theirs}")
def test_dated(one: Any) -> None:
    """R5: every change has a day, a source, and leads to a metric of ours."""
    assert one.source
    assert one.since.year > 2000
    assert ours(one.ours) == (one.ours, None)


@pytest.mark.parametrize(
    ("written", "value"),
    [("1234", 1234), ("1,234", 1234), ("1 234", 1234), ("1\u202f234", 1234), ("12.5", 12.5), ("12,5", 12.5)],
)
def test_numbers(written: str, value: float) -> None:
    """A number is read as people write it, in English and in French."""
    [one] = table("post;at;likes", f"1;2026-11-20;{written}").measured

    assert value == one.value


@pytest.mark.parametrize("written", ["", "-", "n/a", "NULL", "—"])
def test_untold(written: str) -> None:
    """R1: what says that nothing is known is no number."""
    assert [] == table("post;at;likes", f"1;2026-11-20;{written}").measured


@pytest.mark.parametrize(
    ("row", "because"),
    [
        ("1;2026-11-20;viele", "likes is 'viele', which is no number"),
        ("1;2026-11-20;-3", "likes is '-3', which is no number"),
        ("1;20/11/2026;3", "'20/11/2026' is no day such as 2026-11-23"),
        ("1;2027-01-01;3", "2027-01-01 has not come yet"),
        (";2026-11-20;3", "it says of no post"),
        ("1;2026-11-20", "it has 2 cells, and the heading has 3"),
        ("0;2026-11-19;3", "0 has numbers of that moment in an earlier line too"),
    ],
)
def test_bad(row: str, because: str) -> None:
    """A row that cannot be used is named with its line, and the others are read."""
    found = table("post;at;likes", "0;2026-11-19;3", row)

    assert [(3, because)] == [(one.line, one.because) for one in found.bad]
    assert 1 == len(found.measured)


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("post,likes", "no column says when"),
        ("at,likes", "no column says which post"),
        ("post,at,odd", "none is a metric"),
        ("post,at,likes,favourites", "Two columns are likes"),
    ],
)
def test_refused(heading: str, told: str) -> None:
    """A table that cannot be read at all is refused with what is missing."""
    with pytest.raises(InputError, match=told):
        table(heading, "1,2026-11-20,3,4")


def test_today() -> None:
    """The numbers of a day that is not over hold now."""
    [one] = table("post;at;likes", "1;2026-11-23;3").measured

    assert NOW == one.at


def test_account() -> None:
    """The history of an account needs no subject: it is that of the connection."""
    found = table("date,followers", "2026-11-20,1000", "2026-11-21,1010", kind="account")

    assert {("page", "followers")} == {(one.subject, one.metric) for one in found.measured}
    assert 2 == len(found.measured)


@given(st.binary(max_size=300))
def test_anything(content: bytes) -> None:
    """Whatever the file holds, it is read or refused with a sentence."""
    with suppress(InputError):
        assert read(content, about()).columns


def test_command(tmp_path: Path, clock: VirtualClock) -> None:
    """Nothing is kept without --yes, all of it with, and the same file again adds nothing."""
    from typer.testing import CliRunner

    from antiphon.app import Antiphon
    from antiphon.cli.app import cli

    (tmp_path / "antiphon.toml").write_text("", encoding="utf-8")
    (tmp_path / "workflows").mkdir()
    file = tmp_path / "insights.csv"
    file.write_text("post,at,likes\n1,2026-01-20,3\n", encoding="utf-8")
    said = ["metrics", "import", str(file), "--connection", "page", "-C", str(tmp_path)]

    def run(*words: str) -> str:
        return CliRunner().invoke(cli, [*words]).output

    assert "nothing is kept without --yes" in run(*said)
    assert [] == Antiphon.open(tmp_path).store.metrics.fetches()
    assert "1 values of 1 subjects: 1 were new." in run(*said, "--yes")
    assert "1 values of 1 subjects: 0 were new." in run(*said, "--yes")
    assert "csv: insights.csv" in run("metrics", "show", "-C", str(tmp_path))
    file.write_text("post,at,likes\n1,2026-01-20,many\n", encoding="utf-8")
    assert "so nothing is kept" in run(*said, "--yes")
