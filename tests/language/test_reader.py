from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.errors import DocumentError, Place, Problem
from antiphon.language import read, read_file, reader
from antiphon.language.reader import MAX_BYTES, MAX_DEPTH, MAX_PROBLEMS, read_bytes


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every law holds with libyaml and without."""
    if request.param == "python":
        monkeypatch.setattr(reader, "_PARSER", yaml.SafeLoader)


def problems(text: str) -> list[str]:
    """What is wrong with a text, in the order and words of the author's page."""
    with pytest.raises(DocumentError) as caught:
        read(text, "w.yaml")
    return [
        f"{problem.place.line}:{problem.place.column} {problem.sentence} {problem.hint}".strip()
        for problem in caught.value.problems
    ]


def test_values() -> None:
    """Plain scalars have the types of YAML 1.2's core schema, and quoted or block ones are texts."""
    text = """\
on: yes
time: 12:30
date: 2026-01-31
whole: 017
hexadecimal: 0x1F
number: 1e3
grouped: 1_000
nothing:
quoted: "true"
block: |
  1
list: [~, False, '1']
"""

    assert {
        "on": "yes",
        "time": "12:30",
        "date": "2026-01-31",
        "whole": 17,
        "hexadecimal": 31,
        "number": 1000.0,
        "grouped": "1_000",
        "nothing": None,
        "quoted": "true",
        "block": "1\n",
        "list": [None, False, "1"],
    } == read(text, "w.yaml").plain()


def test_places() -> None:
    """Every node and every key knows its line and column, counted from 1 in characters."""
    node = read("été: {a: 'ü', b: [1,\n  2]}\n", "w.yaml")

    assert Place("w.yaml", 1, 6) == node.find(("été",)).place
    assert Place("w.yaml", 1, 10) == node.find(("été", "a")).place
    assert Place("w.yaml", 1, 15) == node.place_of(("été", "b"))
    assert Place("w.yaml", 2, 3) == node.find(("été", "b", 1)).place


def test_alias() -> None:
    """An alias stands for the value of its anchor."""
    assert {"a": [1], "b": [1]} == read("a: &x [1]\nb: *x\n", "w.yaml").plain()


def test_byte_order_mark() -> None:
    """A byte order mark is passed over, in bytes and in text, and moves no column."""
    assert 1 == read_bytes(b"\xef\xbb\xbfa: 1", "w.yaml").place_of(("a",)).column
    assert 1 == read("\ufeffa: 1", "w.yaml").place_of(("a",)).column


def test_every_repeated_key() -> None:
    """Each repeated key is a problem that names both places; all are told at once."""
    assert [
        "2:1 The key `a` is here twice; the first is at line 1, column 1. Keep one of them.",
        "3:11 The key `c` is here twice; the first is at line 3, column 5. Keep one of them.",
    ] == problems("a: 1\na: 2\nb: {c: 1, c: 2}\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1 This document is empty. A document begins with `antiphon: 1`."),
        ("# nothing\n---\n", "This document is empty."),
        ("- a", "1:1 A document must be a mapping"),
        ("text", "1:1 A document must be a mapping"),
        ("a: 1\n---\nb: 2\n", "2:1 A second document begins here."),
        ("<<: {a: 1}", "1:1 Merge keys (`<<`) are not known."),
        ("1: a", "1:1 A key must be a text, not `1`. Put it in quotes."),
        ("true: a", "1:1 A key must be a text, not `true`."),
        ("~: a", "1:1 A key must be a text, not an empty value."),
        ("[a]: 1", "1:1 A key must be a text, not a mapping or a list."),
        ("a: !x 1", "1:4 The tag `!x` is not known."),
        ("a: !!python/object:os.system 1", "1:4 The tag"),
        ("a: *b", "1:4 The alias `*b` refers to nothing above."),
        ("a: &b [*b]", "1:8 The alias `*b` refers to the very thing it stands in."),
        ("a: b\0", "1:5 The invisible character U+0000 is not allowed."),
        ("a: b\u2028c", "1:5 The invisible character U+2028 is not allowed."),
        ('a: "\\0"', "1:4 This text holds an escape for a character that is no text."),
        ("a: " + "1" * 5000, "1:4 A number of 5000 digits is too long."),
    ],
)
def test_refused(text: str, expected: str) -> None:
    """What is YAML but no document has one problem, in a sentence and at its place."""
    [problem] = problems(text)

    assert expected in problem


def test_problems_before_a_syntax_error() -> None:
    """What was found before the parser had to stop is told too."""
    assert ["2:1", "3:4"] == [problem.split()[0] for problem in problems("a: 1\na: 2\nb: @x\n")]


def test_laughing() -> None:
    """Aliases count as often as they are used, so a small text cannot stand for a huge tree."""
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]

    assert "more than 100,000 values" in problems("\n".join(lines))[0]
    assert "4 MiB of text" in problems(f"a: &x {'y' * 100_000}\nb: [{'*x,' * 100}]")[0]


def test_depth() -> None:
    """Nesting is bounded, also where aliases pile it up."""
    deepest = "{a: " * (MAX_DEPTH - 1) + "1" + "}" * (MAX_DEPTH - 1)
    piled = [f"a{n}: &a{n} [[[[*a{n - 1}]]]]" for n in range(1, 20)]

    assert read(deepest, "w.yaml")
    assert f"deeper than {MAX_DEPTH} levels" in problems("a: " + "[" * 100_000)[0]
    assert f"deeper than {MAX_DEPTH} levels" in problems("\n".join(["a0: &a0 [1]", *piled]))[0]


def test_many_problems() -> None:
    """A hopeless document does not fill the screen."""
    assert MAX_PROBLEMS == len(problems("a: b\n" * 5000))


def test_file(tmp_path: Path) -> None:
    """Places name a file as seen from the root."""
    (tmp_path / "workflows").mkdir()
    path = tmp_path / "workflows" / "w.yaml"
    path.write_text("a: 1", encoding="utf-8")

    assert "workflows/w.yaml" == read_file(path, tmp_path).place.file
    assert str(path) == read_file(path).place.file


def test_file_too_long(tmp_path: Path) -> None:
    """A file of 50 MB is refused by its size, before it is read."""
    path = tmp_path / "w.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    began = time.monotonic()

    with pytest.raises(DocumentError, match="longer than 1 MiB"):
        read_file(path)
    assert time.monotonic() - began < 0.1
    with pytest.raises(DocumentError, match="longer than 1 MiB"):
        read("a: " + "é" * (MAX_BYTES // 2), "w.yaml")


def test_file_unreadable(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is a problem of the document."""
    with pytest.raises(DocumentError, match="cannot be read: no such file"):
        read_file(tmp_path / "w.yaml")
    with pytest.raises(DocumentError, match="cannot be read"):
        read_file(tmp_path)


@pytest.mark.parametrize("data", [b"a: 1\nb: \xff", "a: 1\nb: é".encode("latin-1")])
def test_not_utf8(data: bytes) -> None:
    """Bytes that are no UTF-8 are refused at the first of them."""
    with pytest.raises(DocumentError) as caught:
        read_bytes(data, "w.yaml")

    assert Place("w.yaml", 2, 4) == caught.value.problems[0].place


YAML = st.text(alphabet="ab1:-? \n\t#'\"[]{},&*!|>%@`~<$\\é\0\u2028\ud800.x0", max_size=60)


@settings(max_examples=400, deadline=None)
@given(st.one_of(YAML, st.text(max_size=40)))
def test_anything(text: str) -> None:
    """Any text either is a document or has problems within the text; nothing else is ever raised."""
    found: tuple[Problem, ...] = ()
    try:
        tree = read(text, "w.yaml").plain()
    except DocumentError as error:
        tree, found = None, error.problems

    assert isinstance(tree, dict) == (not found)
    assert all(1 <= problem.place.line <= text.count("\n") + 2 for problem in found)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes(data: bytes) -> None:
    """Any bytes either are a document or have problems."""
    found: tuple[Problem, ...] = ()
    try:
        tree = read_bytes(data, "w.yaml").plain()
    except DocumentError as error:
        tree, found = None, error.problems

    assert isinstance(tree, dict) == (not found)


TEXTS = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"], include_characters="\n\t"), max_size=12)

TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(TEXTS, TREES, max_size=4))
def test_json(tree: dict[str, object]) -> None:
    """A JSON object is a document, and is read as JSON reads it."""
    text = json.dumps(tree, ensure_ascii=False)

    assert tree == read(text, "w.yaml").plain()
