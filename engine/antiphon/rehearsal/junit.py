"""JUnit XML: what a suite came to, as continuous integration reads it.

The form is that which Ant's JUnit task writes, with the `file` and `line` that many readers show beside it: one
`testsuite` a document, one `testcase` a test, and a `failure` or an `error` inside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from antiphon.rehearsal.suite import Result
from antiphon.rehearsal.telling import told

_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def to_junit(results: Sequence[Result]) -> str:
    """The whole document."""
    root = ElementTree.Element("testsuites", {"name": "antiphon test", **_counts(results)})
    for document in dict.fromkeys(result.test.document for result in results):
        own = [result for result in results if result.test.document == document]
        suite = ElementTree.SubElement(root, "testsuite", {"name": document, **_counts(own)})
        for result in own:
            _case(suite, result)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _counts(results: Sequence[Result]) -> dict[str, str]:
    return {
        "tests": str(len(results)),
        "failures": str(sum(result.state == "failed" for result in results)),
        "errors": str(sum(result.state == "error" for result in results)),
        "skipped": "0",
        "time": f"{sum(result.seconds for result in results):.3f}",
    }


def _case(suite: ElementTree.Element, result: Result) -> None:
    place = result.test.place
    case = ElementTree.SubElement(
        suite,
        "testcase",
        {
            "name": _clean(result.test.name),
            "classname": result.test.document,
            "file": _clean(place.file),
            "line": str(place.line),
            "time": f"{result.seconds:.3f}",
        },
    )
    if result.state == "passed":
        return
    words = _clean("\n".join(told(result)))
    kind = "failure" if result.state == "failed" else "error"
    trouble = ElementTree.SubElement(case, kind, {"message": words.partition("\n")[0], "type": result.state})
    trouble.text = words


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
