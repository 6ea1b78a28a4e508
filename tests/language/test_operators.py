from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from antiphon.language import Evaluator, ExpressionError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3 - 4", 3),
        ("7 / 2", 3.5),
        ("7 // 2", 3),
        ("-7 % 3", 2),
        ("-(1 - 3)", 2),
        ("'a' + 'b'", "ab"),
        ("'a' ~ 1 ~ true", "a1true"),
        ("[1] + [2]", [1, 2]),
        ("'4d' * 3", "12d"),
        ("3 * '4d' > '10d'", True),
        ("'3d' > '20d'", False),
        ("'1d' + '12h'", "1d12h"),
        ("'2w' / '7d'", 2.0),
        ("inputs.gap * inputs.touches > duration('11d')", True),
        ("now() - event.created_at > '28d'", True),
        ("now() - '1d'", "2026-03-01T09:00:00+00:00"),
        ("'1d' + now()", "2026-03-03T09:00:00+00:00"),
        ("now() > '2026-01-31'", True),
        ("date('2026-01-31') + '1d' == date('2026-02-01')", True),
        ("event.at.weekday ~ ' ' ~ event.at.hour", "mon 9"),
        ("1 == true", False),
        ("1 == 1.0", True),
        ("'a' != 'b'", True),
        ("event.nothing > 1", False),
        ("event.nothing == none", True),
        ("'b' in 'abc' and 2 in [1, 2] and 'k' in {'k': 1}", True),
        ("4 not in event.items", True),
        ("1 in event.nothing", False),
        ("1 < 2 < 3 < 3", False),
        ("event.text[:3] ~ event.items[-1]", "Bon2"),
        ("event.items[5] is defined", False),
        ("event.x is undefined and event.nothing is none and '' is empty", True),
        ("1 is number and 'a' is string and [] is list and {} is mapping", True),
        ("true is number or true is integer", False),
        ("2 is in [1, 2]", True),
        ("'b' < 'c'", True),
    ],
)
def test_meaning(source: str, expected: Any, evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """Operators mean what an author reads; a text beside a time or a length of time is read as one."""
    value = evaluator.evaluate(f"${{{{ {source} }}}}", scope, NOW)

    assert (type(expected), expected) == (type(value), value)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("1 / 0", "divided by zero"),
        ("1 % 0", "divided by zero"),
        ("'2d' / '0s'", "divided by zero"),
        ("'a' + 1", "“a” + 1 has no meaning."),
        ("'a' - 'b'", "has no meaning"),
        ("'a' > 1", "“a” > 1 has no meaning."),
        ("true + 1", "has no meaning"),
        ("now() + now()", "has no meaning"),
        ("-'a'", "has no meaning"),
        ("1 in 2", "has no meaning"),
        ("now() > 'soon'", "“soon” is not a date"),
        ("'abc' * 3", "has no meaning"),
        ("now() + '3650d' + '3650d' + '3650d' * 900", "cannot be calculated"),
        ("date('never')", "“never” is not a date"),
        ("duration('ten')", "not a length of time"),
        ("event.text['a':]", "only by whole numbers"),
        ("event.items[::0]", "cannot be zero"),
    ],
)
def test_no_meaning(source: str, sentence: str, evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """What has no meaning is said in a sentence that shows the values."""
    with pytest.raises(ExpressionError) as caught:
        evaluator.evaluate(f"${{{{ {source} }}}}", scope, NOW)

    assert sentence in caught.value.sentence
