"""Where expressions stand in a text, and their syntax trees: Jinja2's grammar of expressions, and nothing of its
statements.

Every node of a tree has the offset of its beginning, counted from the start of the text, in the attribute `lineno`:
Jinja's tokens have a line number only, and an expression is one line, so the offset takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import TOKEN_VARIABLE_END, TokenStream
from jinja2.parser import Parser

from antiphon.language.values import ExpressionError

OPEN, CLOSE = "${{", "}}"

MAX_SOURCE = 4_000
"""The longest expression, in characters."""

MAX_EXPRESSIONS = 200
"""The most expressions in one text."""

_MAX_BRACKETS = 30
_ENVIRONMENT = Environment(autoescape=False)  # noqa: S701 - it parses only, and renders nothing

RawToken = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """One expression in a text: the text between the braces, where it begins, and its tree."""

    text: str
    offset: int
    tree: nodes.Expr


def split(text: str) -> tuple[str | Source, ...]:
    """The parts of a text in order: what is copied, and what is evaluated.

    Raises:
        ExpressionError: an expression is never closed, too long, or not of the grammar.
    """
    parts: list[str | Source] = []
    end = 0
    while (start := text.find(OPEN, end)) >= 0:
        if start > end:
            parts.append(text[end:start])
        source, end = _source(text, start)
        parts.append(source)
        if len(parts) > 2 * MAX_EXPRESSIONS:
            raise ExpressionError(f"This text has more than {MAX_EXPRESSIONS} expressions.", offset=start)
    if end < len(text):
        parts.append(text[end:])
    return tuple(parts)


def sole_source(parts: tuple[str | Source, ...]) -> Source | None:
    """The expression that is all of a text but for space around it, or None."""
    filled = [part for part in parts if isinstance(part, Source) or part.strip()]
    return filled[0] if len(filled) == 1 and isinstance(filled[0], Source) else None


def _source(text: str, start: int) -> tuple[Source, int]:
    begin = start + len(OPEN)
    window = text[begin : begin + MAX_SOURCE + len(CLOSE)].replace("\r\n", " \n")
    tokens: list[RawToken] = []
    at = begin
    try:
        for _, kind, value in _ENVIRONMENT.lexer.tokeniter(window, "expression", state="variable"):
            if kind == TOKEN_VARIABLE_END:
                if not value.startswith(CLOSE):
                    raise ExpressionError(f"`{value.strip()}` does not close an expression.", hint=_CLOSING, offset=at)
                source = text[begin:at]
                inside = begin + len(source) - len(source.lstrip())
                return Source(source.strip(), inside, _parse(tokens, at)), at + len(CLOSE)
            tokens.append((at, kind, value))
            at += len(value)
    except TemplateSyntaxError as error:
        if begin + len(window) >= len(text):
            raise ExpressionError(f"{_said(error)}.", hint=_hint(text[at : at + 1]), offset=at) from None
    if begin + len(window) < len(text):
        raise ExpressionError(f"This expression is longer than {MAX_SOURCE:,} characters.", offset=start)
    raise ExpressionError("An expression opens here with `${{` and is never closed.", hint=_CLOSING, offset=start)


_CLOSING = "Close it with `}}`."


def _parse(tokens: list[RawToken], end: int) -> nodes.Expr:
    begin = tokens[0][0] if tokens else end
    depth = 0
    for at, kind, value in tokens:
        depth += (value in "([{") - (value in ")]}") if kind == "operator" else 0
        if depth > _MAX_BRACKETS:
            raise ExpressionError("The brackets of this expression are nested too deep.", offset=at)
    if all(kind == "whitespace" for _, kind, _ in tokens):
        raise ExpressionError("This expression is empty.", offset=begin)
    parser = Parser(_ENVIRONMENT, "", state="variable")
    try:
        parser.stream = TokenStream(_ENVIRONMENT.lexer.wrap(iter(tokens)), "expression", None)
        tree = parser.parse_expression()
    except TemplateSyntaxError as error:
        at = min(error.lineno if error.lineno > 1 else end, end)
        raise ExpressionError(f"{_said(error)}.", hint=_hint_near(tokens, at), offset=at) from None
    except RecursionError:
        raise ExpressionError("This expression is nested too deep.", offset=begin) from None
    if parser.stream.current.type != "eof":
        token = parser.stream.current
        raise ExpressionError(
            f"The expression should end before `{token.value}`.",
            hint=_hint_near(tokens, token.lineno),
            offset=token.lineno,
        )
    return tree


def _said(error: TemplateSyntaxError) -> str:
    said = (error.message or "").replace("expected token", "expected").replace("end of print statement", "the end")
    said = said.replace("end of template", "the end of the expression").rstrip(".")
    return f"This expression cannot be read: {re.sub(r' at [0-9]+$', '', said)}"


def _hint_near(tokens: list[RawToken], at: int) -> str:
    return _hint(next((value for offset, _, value in tokens if offset >= at), ""))


def _hint(token: str) -> str:
    match token:
        case "=":
            return "To compare two values write `==`."
        case "&" | "|" | "!":
            return "Write `and`, `or`, `not`; a filter is a name after a single `|`."
        case "'" | '"':
            return "A quote is not closed."
        case "":
            return ""
        case _:
            return "Texts need quotes inside an expression."


def walk(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every node of a tree, without recursion."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.iter_child_nodes())
