"""Misses: the first field that is not as asked, and how near the whole came."""

from __future__ import annotations

from typing import Any

import pytest

from antiphon.components.misses import distance, miss
from antiphon.components.pattern import Pattern


def _pattern(**fields: Any) -> Pattern:
    return Pattern.model_validate(fields)


def test_both_values() -> None:
    """A miss names the first field that is not as asked, with what was asked and what was found."""
    found = miss(_pattern(language="fr", followers={"above": 1000}), {"language": "FR", "followers": 850})

    assert found is not None
    assert ("followers", "above 1000", 850) == (found.field, found.asked, found.found)
    assert "followers (850) is not above 1000" == found.because
    assert (1, 2) == (found.held, found.of)


def test_match() -> None:
    """What is as asked is no miss."""
    assert miss(_pattern(language="fr"), {"language": "fr"}) is None


def test_reason() -> None:
    """The reason is the same for every event: it holds nothing of the event itself."""
    pattern = _pattern(text={"contains_any": ["broken"]})
    reasons = {found.reason for text in ("a", "b") if (found := miss(pattern, {"text": text}))}

    assert {"text contains any of “broken”"} == reasons


@pytest.mark.parametrize(
    ("asked", "found", "expected"),
    [
        ({"above": 1000}, 850, 0.15),
        ({"above": 1000}, 1000, 0.01),
        ({"below": 10}, 20, 0.5),
        ({"at_least": 5}, -5, 1),
        ({"between": [10, 20]}, 25, 0.2),
        ({"between": [10, 20]}, 8, 0.2),
        ({"longer_than": 10}, "12345", 0.5),
        ({"above": 0}, 0, 0.01),
        ({"above": 10}, "many", 1),
        ({"above": 10, "at_least": 1}, 9, 0.1),
        ("fr", "en", 1),
        (4, 5, 0.2),
        (True, False, 1),
        ({"above": 10}, 11, 0),
    ],
    ids=str,
)
def test_distance(asked: Any, found: Any, expected: float) -> None:
    """A number that is off counts by how much, in parts of the greater of the two; anything else that is off 1."""
    assert expected == distance(_pattern(n=asked), {"n": found})


def test_fields_add_up() -> None:
    """The distances of all fields are summed, whatever their order; a field that is not there counts 1."""
    asked = {"language": "fr", "followers": {"above": 1000}, "text": {"contains": "café"}}
    found = {"followers": 900, "text": "un café"}

    assert 1.1 == distance(_pattern(**asked), found)
    assert 1.1 == distance(_pattern(**dict(reversed(asked.items()))), found)
