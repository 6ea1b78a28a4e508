from __future__ import annotations

import pytest
import yaml

from antiphon.errors import DocumentError
from antiphon.language import read, reader


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: {{ x }}", "1:4 A value that begins with `{{` must be in quotes."),
        ("a: {{ x }} and more", "1:4 A value that begins with `{{` must be in quotes."),
        ("a: {b: ${{ x }}}", "An expression inside `[…]` or `{…}` must be in quotes."),
        ("a: [1, ${{ x }}]", "An expression inside `[…]` or `{…}` must be in quotes."),
        ("a: @everyone", "1:4 A value cannot begin with @."),
        ("a: %d", "1:4 A value cannot begin with %."),
        ("a: `x`", "1:4 A value cannot begin with `."),
        ("a:\n\tb: 1", "2:1 A tab is used to indent this line."),
        ('b: 1\na: "never closed', "2:4 The quotes that open here are never closed."),
        ("a: 'it's nice'", "There is more text after the closing quote."),
        ("a: New: a drop", "There is a second `: ` in this value."),
        ("a: [1, 2", "A list that begins with `[` is not closed."),
        ("a: {b: 1", "A mapping that begins with `{` is not closed."),
        ("a:\n  - b\n c: d", "3:2 This does not fit under the keys above."),
        ("a: - b", "A list cannot begin on the line of its key."),
        ("words\na: 1", "A key is not expected here."),
        ('a: "\\q"', "There is an unknown escape"),
    ],
)
@pytest.mark.parametrize("parser", ["libyaml", "python"])
def test_reworded(text: str, expected: str, parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a parser says is said for people, at the place where to look, whichever parser says it."""
    if parser == "python":
        monkeypatch.setattr(reader, "_PARSER", yaml.SafeLoader)

    with pytest.raises(DocumentError) as caught:
        read(text, "w.yaml")

    [problem] = caught.value.problems
    assert expected in f"{problem.place.line}:{problem.place.column} {problem.sentence}"
    assert problem.hint
