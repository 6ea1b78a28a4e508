from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.builtins.filters import FILTERS
from antiphon.builtins.filters.bounds import LARGEST

PEOPLE = [{"name": "Zoé", "n": 3, "a": {"b": 1}}, {"name": "ana", "n": 1}, {"name": "Élie", "n": 2, "vip": True}]
MOMENT = datetime(2026, 5, 1, 22, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("lower", ["ÉTÉ"], "été"),
        ("lower", [None], ""),
        ("upper", ["été"], "ÉTÉ"),
        ("title", ["l'été d’ana o'neill"], "L'été D’ana O'neill"),
        ("trim", ["  a b "], "a b"),
        ("replace", ["a-b-c", "-", "+"], "a+b+c"),
        ("truncate", ["one two three", 20], "one two three"),
        ("truncate", ["one two three", 9], "one two…"),
        ("truncate", ["one two three", 8], "one two…"),
        ("truncate", ["extraordinary", 6], "extra…"),
        ("truncate", ["extraordinary", 1], "e"),
        ("truncate", ["extraordinary", 0], ""),
        ("words", [" one  two\nthree "], ["one", "two", "three"]),
        ("slug", ["L'Été — 50 % off!"], "l-ete-50-off"),
        ("fold", [" ÇA  va"], "ca va"),
        ("contains", ["C'est CASSÉ", "casse"], True),
        ("contains", [["Promo", 7], "PROMO"], True),
        ("contains", [[7], 8], False),
        ("hash", ["abc"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("string", [None], ""),
        ("string", [True], "true"),
        ("string", [{"a": [1, None]}], '{"a": [1, null]}'),
        ("string", [MOMENT], "2026-05-01T22:05:00+00:00"),
        ("json", ["é"], '"é"'),
        ("int", ["12"], 12),
        ("int", ["-12.9"], -12),
        ("int", [True], 1),
        ("float", ["3"], 3.0),
        ("round", [2.5], 3),
        ("round", [-2.5], -3),
        ("round", [2.675, 2], 2.68),
        ("round", [1234567890123.4], 1234567890123),
        ("round", [1250, -2], 1300),
        ("round", [7, 2], 7),
        ("abs", [-3], 3),
        ("format_number", [1234567.5], "1,234,567.5"),
        ("format_number", [1234567.5, "fr"], "1\u202f234\u202f567,5"),
        ("format_number", [2.675, "fr", 2], "2,68"),
        ("format_number", ["1200"], "1,200"),
        ("length", [["a", "b"]], 2),
        ("join", [["a", 1, None, True], ", "], "a, 1, , true"),
        ("first", [[1, 2]], 1),
        ("last", ["abc"], "c"),
        ("first", [[]], None),
        ("sort", [["b", "É", "a", "f"]], ["a", "b", "É", "f"]),
        ("sort", [[3, 1, 2.5], "", True], [3, 2.5, 1]),
        ("reverse", ["abc"], "cba"),
        ("reverse", [[1, 2]], [2, 1]),
        ("unique", [["a", "A", "a", 1, 1.5, {"b": 1}, {"b": 1}, True, "1"]], ["a", "A", 1, 1.5, {"b": 1}, True, "1"]),
        ("min", [["b", "A"]], "A"),
        ("max", [[1, 3, 2]], 3),
        ("max", [[]], None),
        ("sum", [[1, 2.5]], 3.5),
        ("sum", [PEOPLE, "n"], 6),
        ("sum", [PEOPLE, "a.b"], 1),
        ("map", [PEOPLE, "name"], ["Zoé", "ana", "Élie"]),
        ("map", [PEOPLE, "a.b"], [1, None, None]),
        ("where", [PEOPLE, "name", "ZOE"], [PEOPLE[0]]),
        ("where", [PEOPLE, "vip"], [PEOPLE[2]]),
        ("where", [PEOPLE, "n", 1], [PEOPLE[1]]),
        ("date", [MOMENT], "2026-05-01"),
        ("date", ["2026-05-01T22:05:00Z", "%-d %B %Y, %H:%M"], "1 May 2026, 22:05"),
        ("date", ["2026-05-01", "100 %%"], "100 %"),
    ],
)
def test_filter(name: str, given: list[Any], expected: Any) -> None:
    """Each filter does what its sentence says."""
    assert FILTERS[name](*given) == expected


def test_sort_by_attribute() -> None:
    """Items are put in order by a field of theirs."""
    assert FILTERS["map"](FILTERS["sort"](PEOPLE, attribute="name"), "name") == ["ana", "Élie", "Zoé"]


@pytest.mark.parametrize("moment", [MOMENT, "2026-05-01T22:05:00Z", "2026-05-01T22:05:00"])
def test_in_zone(moment: Any) -> None:
    """A moment is shown by the clocks of a zone; without an offset it is UTC."""
    assert FILTERS["date"](FILTERS["in_zone"](moment, "Europe/Paris"), "%d %H:%M %Z") == "02 00:05 CEST"


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("replace", ["a" * LARGEST, "a", "bb"], "more than 100,000"),
        ("replace", ["abc", "", "x"], "needs something to look for"),
        ("join", [["a" * 60_000] * 2], "more than 100,000"),
        ("join", [["a"] * 60_000, "--"], "more than 100,000"),
        ("json", [["a" * 90_000] * 9000], "more than 100,000"),
        ("string", [["a" * 90_000] * 9000], "more than 100,000"),
        ("hash", [["a" * 90_000] * 9000], "more than 100,000"),
        ("join", [[["a" * 90_000] * 9000]], "more than 100,000"),
        ("upper", ["ß" * 60_000], "more than 100,000"),
        ("sort", [list(range(LARGEST + 1))], "more than 100,000"),
        ("date", [MOMENT, "%1000000000d"], "does not know the format"),
        ("date", [MOMENT, "%"], "does not know the format"),
        ("date", [MOMENT, "%Y" * 200], "does not know the format"),
        ("date", ["tomorrow"], "Invalid isoformat string"),
        ("in_zone", [MOMENT, "Mars/Base"], "is not a time zone"),
        ("round", [12, -(10**9)], "takes from -15 to 15 digits"),
        ("round", [1.5, 10**9], "takes from -15 to 15 digits"),
        ("int", ["many"], "could not convert"),
        ("int", ["1_000"], "could not convert"),
        ("float", ["nan"], "`float` cannot be used on “nan”"),
        ("int", [float("inf")], "`int` cannot be used on inf"),
        ("int", ["9" * 5000], "digits"),
        ("format_number", [1, "de"], "knows the languages en, fr, not 'de'"),
        ("sort", [[1, "a"]], "`sort` cannot be used on [1, 'a']"),
        ("sum", [["a"]], "`sum` cannot be used on ['a']"),
        ("join", ["abc"], "`join` cannot be used on “abc”"),
        ("length", [7], "`length` cannot be used on 7"),
        ("first", [{"a": 1}], "`first` cannot be used on"),
        ("json", [float("nan")], "Out of range float"),
    ],
)
def test_refused(name: str, given: list[Any], sentence: str) -> None:
    """What would grow beyond the bound, or has no sense, is refused with a sentence."""
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  the sentence is compared below
        FILTERS[name](*given)
    assert sentence in str(refusal.value)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.datetimes(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(name=st.sampled_from(sorted(FILTERS)), value=VALUES, arguments=st.lists(VALUES, max_size=2))
def test_any_value(name: str, value: Any, arguments: list[Any]) -> None:
    """Any filter on any value gives data, or a ValueError; never anything else."""
    try:
        result = FILTERS[name](value, *arguments)
    except ValueError as refusal:
        assert str(refusal)  # noqa: PT017
    else:
        assert len(json.dumps(result, default=str)) < 10 * LARGEST


def test_result_is_new() -> None:
    """A filter leaves its value as it was."""
    items = [3, 1, 2]
    FILTERS["sort"](items)
    FILTERS["reverse"](items)
    assert items == [3, 1, 2]
