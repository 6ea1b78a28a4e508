from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.builtins.filters import FILTERS
from antiphon.language import Evaluator, ExpressionError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

ESCAPES = [
    "''.__class__.__mro__[1].__subclasses__()",
    "''['__class__']['__mro__']",
    "''|attr('__class__')",
    "event.__class__",
    "event['__class__'].__bases__",
    "event.items.__self__",
    "event.items()",
    "event.keys()",
    "event.get('text')",
    "event.text.format(event)",
    "event.text.__len__()",
    "'{0.__class__}'.format(1)",
    "'%s' % event",
    "'%99999999d' % 1",
    "event['text'].upper()",
    "now().__class__",
    "now().astimezone()",
    "now.__globals__",
    "now().tzinfo.utcoffset.__func__",
    "self",
    "self.__init__.__globals__",
    "cycler.__init__.__globals__.os.popen('id')",
    "lipsum.__globals__['os'].popen('id').read()",
    "joiner.__init__",
    "namespace(a=1)",
    "url_for.__globals__",
    "config.items()",
    "request.application",
    "get_flashed_messages.__globals__",
    "range(10**9)",
    "dict(a=1)",
    "open('/etc/passwd')",
    "eval('1')",
    "exec('1')",
    "__import__('os')",
    "__builtins__",
    "_private",
    "event._private",
    "event|map('__class__')|join",
    "event.items|map(attribute='__class__')|first ~ 'x'",
    "[event]|map('__class__.__name__')|first ~ 'x'",
    "[].append(1)",
    "(lambda: 1)()",
    "[x for x in event.items]",
    "event.text.encode('base64')",
    "event.at.strftime('%' * 9)",
    "loop.index",
    "caller()",
    "super()",
    "varargs",
    "import os",
    "1; 2",
    "1, 2",
    "x = 1",
    "event.update({'a': 1})",
    "event.items.pop()",
    "length(*event.items)",
    "event.text|truncate(**event)",
    "event.text|default",
    "event.text is filter",
    "event.text is callable",
    "event.text is sameas none",
    "2 is divisibleby 2",
    "duration.__call__('1d')",
    "duration(duration)",
    "date(['2026-01-31'])",
    "+'a'",
    "'\\ud800'",
    "'\\x00'",
    "a }}{% for x in y %}{{ x",
    "a }} {% set x = 1 %} {{ x",
    "a #}",
    "a %}",
    "event.text -",
]

BOMBS = [
    "9**9**9",
    "2 ** 100000000",
    "'a' * 1000000000",
    "1000000000 * 'a'",
    "[1] * 1000000000",
    "'a'|replace('a', 'a' * 99999)",
    "9999999999 * 9999999999 * 9999999999 * 9999999999",
    "9" * 3900,
    "1e308 * 1e308 - 1e308 * 1e308",
    "0x" + "f" * 3000,
    "(" * 1000 + "1" + ")" * 1000,
    "[" * 1500 + "]" * 1500,
    "not " * 900 + "1",
    "-" * 3000 + "1",
    "1" + "+1" * 1500,
    "1" + " if 1 else 1" * 300,
    "a" + ".a" * 1900,
    "a" + "[0]" * 1200,
    "a" + "|upper" * 600,
    "event.text" + "|list" * 50,
    "a" * 5000,
    "[" + "1," * 1900 + "1]",
    "'" + "a" * 3900,
    "1" + " < 1" * 800,
    "event.long" + " + event.long" * 200,
    "event.long" + " ~ event.long" * 200,
    "(event.long ~ event.long)|replace('y', event.long)",
    "[event.long, event.long]|join(event.long)|upper",
    f"[{'event.many, ' * 200}]",
    "event.x" + " or 'a' in event.many[0]" * 120 + " or 1 / 0",
    f"'x' ~ [{'event.many, ' * 200}]",
]


@pytest.mark.parametrize("source", ESCAPES)
def test_no_way_out(source: str, evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """An expression that looks for a way out is refused or finds nothing; it never gets hold of an object."""
    with pytest.raises(ExpressionError) as caught:
        evaluator.evaluate(f"${{{{ {source} }}}}", scope, NOW)

    assert caught.value.sentence


@pytest.mark.parametrize("source", BOMBS, ids=lambda source: source[:30])
def test_no_bomb(source: str, evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """An expression that would take long or grow is refused within a moment."""
    scope["event"].update(long="y" * 90_000, many=[list(range(90_000))])
    began = time.monotonic()

    with pytest.raises(ExpressionError):
        evaluator.evaluate(f"${{{{ {source} }}}}", scope, NOW)

    assert time.monotonic() - began < 1


def test_keys_are_data(evaluator: Evaluator) -> None:
    """A key of an event is found whatever it is called, and only as data."""
    scope = {"event": {"items": 1, "__class__": "mine", "get": 2, "_id": 3}}

    assert 1 == evaluator.evaluate("${{ event.items }}", scope, NOW)
    assert "mine" == evaluator.evaluate("${{ event['__class__'] }}", scope, NOW)
    assert 5 == evaluator.evaluate("${{ event.get + event['_id'] }}", scope, NOW)


def test_objects_are_closed(evaluator: Evaluator) -> None:
    """An object that comes into the scope by accident shows nothing of itself."""

    class Secretive:
        token = "hidden"

        def __getitem__(self, key: str) -> str:
            return self.token

    scope = {"thing": Secretive(), "made": datetime(2026, 1, 1, tzinfo=UTC)}

    for source in ("thing.token", "thing['token']", "made.tzinfo", "made.replace", "made.timestamp"):
        with pytest.raises(ExpressionError, match="is not there"):
            evaluator.evaluate(f"${{{{ {source} }}}}", scope, NOW)


@pytest.mark.parametrize("result", [object(), (item for item in "ab"), b"bytes", print])
def test_filters_give_data(result: object, scope: dict[str, Any]) -> None:
    """What a filter gives is used only when it is data."""
    with pytest.raises(ExpressionError, match="is no data"):
        Evaluator({"odd": lambda value: result}).evaluate("${{ 1 | odd }}", scope, NOW)


@pytest.mark.parametrize("result", ["a" * 300_000, list(range(200_000)), 10**40, float("nan")])
def test_filters_stay_small(result: object, scope: dict[str, Any]) -> None:
    """What a filter gives is bounded in size."""
    with pytest.raises(ExpressionError):
        Evaluator({"big": lambda value: result}).evaluate("${{ 1 | big }}", scope, NOW)


def test_filters_fail_in_words(scope: dict[str, Any]) -> None:
    """Whatever a filter raises is a sentence that names it; wrong arguments are found before anything runs."""

    def broken(value: object, times: int = 1) -> object:
        raise RuntimeError("no luck")

    with pytest.raises(ExpressionError, match=r"`\| broken` does not work here: no luck"):
        Evaluator({"broken": broken}).evaluate("${{ 1 | broken }}", scope, NOW)
    with pytest.raises(ExpressionError, match="`broken` is not used like this"):
        Evaluator({"broken": broken}).check("${{ 1 | broken(1, 2, 3) }}")


def test_text_stays_small(evaluator: Evaluator, scope: dict[str, Any]) -> None:
    """A text of many expressions cannot be blown up either."""
    scope["event"]["long"] = "y" * 90_000

    with pytest.raises(ExpressionError, match="longer than"):
        evaluator.evaluate("${{ event.long }} " * 100, scope, NOW)
    with pytest.raises(ExpressionError, match="more than 200 expressions"):
        evaluator.check("${{ 1 }} " * 300)


WORDS = """
event steps . text items [ ] ( ) { } 'a' ' " 1 0 9e9 + - * / % ~ | upper join default sort map length , : == < in
not and or if else is defined now duration date __class__ _ none true = ** // \\ $ # }} ${{ {% é \0 x
""".split()  # noqa: SIM905 - read as it would be written

SOURCE = st.lists(st.sampled_from([*WORDS, "\n"]), max_size=25).map(" ".join)

EVALUATOR = Evaluator(FILTERS)


@settings(max_examples=800, deadline=500)
@given(st.one_of(SOURCE, st.text(max_size=50)))
def test_any_source(source: str) -> None:
    """Any source either has a value of JSON or raises ExpressionError, and soon."""
    scope = {"event": {"text": "abc", "items": [3, 1, 2], "at": NOW}, "steps": {}, "x": "y" * 1000}
    value, told = None, "a value"
    try:
        EVALUATOR.check(f"${{{{ {source} }}}}")
        value = EVALUATOR.evaluate(f"${{{{ {source} }}}}", scope, NOW)
        EVALUATOR.evaluate(f"a ${{{{ {source} }}}} b", scope, NOW)
        EVALUATOR.judge(f"${{{{ {source} }}}}", scope, NOW)
    except ExpressionError as error:
        told = error.sentence

    assert told
    assert isinstance(value, str | int | float | list | dict | None)
