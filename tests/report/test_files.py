"""A report on disk."""

from pathlib import Path

import pytest

from antiphon.errors import InputError
from antiphon.model.report import Block, Report
from antiphon.report import to_html, write


def test_written(tmp_path: Path, report: Report) -> None:
    """Every form stands under one name, and nothing else is left in the folder."""
    base = tmp_path / "reports" / "week-2026.11"
    files = write(report, base, ("html", "md", "csv", "json"))
    assert [file.name for file in files] == [f"week-2026.11.{ending}" for ending in ("html", "md", "csv", "json")]
    assert sorted(base.parent.iterdir()) == sorted(files)
    assert files[0].read_text("utf-8") == to_html(report)
    assert files[2].read_bytes().startswith(b"\xef\xbb\xbfblock,")


def test_again(tmp_path: Path, report: Report) -> None:
    """Writing again replaces the files."""
    write(report, tmp_path / "week")
    files = write(report.model_copy(update={"title": "Second"}), tmp_path / "week")
    assert "Second" in files[1].read_text("utf-8")


def test_unknown_form(tmp_path: Path, report: Report) -> None:
    """A form that does not exist is refused before anything is written."""
    with pytest.raises(InputError, match=r"no form 'pdf'. Choose among html"):
        write(report, tmp_path / "week", ("html", "pdf"))
    assert list(tmp_path.iterdir()) == []


def test_whole_or_not(tmp_path: Path, report: Report) -> None:
    """A report that cannot be shown leaves the old files as they are."""
    files = write(report, tmp_path / "week")
    before = [file.read_bytes() for file in files]
    broken = report.model_copy(update={"timezone": "Nowhere/Land", "blocks": (Block(heading="h"),)})
    with pytest.raises(Exception, match="Nowhere"):
        write(broken, tmp_path / "week")
    assert [file.read_bytes() for file in files] == before


def test_no_folder(tmp_path: Path, report: Report) -> None:
    """A folder that cannot be made is said in a sentence."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written to"):
        write(report, tmp_path / "file" / "week")
