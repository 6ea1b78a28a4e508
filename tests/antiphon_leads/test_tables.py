"""Tables of leads: in any dialect, whole or not at all, and never run by a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.components.sheets import harmless
from antiphon.errors import InputError
from antiphon_leads.tables import Sheet, read, write

LEAD = {"network": "mastodon", "handle": "ana", "name": "Ana", "url": "", "email": "", "owner": "", "facts": {}}


def sheet(text: str, encoding: str = "utf-8") -> Sheet:
    return read(text.encode(encoding))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_dialects(delimiter: str, encoding: str, end: str) -> None:
    """Whatever program has written a table, the same leads are in it."""
    rows = (["ID", "Name", "Branch"], ["mastodon:1", '"Zoé; the, ""best|"" \t one"', "Hôtel"], ["", " ", ""])
    found = sheet(end.join(delimiter.join(row) for row in rows), encoding)

    assert (encoding.removesuffix("-sig"), delimiter, []) == (found.encoding, found.delimiter, list(found.bad))
    [(lead, said)] = found.leads.items()
    assert ("mastodon:1", 'Zoé; the, "best|" one') == (lead, said["name"])
    assert {"branch": "Hôtel"} == said["facts"]


def test_bad_rows() -> None:
    """Every bad row is named by its line and its reason, also behind a cell of several lines."""
    found = sheet(
        "email,name,email_verified\n"
        'ana@example.org,"Ana\nB.",yes\n'
        "not an address,Ben,\n"
        ",Cai,\n"
        "dee@example.org\n"
        "ana@example.org,Again,\n"
        "eve@example.org,Eve,perhaps\n"
    )

    assert ["email:ana@example.org"] == list(found.leads)
    assert found.leads["email:ana@example.org"]["email_verified"] is True
    assert [4, 5, 6, 7, 8] == [one.line for one in found.bad]
    assert "not an address is not an e-mail address" == found.bad[0].because


def test_broken_quote() -> None:
    """A quote that is never closed is told of by its line, and what follows is not guessed."""
    found = sheet('id,name\na:1,Ana\na:2,"Ben\na:3,Cai\n')

    assert (["a:1"], [3]) == (list(found.leads), [one.line for one in found.bad])


@pytest.mark.parametrize(
    "text", ["", "\n\n", "name,handle\nAna,ana\n", "id,id\na:1,a:1\n", "<html><body>\n", '"id', "\0\0"]
)
def test_no_table(text: str) -> None:
    """What is no table of leads is refused."""
    with pytest.raises(InputError):
        sheet(text)


@given(st.binary(max_size=300))
def test_anything(content: bytes) -> None:
    """Whatever is handed in is answered."""
    try:
        found = read(b"id,name\n" + content)
    except InputError:
        return
    assert all(one.line >= 2 for one in found.bad)


@pytest.mark.parametrize("cell", ["=cmd()", "+1", "-1", "@SUM(A1)", " =x", "'=x", "\t=x", "\r=x", "＝x", "''=x"])
def test_formulas(cell: str) -> None:
    """What a spreadsheet would run is written as text, in every column and heading, and read back as it was."""
    lead: dict[str, Any] = {**LEAD, "name": cell, "handle": cell, "facts": {cell: cell}}
    text = write([("mastodon:1", lead)])
    cells = [one for row in csv.reader(io.StringIO(text)) for one in row]

    assert [] == [one for one in cells if one.startswith(("=", "+", "-", "@", "＝", "\t", "\r", " "))]
    assert cell.strip() == sheet(text).leads["mastodon:1"]["name"]


@given(st.dictionaries(st.sampled_from(["name", "handle", "owner"]), st.text(max_size=40)))
def test_there_and_back(given: dict[str, str]) -> None:
    """What is written is read again, on one line."""
    text = write([("mastodon:1", {**LEAD, **given})])
    again = write([(lead, said) for lead, said in read(text.encode("utf-8", "replace")).leads.items()])

    assert text.encode("utf-8", "replace").decode() == again


def test_values() -> None:
    """A yes, a number and nothing are written as words."""
    assert ["yes", "", "7", ""] == [harmless(one) for one in (True, False, 7, None)]
