"""The tests of documents, for pytest.

@pytest.mark.parametrize("test", document_tests(Path(__file__).parent / "workspace"), ids=str)
def test_documents(test: DocumentTest) -> None:
    test.check()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from antiphon.app import Antiphon
from antiphon.components.clock import SystemClock
from antiphon.errors import DocumentError
from antiphon.rehearsal.suite import Found, Suite
from antiphon.rehearsal.telling import told


@dataclass(frozen=True)
class DocumentTest:
    """One test of a document; its text is the document's id and the test's name."""

    suite: Suite
    found: Found

    def __str__(self) -> str:
        return str(self.found)

    def check(self) -> None:
        """Run it. Raises AssertionError with what differs."""
        result = self.suite.run(self.found)
        if result.state != "passed":
            raise AssertionError("\n".join([f"{result.test.place}: {self}", *told(result)]))


def document_tests(folder: Path, *paths: Path, plugins: Mapping[str, object] | None = None) -> Sequence[DocumentTest]:
    """The tests of a workspace's documents: those of some files and folders of it, or else all of its workflows and
    recipes. `plugins` are modules by name, beside those that are installed.

    Raises:
        DocumentError: a document cannot be read, or one of its tests cannot.
    """
    suite = Suite(Antiphon.open(folder, clock=SystemClock(), plugins=plugins))
    asked = paths or [name for name in (Path("workflows"), Path("recipes")) if (folder / name).is_dir()]
    found, problems = suite.find(folder / path for path in asked)
    if problems:
        raise DocumentError(problems)
    return [DocumentTest(suite, one) for one in found]
