"""What was heard, from files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.cli.calls import parse
from antiphon.errors import InputError
from antiphon.model.event import Event

from .conftest import Line

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_ingest(antiphon: Line) -> None:
    """Each event is kept once, however often the file is read; an event without an id is known by its content."""
    rows: list[dict[str, object]] = [{"id": f"e:{number % 5}", "type": "post.published"} for number in range(10)]
    rows += [{"type": "post.published", "data": {"text": "one"}}] * 2
    antiphon.write("many.jsonl", "\n\n".join(map(json.dumps, rows)))
    assert antiphon("events", "ingest", "many.jsonl", "--batch", "3", "--json").document == {"new": 6, "repeated": 6}
    assert antiphon("events", "ingest", "many.jsonl", "--json").document == {"new": 0, "repeated": 12}


def test_broken_line(antiphon: Line) -> None:
    """A broken line is named; what stands before it is kept, whatever the batch."""
    antiphon.write("many.jsonl", '{"id": "a", "type": "x.y"}\n{"id": "b", "type": "x.y"}\n{"id": \n')
    told = antiphon("events", "ingest", "many.jsonl")
    assert told.code == 1
    assert "many.jsonl:3: this is not JSON" in told.err
    assert "2 events before it are kept" in told.err
    assert [event["id"] for event in antiphon("events", "list", "--type", "x.y", "--json").document] == ["b", "a"]


def test_missing_file(antiphon: Line) -> None:
    """A file that is not there is said to be so."""
    told = antiphon("events", "ingest", "nowhere.jsonl")
    assert (told.code, "no such file" in told.err) == (1, True)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("[]", "not an object"),
        ("{}", "`type` is missing"),
        ('{"type": "x.y", "text": "a"}', "`text` is not a key of an event"),
        ('{"type": "x.y", "data": []}', "`data` is not an object"),
        ('{"type": "x.y", "id": 1}', "`id` and `source` are texts"),
        ('{"type": "x.y", "at": "yesterday"}', "not a moment"),
        ('{"type": "x.y", "at": "2026-03-02T09:00:00"}', "has no time zone"),
        ('{"type": "x.y", "at": "0001-01-01T00:00:00+10:00"}', "out of this world"),
        ('{"type": "x.y", "data": {"n": NaN}}', "NaN is not JSON"),
        ('{"type": "x.y", "data": {"t": "\\ud800"}}', "half of a character"),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_refused(written: str, sentence: str) -> None:
    """What is no event is refused with the reason and the place."""
    with pytest.raises(InputError) as caught:
        parse(written.encode(), "file:7", NOW)
    assert caught.value.sentence.startswith("file:7: ")
    assert sentence in caught.value.sentence


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["id", "type", "at", "data", "source", "x"]), inner)
        ),
    ).map(lambda tree: json.dumps(tree).encode())
)
def test_any_bytes(content: bytes) -> None:
    """Any bytes are an event or are refused."""
    try:
        found = parse(content, "file", NOW)
    except InputError:
        return
    assert isinstance(found, Event)


def test_utc(tmp_path: Path) -> None:
    """A moment is kept in UTC."""
    found = parse(b'{"type": "x.y", "at": "2026-03-02T10:30:00+01:00"}', "file", NOW)
    assert found.at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert found.at.tzinfo is UTC
