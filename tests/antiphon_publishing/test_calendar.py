"""The calendar: every post where it stands in time, whatever has become of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from typer.testing import CliRunner

from antiphon import PageContext
from antiphon.cli.app import cli
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon_publishing.calendar import Entry, entries
from antiphon_publishing.ics import written
from antiphon_publishing.pages import view

from .conftest import Studio

SLOT = {"id": "slot", "use": "queue.slot", "with": {"queue": "brand"}}
WAIT = {"wait": {"until": "${{ steps.slot.at }}"}}
POST = {"id": "post", "use": "post.publish", "with": {"connection": "brand", "text": "${{ event.text }}"}}
ASK = {"id": "ask", "approve": {"show": "${{ event.text }}", "by": {"group": "team"}, "due": "3d"}}
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NASTY = "☕‮\r\nBEGIN:VEVENT\nX-EVIL:1,2;3\\n " + "é" * 5000


def states(studio: Studio) -> list[str]:
    """What stands in four weeks, in order."""
    found = entries(studio.app.store, NOW - timedelta(days=1), NOW + timedelta(weeks=4), studio.clock.now())
    return [one.state for one in found]


@pytest.fixture
def filled(studio: Studio, clock: VirtualClock) -> Studio:
    """One post is out, one was refused, two have a slot, and one waits for a word."""
    studio.settle('\n[groups]\nteam = ["ana"]\n')
    choices = [
        {"if": "${{ event.way == 'now' }}", "then": [POST]},
        {"if": "${{ event.way == 'ask' }}", "then": [ASK, {**POST, "id": "asked"}]},
    ]
    studio.write({"choose": choices, "else": [SLOT, WAIT, {**POST, "id": "later"}]})
    studio.say("e1", way="now", text="out")
    clock.advance(timedelta(minutes=1))
    studio.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ECHO, status=422, times=1))
    studio.say("e2", way="now", text="refused")
    for n in (3, 4):
        studio.say(f"e{n}", way="slot", text=f"later {n}")
    studio.say("e5", way="ask", text="may we?")
    return studio


def test_c1_states(filled: Studio) -> None:
    """C1: the calendar shows what is published and failed, reserved, and waiting for people, each at its time."""
    assert ["published", "failed", "reserved", "approval", "reserved"] == states(filled)


def test_c1_moves_on(filled: Studio, clock: VirtualClock) -> None:
    """C1: what was reserved is published when its time has come, in its slot and once."""
    clock.advance(timedelta(hours=8))
    filled.app.activate("launch")

    found = entries(filled.app.store, NOW, NOW + timedelta(days=1), clock.now())
    assert ["published", "failed", "published"] == [one.state for one in found]
    assert ["", "later 3"] == [found[1].url, filled.texts(filled.brand)[-1]]
    assert found[2].url


def test_c1_ics(filled: Studio, tmp_path: Path) -> None:
    """C1: the file is read by a calendar program, and read again it names the same acts."""
    found = entries(filled.app.store, NOW - timedelta(days=1), NOW + timedelta(weeks=4), filled.clock.now())

    first, second = (written(found, "Torréa", filled.clock.now()) for _ in range(2))

    events = icalendar.Calendar.from_ical(first).walk("VEVENT")
    assert [one.at for one in found] == [event.decoded("dtstart") for event in events]
    assert ["CONFIRMED", "CANCELLED", "TENTATIVE", "TENTATIVE", "TENTATIVE"] == [str(one["status"]) for one in events]
    assert (first, len(found)) == (second, len({str(event["uid"]) for event in events}))


@pytest.mark.parametrize("text", [NASTY, "", "مرحبا بالعالم", "\0", "☕" * 30_000])
def test_ics_bad_text(text: str) -> None:
    """Whatever a text holds, the file has one event, on lines of at most 75 bytes, and nothing of it is obeyed."""
    entry = Entry(NOW, "planned", text, text, text, text, "javascript:alert(1)", text)

    file = written([entry], text, NOW)

    [event] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert (False, False) == ("X-EVIL" in event, "url" in event)
    assert max(len(line) for line in file.split(b"\r\n")) <= 75


def command(studio: Studio, *words: str, code: int = 0) -> str:
    """What `antiphon calendar` answers."""
    done = CliRunner().invoke(cli, ["calendar", *words, "--folder", str(studio.folder)])
    assert code == done.exit_code, done.output
    return done.output


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch, clock: VirtualClock) -> None:
    """The command line reads this clock too."""
    monkeypatch.setattr("antiphon.app.SystemClock", lambda: clock)


@pytest.mark.usefixtures("frozen")
def test_command(filled: Studio) -> None:
    """The command shows weeks with what stands in them, and the next free slots; a file on demand."""
    shown = command(filled, "--weeks", "2", "--ics", str(filled.folder / "out.ics"))

    assert ["week 10, 02 March 2026", "week 11, 09 March 2026"] == [one for one in shown.splitlines() if "week" in one]
    assert "Thu 05 Mar 12:15  reserved   brand" in shown
    assert "Mon 09 Mar 09:00  free" in shown
    assert (filled.folder / "out.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.usefixtures("frozen")
def test_command_json(filled: Studio) -> None:
    """For a machine the entries are a list."""
    found: list[dict[str, Any]] = json.loads(command(filled, "--json"))

    assert {"published", "failed", "reserved", "approval", "free"} == {one["state"] for one in found}


@pytest.mark.usefixtures("frozen")
def test_command_empty(studio: Studio) -> None:
    """A workspace with nothing planned says so; a day that is none, and a file that cannot be, are refused."""
    (studio.folder / "slots.toml").unlink()

    assert "nothing stands in these weeks" in command(studio)
    assert "is no day" in command(studio, "--from", "☕" * 1000, code=1)
    assert "cannot be written" in " ".join(command(studio, "--ics", str(studio.folder), code=1).split())


@pytest.mark.parametrize(("language", "told"), [("en", "waits for a word"), ("fr", "attend un avis")])
def test_page(filled: Studio, language: Any, told: str) -> None:
    """The page counts what stands there and lists it by weeks, each with the run it belongs to."""
    ctx = PageContext(filled.app.store, filled.clock, language, filled.app.timezone, {})

    whole, *found = view(ctx)

    assert {"published": 1, "reserved": 2} == {
        name: figure.value
        for name, figure in zip(("published", "_", "reserved"), whole.figures, strict=False)
        if name != "_"
    }
    assert told in {row[1] for block in found for row in block.tables[0].rows}
    assert all(link.startswith("/runs/") for block in found for link in block.tables[0].links)


def test_page_asked(studio: Studio) -> None:
    """Whatever the address asks for, there is a page."""
    for asked in ("2026-03-09", "", "9999-99-99", "<script>", "٢٠٢٦-٠٣-٠٩", "9999-12-31", "0001-01-01", "☕" * 50_000):
        ctx = PageContext(studio.app.store, studio.clock, "en", studio.app.timezone, {"from": asked})

        assert "Calendar" == view(ctx)[0].heading
