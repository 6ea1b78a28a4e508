from __future__ import annotations

import timeit
from datetime import UTC, datetime
from typing import Any

import pytest

from antiphon.language import Evaluator, ExpressionError, Later, MissingValue, Reference, has_expression, is_expression
from antiphon.model.run import Verdict

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain {{ copy }}", "plain {{ copy }}"),
        ("${{ event.followers }}", 37),
        (" ${{ event.followers }}\n", 37),
        ("${{ event.followers }} followers", "37 followers"),
        ("${{ event.items }}", [1, 2]),
        ("${{ event.verified }}!", "true!"),
        ("${{ event.items }}!", "[1, 2]!"),
        ("${{ event.nothing }}", None),
        ("${{ {'a': {'b': '}}'}} }}", {"a": {"b": "}}"}}),
        ("${{ '${{' }} x", "${{ x"),
        ("${{ event.at }}", "2026-03-02T09:00:00+00:00"),
        ("${{ now() + '90m' }}", "2026-03-02T10:30:00+00:00"),
        ("${{ duration('90m') }}", "1h30m"),
        ("${{ [now()] }}", ["2026-03-02T09:00:00+00:00"]),
        ("${{ event.author.nick | default('you') }}", "you"),
        ("${{ event.nothing | default('you') }}", "you"),
        ("${{ event.author.nick or event.author.name }}", "Zoé"),
        ("${{ event.author.nick | upper | default('you') }}", "you"),
        ("${{ 'a' if event.verified else 'b' }}", "a"),
        ("${{\n  event.followers\n  + 1\n}}", 38),
    ],
)
def test_values(text: str, expected: Any, evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """One expression keeps its value's type; among words it is written out; times are texts."""
    value = evaluator.evaluate(text, scope, NOW)

    assert (type(expected), expected) == (type(value), value)


def test_data_stay_data(evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """An event that holds an expression is not evaluated, however it is used."""
    assert "${{ secrets.token }}" == evaluator.evaluate("${{ event.quoted }}", scope, NOW)
    assert ">${{ secrets.token }}" == evaluator.evaluate(">${{ event.quoted }}", scope, NOW)
    assert {"a": ["${{ secrets.token }}"]} == evaluator.render({"a": ["${{ event.quoted }}"]}, scope, NOW)


def test_render(evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """A tree keeps its form and its keys; every text in it is replaced by its value."""
    tree = {"${{ x }}": ["${{ event.followers }}", 1, None, {"b": "n=${{ inputs.touches }}"}]}

    assert {"${{ x }}": [37, 1, None, {"b": "n=3"}]} == evaluator.render(tree, scope, NOW)


def test_missing(evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """A value that is not there is named when it is needed, with what to do about it."""
    for text in ("${{ event.author.nick }}", "Hello ${{ event.author.nick }}", "${{ event.author.nick + 1 }}"):
        with pytest.raises(MissingValue) as caught:
            evaluator.evaluate(text, scope, NOW)
        assert "event.author.nick is not there." == caught.value.sentence
        assert "| default(" in caught.value.hint
    with pytest.raises(MissingValue, match=r"event\.nothing is empty"):
        evaluator.evaluate("Hello ${{ event.nothing }}", scope, NOW)


def test_later(evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """What depends on a step that has not run is known after it, and a text says so."""
    later = Later("copy")

    for text in (
        "${{ steps.copy }}",
        "${{ steps.copy.a[0].b }}",
        "${{ steps.copy.a | upper }}",
        "${{ 1 + steps.copy }}",
    ):
        assert later == evaluator.evaluate(text, scope, NOW)
    assert later == evaluator.evaluate("${{ steps.copy.x | default('a') ~ 'b' }}", scope, NOW)
    assert "a ‹known after copy› b" == evaluator.evaluate("a ${{ steps.copy.x == 1 }} b", scope, NOW)
    assert True is evaluator.evaluate("${{ event.verified or steps.copy.x }}", scope, NOW)
    assert None is evaluator.judge("${{ steps.copy.x > 1 }}", scope, NOW)
    assert None is evaluator.judge("${{ steps.copy.x }}", scope, NOW)


@pytest.mark.parametrize(
    ("text", "holds", "because"),
    [
        ("${{ event.followers > 100 }}", False, "event.followers > 100: 37 > 100 is false"),
        ("${{ 1 < event.followers < 50 }}", True, "1 < event.followers < 50: 1 < 37 < 50 is true"),
        ("${{ event.text }}", True, "event.text: event.text is “Bonjour”"),
        ("${{ event.verified }}", True, "event.verified: true"),
        ("${{ event.nick == 'a' }}", False, "event.nick == 'a': event.nick is not there"),
        ("${{ event.nick != 'a' }}", False, "event.nick != 'a': event.nick is not there"),
        ("${{ event.nick }}", False, "event.nick: event.nick is not there"),
        ("${{ event.nick + 1 > 2 }}", False, "event.nick + 1 > 2: event.nick is not there"),
        ("${{ not event.items }}", False, "not event.items: event.items is [1, 2]"),
        ("${{ 3 in event.items }}", False, "3 in event.items: 3 in [1, 2] is false"),
        (
            "${{ event.followers > 100 and event.text == 'a' }}",
            False,
            "event.followers > 100 and event.text == 'a': 37 > 100 is false",
        ),
        (
            "${{ event.followers > 100 or event.text == 'Bonjour' }}",
            True,
            "event.followers > 100 or event.text == 'Bonjour': 37 > 100 is false, “Bonjour” == “Bonjour” is true",
        ),
    ],
)
def test_judge(text: str, holds: bool, because: str, evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """A verdict shows both values of every comparison that decided it; a missing value is false."""
    assert Verdict(holds=holds, because=because) == evaluator.judge(text, scope, NOW)


@pytest.mark.parametrize("text", ["event.followers > 1", "a ${{ event.verified }}", ""])
def test_judge_one_expression(text: str, evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """A condition is one expression; anything else would always hold, and is refused."""
    with pytest.raises(ExpressionError, match="one expression and nothing else"):
        evaluator.judge(text, scope, NOW)


def test_references(evaluator: Evaluator) -> None:
    """Checking names the longest fixed chains, in reading order, with their offsets in the text."""
    text = "${{ steps.copy['variants'].short ~ event.items[0].x }} ${{ now() }} ${{ a[b.c] | default(d) }}"

    assert (
        Reference(("steps", "copy", "variants", "short"), 4),
        Reference(("event", "items"), text.index("event")),
        Reference(("a",), text.index("a[b")),
        Reference(("b", "c"), text.index("b.c")),
        Reference(("d",), text.index("d)")),
    ) == evaluator.check(text)
    assert () == evaluator.check("no expression")


def test_what_is_one(evaluator: Evaluator) -> None:
    """An expression among words is one, and is not all."""
    assert has_expression("a ${{ b }}")
    assert not is_expression("a ${{ b }}")
    assert is_expression(" ${{ b }}\n")
    assert not has_expression("{{ b }}")


def test_offset(evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """An error knows where in the text it is, when it is checked and when it runs."""
    with pytest.raises(ExpressionError) as caught:
        evaluator.check("Hello ${{ name | uper }}")
    assert "Hello ${{ name | uper }}".index("uper") == caught.value.offset

    with pytest.raises(ExpressionError) as caught:
        evaluator.evaluate("Hello ${{ 1 / 0 }}", scope, NOW)
    assert "Hello ${{ 1 / 0 }}".index("1") == caught.value.offset


def test_quick(evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """A text is compiled once: evaluating it again is a hundred times quicker than compiling it."""
    text = "${{ event.followers > 100 }}"
    evaluator.check(text)

    again = min(timeit.repeat(lambda: evaluator.evaluate(text, scope, NOW), number=100, repeat=5))
    anew = min(timeit.repeat(lambda: Evaluator({}).evaluate(text, scope, NOW), number=100, repeat=5))

    assert again * 5 < anew
