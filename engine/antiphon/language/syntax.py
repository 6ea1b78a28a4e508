"""What a YAML parser complains about, said for somebody who does not know YAML's grammar."""

from __future__ import annotations

import re

import yaml

from antiphon.errors import Place, Problem

_QUOTE = 'Put the whole value in double quotes: "…".'

_LONGEST_LINE = 1_000
"""Longer lines are not looked at: the patterns are not made for them."""

_LINES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"^ *\t"),
        "A tab is used to indent this line.",
        "Indent with spaces, two for each level.",
    ),
    (
        re.compile(r"(?:^|[:,\[-]\s+|^\s*)\{\{"),
        "A value that begins with `{{` must be in quotes.",
        'Write "{{ … }}" with double quotes around the whole value.',
    ),
    (
        re.compile(r"[\[{,](?:[^\"'#]*[\s:\[{,])?\$\{\{"),
        "An expression inside `[…]` or `{…}` must be in quotes.",
        'Write "${{ … }}" with double quotes around the whole value.',
    ),
    (
        re.compile(r"(?:[:-]\s+|[\[{,]\s*)(?P<mark>[@`%])"),
        "A value cannot begin with {mark}.",
        _QUOTE,
    ),
    (
        re.compile(r"""(?:[:-]\s+)(?:'[^']*'(?!')|"(?:[^"\\]|\\.)*")\s*[^\s,:\]}#'"]"""),
        "There is more text after the closing quote.",
        "Put the whole value in one kind of quotes; a quote inside them is doubled ('it''s') or of the other kind.",
    ),
    (
        re.compile(r":\s+[^'\"\[{|>&*!#\s][^#]*:(?:\s|$)"),
        "There is a second `: ` in this value.",
        _QUOTE,
    ),
)
"""Mistakes that show in the text of the line, in order of their weight."""

_MESSAGES: tuple[tuple[str, str, str], ...] = (
    (
        "sequence entries are not allowed",
        "A list cannot begin on the line of its key.",
        "Begin the first `- ` on a new line.",
    ),
    (
        "mapping values are not allowed",
        "A key is not expected here.",
        "Check the indentation, or put the value in quotes.",
    ),
    (
        "could not find expected ':'",
        "This line is neither a key with a value nor an item of a list.",
        "Write `key: value`.",
    ),
    ("cannot start any token", "A value cannot begin with this character.", _QUOTE),
    ("undefined alias", "A value that begins with `*` stands for another, and there is none of this name.", _QUOTE),
    (
        "flow sequence",
        "A list that begins with `[` is not closed.",
        "Close it with `]`, with commas between the items.",
    ),
    (
        "flow mapping",
        "A mapping that begins with `{` is not closed.",
        "Close it with `}`, with commas between the keys.",
    ),
    ("block sequence", "This is not an item of the list above.", "Begin it with `- `, below the other items' dashes."),
    ("block mapping", "This does not fit under the keys above.", "Check the indentation and the quotes."),
    ("escape", "There is an unknown escape with `\\` in this text.", "Double the backslash, or use single quotes."),
    ("block scalar", "The text after `|` or `>` is not indented as its first line.", "Indent all its lines alike."),
    ("anchor", "A value that begins with `&` or `*` must be in quotes.", _QUOTE),
    ("alias", "A value that begins with `&` or `*` must be in quotes.", _QUOTE),
    ("tag", "A value that begins with `!` must be in quotes.", _QUOTE),
    ("directive", "A line that begins with `%` is not known here.", _QUOTE),
    ("document start", "A document has ended before this line.", "Check the indentation; keep one document in a file."),
)


def explain(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """The problem that a parser stopped at, at the place where the author should look."""
    said = f"{error.context or ''} {error.problem or ''}".lower()
    mark = error.problem_mark or error.context_mark
    if "quoted scalar" in said and error.context_mark is not None and "escape" not in said:
        return Problem(
            _place(error.context_mark, file),
            "The quotes that open here are never closed.",
            "Close them at the end of the text.",
        )
    lines = text.splitlines()
    for candidate in (mark, error.context_mark):
        if candidate is None or candidate.line >= len(lines):
            continue
        line = lines[candidate.line]
        if len(line) > _LONGEST_LINE:
            continue
        for pattern, sentence, hint in _LINES:
            if (found := pattern.search(line)) is not None:
                at = found.start("mark") if "mark" in found.groupdict() else candidate.column
                sentence = sentence.replace("{mark}", found.groupdict().get("mark", ""))
                return Problem(Place(file, candidate.line + 1, at + 1), sentence, hint)
    for part, sentence, hint in _MESSAGES:
        if part in said:
            return Problem(_place(mark, file), sentence, hint)
    return Problem(_place(mark, file), f"This is not YAML: {error.problem or 'it cannot be read'}.", "")


def _place(mark: yaml.Mark | None, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file)
