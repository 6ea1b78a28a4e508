from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.errors import Place
from antiphon.language import fill, read
from antiphon.language.inputs import accept
from antiphon.model.inputs import Input


def asked(**options: Any) -> Input:
    return Input.model_validate(options)


@pytest.mark.parametrize(
    ("options", "given", "expected"),
    [
        ({"type": "text", "max": 3}, "abc", "abc"),
        ({"type": "text", "pattern": "[a-z]+"}, "abc", "abc"),
        ({"type": "number"}, 1.5, 1.5),
        ({"type": "number"}, "1.5", 1.5),
        ({"type": "integer", "min": 1, "max": 5}, 5, 5),
        ({"type": "integer"}, "5", 5),
        ({"type": "integer"}, 5.0, 5),
        ({"type": "boolean"}, False, False),
        ({"type": "boolean"}, "true", True),
        ({"type": "choice", "options": ["a", "b"]}, "b", "b"),
        ({"type": "duration", "min": "2d"}, "48h", "2d"),
        ({"type": "date", "min": "2026-01-01"}, "2026-01-31", "2026-01-31"),
        ({"type": "time"}, "09:00", "09:00"),
        ({"type": "timezone"}, "Europe/Paris", "Europe/Paris"),
        ({"type": "url"}, "https://example.org/a", "https://example.org/a"),
        ({"type": "connection"}, "brand", "brand"),
        ({"type": "list", "of": "duration"}, ["90m"], ["1h30m"]),
        ({"type": "list", "max": 2}, [1, "a"], [1, "a"]),
        ({"type": "steps"}, [{"wait": "1s"}], [{"wait": "1s"}]),
    ],
)
def test_accepted(options: dict[str, Any], given: Any, expected: Any) -> None:
    """An answer of the right type within its limits is brought into one form."""
    value = accept(asked(**options), given)

    assert (type(expected), expected) == (type(value), value)


@pytest.mark.parametrize(
    ("options", "given", "sentence"),
    [
        ({"type": "text"}, 5, "must be a text, not the number 5"),
        ({"type": "text", "max": 2}, "abc", "must be at most 2 characters, not 3 characters"),
        ({"type": "text", "pattern": "[a-z]+"}, "A", "must match"),
        ({"type": "text", "pattern": "("}, "A", "not a regular expression"),
        ({"type": "text", "pattern": "(a+)+$"}, "a" * 40 + "!", "must match|took too long"),
        ({"type": "number"}, "ten", "must be a number"),
        ({"type": "number"}, True, "must be a number"),
        ({"type": "number"}, float("nan"), "must be a finite number"),
        ({"type": "integer"}, 1.5, "must be a whole number"),
        ({"type": "integer", "min": 1}, 0, "must be at least 1, not 0"),
        ({"type": "integer", "max": "2d"}, 0, "has a limit, 2d, that does not fit its type integer"),
        ({"type": "boolean"}, "yes", "must be true or false"),
        ({"type": "choice", "options": ["a"]}, "b", "must be one of a"),
        ({"type": "duration"}, "ten", "must be a length of time"),
        ({"type": "duration", "min": "2d"}, "1d", "must be at least 2d, not 1d"),
        ({"type": "date"}, "31.1.2026", "must be a date"),
        ({"type": "date", "max": "2026-01-01"}, "2026-01-31", "must be at most 2026-01-01"),
        ({"type": "time"}, "9 o'clock", "must be a time of day"),
        ({"type": "timezone"}, "Europe/Lutetia", "must be a time zone"),
        ({"type": "url"}, "ftp://example.org", "must be a web address"),
        ({"type": "url"}, "https://[", "must be a web address"),
        ({"type": "connection"}, " ", "must not be empty"),
        ({"type": "list", "of": "integer"}, [1, "a"], "number 2 must be a whole number"),
        ({"type": "list", "min": 1}, [], "must be at least 1 items, not 0 items"),
        ({"type": "list"}, "a", "must be a list"),
        ({"type": "steps"}, ["wait"], "must be a list of steps"),
    ],
)
def test_refused(options: dict[str, Any], given: Any, sentence: str) -> None:
    """An answer of the wrong type or beyond a limit is refused in words."""
    with pytest.raises(ValueError, match=sentence):
        accept(asked(**options), given)


def test_fill() -> None:
    """Answers, defaults and nothing fill the inputs; every problem is told, with its place and what was meant."""
    inputs = {
        "tag": asked(type="text", required=True, label="Shortlist tag"),
        "touches": asked(type="integer", default=3, max=5),
        "tone": asked(type="choice", options=["warm", "dry"]),
        "note": asked(type="text"),
    }

    assert ({"tag": "a", "touches": 3, "tone": None, "note": None}, []) == fill(inputs, {"tag": "a"})
    values, problems = fill(inputs, read("tga: a\ntouches: 9\ntone: wram\n", "w.yaml"))
    assert {"note": None} == values
    assert [
        (Place("w.yaml", 1, 1), "There is no input `tga`.", "Did you mean `tag`?"),
        (Place("w.yaml", 1, 1), "The input `tag` is missing.", "Shortlist tag"),
        (Place("w.yaml", 2, 1), "`touches` must be at most 5, not 9.", ""),
        (Place("w.yaml", 3, 1), "`tone` must be one of warm, dry, not the text “wram”.", "Did you mean `warm`?"),
    ] == [(problem.place, problem.sentence, problem.hint) for problem in problems]


def test_default_is_checked() -> None:
    """A default that breaks its own limits is told as such."""
    _, [problem] = fill({"n": asked(type="integer", default=9, max=5)}, {})

    assert "The default of `n` must be at most 5, not 9." == problem.sentence


@given(
    st.sampled_from(
        [
            "text",
            "number",
            "integer",
            "boolean",
            "choice",
            "duration",
            "date",
            "time",
            "timezone",
            "url",
            "list",
            "steps",
        ]
    ),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.integers())),
)
def test_any_answer(kind: str, answer: Any) -> None:
    """Any answer is either accepted or refused with a problem, and what is accepted is accepted again."""
    inputs = {"x": asked(type=kind)}
    values, problems = fill(inputs, {"x": answer})

    assert bool(problems) != ("x" in values)
    assert not problems or problems[0].sentence
    if values:
        assert (values, []) == fill(inputs, values)
