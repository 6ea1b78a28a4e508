"""The suite: tests are found, run side by side, compared and told of, for people and for continuous integration."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.rehearsal.conftest import Folder

from antiphon.rehearsal.junit import to_junit
from antiphon.rehearsal.suite import Suite, run_all
from antiphon.rehearsal.telling import told
from antiphon.testing.documents import document_tests

DOCUMENT = """
antiphon: 1
id: x
name: X
tz: Europe/Paris
triggers: [{id: heard, event: {type: mention.received}}]
actions:
  - {id: note, use: inbox.ticket, with: {title: Look}}
  - {id: post, use: mastodon.post, with: {connection: brand, text: "Hello, ${{ event.name }}"}}
  - {id: last, use: mastodon.post, with: {connection: brand, text: Bye}}
tests:
  - name: as expected
    events: [{type: mention.received, name: Ana}]
    expect: {effects: [{status: "Hello, Ana"}, {status: Bye}]}
  - name: "not “as” <expected> \\u0007"
    events: [{type: mention.received, name: Ana}]
    expect:
      effects: [{use: mastodon.boost}, {use: mastodon.post, status: {contains: Bea}}]
      not_effects: [{status: Bye}]
      finished: [failed]
      steps: {post: skipped}
  - name: cannot be
    events: [{type: mention.received, data: fixtures/nothing}]
    expect: {runs: 1}
"""


@pytest.fixture
def written(folder: Folder) -> Folder:
    """A workspace with one test that passes, one that fails, and one that is wrong."""
    folder.write("workflows/x.yaml", DOCUMENT)
    return folder


def test_difference(written: Folder) -> None:
    """What differs is told piece by piece: what was expected, what was found, and the nearest with its reason."""
    results = written.run()

    assert ["passed", "failed", "error"] == [result.state for result in results]
    assert [
        "effects:",
        "  − expected  mastodon.boost",
        "    found     nothing like it",
        "  ✗ expected  mastodon.post status: {contains: Bea}",
        "    found     mastodon.post at 0s: Post as brand on torrea.example: “Hello, Ana”",
        "    because   status (“Hello, Ana”) does not contain “Bea”",
        "  + found     mastodon.post at 0s: Post as brand on torrea.example: “Bye”",
        "    expected  nothing here",
        "not_effects:",
        "  + found     mastodon.post at 0s: Post as brand on torrea.example: “Bye”",
        "    expected  nothing here",
        "    because   unwanted is any effect status: Bye",
        "finished:",
        "  ✗ expected  failed",
        "    found     done",
        "    because   Open a ticket: Look, Post as brand on torrea.example: “Hello, Ana”, "
        "Post as brand on torrea.example: “Bye”",
        "steps.post:",
        "  ✗ expected  state: skipped",
        "    found     done: Post as brand on torrea.example: “Hello, Ana”",
        "    because   it is done",
    ] == list(told(results[1]))


def test_side_by_side(written: Folder) -> None:
    """Tests that run in several processes come to the same, in the same order, as one after the other."""
    app = written.open()
    found, _ = Suite(app).find([written.path / "workflows"])
    heard: list[str] = []

    several = run_all(app, found, jobs=2, told=lambda result: heard.append(result.test.name))
    one = run_all(app, found, jobs=1)

    assert [(r.test, r.lines, r.error) for r in one] == [(r.test, r.lines, r.error) for r in several]
    assert sorted(heard) == sorted(test.name for test in found)


def test_junit(written: Folder) -> None:
    """The results as JUnit XML: suites, counts, places, and the difference as the failure's text."""
    root = ElementTree.fromstring(to_junit(written.run()))
    [suite] = root
    cases = list(suite)

    assert ("testsuites", "3", "1", "1") == (root.tag, *(root.get(key) for key in ("tests", "failures", "errors")))
    assert [("as expected", "x", "workflows/x.yaml", "12")] == [
        tuple(cases[0].get(key) for key in ("name", "classname", "file", "line"))
    ]
    assert [[], ["failure"], ["error"]] == [[part.tag for part in case] for case in cases]
    assert "does not contain “Bea”" in str(cases[1][0].text)
    assert cases[1].get("name") == "not “as” <expected> \N{REPLACEMENT CHARACTER}"


def test_fixtures_are_no_documents(written: Folder) -> None:
    """What stands in a folder `fixtures` is no document, whatever it is."""
    written.write("workflows/fixtures/odd.yaml", "what: is this\n")

    found, problems = Suite(written.open()).find([written.path / "workflows"])

    assert (3, []) == (len(found), problems)
    assert [] == written.open().compiled.problems


def test_from_pytest(written: Folder) -> None:
    """Plugin authors run the tests of documents from pytest; what differs is the assertion's text."""
    tests = document_tests(written.path, Path("workflows"))

    assert ["x: as expected", "x: not “as” <expected> \u0007", "x: cannot be"] == [str(test) for test in tests]
    tests[0].check()
    with pytest.raises(AssertionError, match="does not contain “Bea”"):
        tests[1].check()
    with pytest.raises(AssertionError, match="There is no fixture nothing"):
        tests[2].check()
