"""The score: two axes, caps, decay, a reason for each point, and a threshold that fires once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import antiphon_leads
from antiphon.errors import GiveUp, InputError, Skip
from antiphon_leads.qualifying import Answer, Qualify, Read, Score
from antiphon_leads.scoring import Rules, crossing, rate

from .conftest import RULES, Desk, said

READ = Rules.read(RULES.encode())
NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
RIPE = {"threshold": 40, "owners": ["nina", "sam"], "answer_within": "4h"}


def signals(*told: tuple[str, float]) -> dict[str, Any]:
    """Signals by type and by how many days before noon they were."""
    return {
        f"m:{number}": {"type": kind, "at": (NOON - timedelta(days=days)).isoformat(), "post": ""}
        for number, (kind, days) in enumerate(told)
    }


def lead(*told: tuple[str, float], **facts: Any) -> dict[str, Any]:
    return {"facts": facts, "signals": signals(*told)}


@pytest.mark.parametrize(
    ("who", "fit", "engagement"),
    [
        (lead(), 0, 0),
        (lead(branch="Hotel"), 20, 0),
        (lead(branch="hotel", country="fr"), 30, 0),
        (lead(("mention.received", 0)), 0, 10),
        (lead(("mention.received", 7)), 0, 5),
        (lead(("mention.received", 14)), 0, 2.5),
        (lead(("form.sent", 14)), 0, 20),
        (lead(*[("mention.received", 0.0)] * 9), 0, 25),
        (lead(*[("mention.received", 0.0)] * 9, ("form.sent", 0), branch="hotel"), 20, 65),
        (lead(("nothing.known", 0), branch=["hotel"]), 0, 0),
        (lead(("mention.received", -1)), 0, 0),
    ],
)
def test_s3_axes(who: dict[str, Any], fit: float, engagement: float) -> None:
    """S3: fit and engagement are two sums; a signal has its cap, and half its points are left after its half-life."""
    rated = rate(who, READ, NOON)

    assert (fit, engagement, fit + engagement) == (rated.of("fit"), rated.of("engagement"), rated.total)


@given(st.lists(st.tuples(st.sampled_from(["mention.received", "form.sent", "else"]), st.floats(0, 400)), max_size=30))
def test_s3_explained(told: list[tuple[str, float]]) -> None:
    """S3: the points that are explained add up to the score, none is without a reason, and no cap is exceeded."""
    rated = rate(lead(*told, branch="hotel", country="FR"), READ, NOON)

    assert rated.total == pytest.approx(sum(one.points for one in rated.points), abs=0.11)
    assert all(one.because for one in rated.points)
    assert 0 <= rated.of("engagement") <= 65
    assert 30 == rated.of("fit")


def test_s3_step(desk: Desk) -> None:
    """S3: a step is told both axes, their sum, and a reason for each point; of merged accounts all signals count."""
    desk.book.keep("mastodon:1", said(signals=signals(("mention.received", 7))), desk.clock.now())
    desk.book.keep("slack:2", said(signals={"s:1": signals(("form.sent", 0.125))["m:0"]}), desk.clock.now())
    desk.book.join("mastodon:1", "slack:2", why="", by="person", now=desk.clock.now())

    told = Score().compute(Score.Options(lead="slack:2"), desk.reading())

    assert ("mastodon:1", 0, told["total"]) == (told["lead"], told["fit"], told["engagement"])
    assert 45.1 == told["total"]
    assert {"mention.received, 10 points 6.9 days ago", "form.sent, 40 points 0.0 days ago"} == {
        one["because"] for one in told["points"]
    }


@pytest.mark.parametrize(
    "wrong",
    [
        'half_life = "0s"',
        'half_life = "yesterday"',
        "points = 3",
        '[engagement."a"]\npoints = nan\ncap = 3',
        '[engagement."a"]\npoints = 1\ncap = -1',
        '[engagement."a"]\npoints = 1\ncap = 1\nhalf_life = "0s"',
        '[[fit]]\nfact = "a"\nin = []\npoints = 1',
        "= broken",
        "\udcff",
    ],
)
def test_wrong_rules(wrong: str) -> None:
    """Rules that cannot be are refused with what is wrong."""
    with pytest.raises(InputError, match=r"leads\.toml"):
        Rules.read(wrong.encode("utf-8", "surrogateescape"))


def test_no_rules(desk: Desk) -> None:
    """Without rules, and for nobody, there is no score."""
    with pytest.raises(GiveUp, match="cannot be read"):
        Score().compute(Score.Options(lead="a:1", rules="other.toml"), desk.reading())
    with pytest.raises(GiveUp, match="not a lead"):
        Score().compute(Score.Options(lead="a:1"), desk.reading())


def ripen(desk: Desk, event: str, who: str = "mastodon:1", **more: Any) -> None:
    signal = {event: {"type": "form.sent", "at": desk.clock.now().isoformat(), "post": ""}}
    desk.book.keep(who, said(signals=signal, **more), desk.clock.now())


def test_s4_once(desk: Desk) -> None:
    """S4: a crossing is told once, by an event with the owner and the time to answer by, whoever asks and how often."""
    ripen(desk, "f:1", handle="ana")
    told = desk.do(Qualify(), "f:1", lead="mastodon:1", **RIPE)

    for event in ("f:1", "m:2", "m:3"):
        ripen(desk, event)
        if event != "f:1":
            with pytest.raises(Skip, match="told already"):
                desk.do(Qualify(), event, lead="mastodon:1", **RIPE)
        assert told == desk.do(Qualify(), "f:1", lead="mastodon:1", **RIPE)

    [heard] = desk.store.events.list(type="lead.qualified")
    assert ("mastodon:1", "ana", "nina") == tuple(heard.data[name] for name in ("lead", "handle", "owner"))
    assert (desk.clock.now() + timedelta(hours=4)).isoformat() == heard.data["due"]
    assert {"fit": 0, "engagement": 40, "total": 40} == heard.data["score"]


def test_s4_again(desk: Desk) -> None:
    """S4: a score that has faded below the threshold and crosses it again is told again."""
    for number in range(3):
        ripen(desk, f"f:{number}")
        desk.do(Qualify(), f"f:{number}", lead="mastodon:1", **RIPE)
        desk.clock.advance(timedelta(days=90))
        with pytest.raises(Skip, match="40 are asked for"):
            desk.do(Qualify(), f"later:{number}", lead="mastodon:1", **RIPE)

    assert 3 == len(desk.store.events.list(type="lead.qualified"))


def test_s4_owner(desk: Desk) -> None:
    """S4: an owner who is there stays; else whoever was told of the fewest is the owner."""
    for number, owner in enumerate(["", "nina", "", ""]):
        ripen(desk, f"f:{number}", f"mastodon:{number}", owner=owner)
        desk.do(Qualify(), f"f:{number}", lead=f"mastodon:{number}", **RIPE)
        desk.clock.advance(timedelta(seconds=1))

    owners = [one.data["owner"] for one in desk.store.events.list(type="lead.qualified")][::-1]
    assert ["nina", "nina", "sam", "sam"] == owners


def turns(desk: Desk, turn: str, answering: str = "") -> list[str]:
    """Who is told of five ripe leads; the one that is named is answered at once."""
    for number in range(5):
        who = f"mastodon:{number}"
        ripen(desk, f"f:{number}", who)
        desk.do(Qualify(), f"f:{number}", lead=who, **{**RIPE, "turn": turn, "owners": ["nina", "sam", "ada"]})
        desk.clock.advance(timedelta(seconds=1))
        if who == answering:
            desk.do(Answer(), f"a:{number}", lead=who)
    return [one.data["owner"] for one in desk.store.events.list(type="lead.qualified")][::-1]


def test_s4_round_robin(desk: Desk) -> None:
    """S4: in turn, everybody is told of one before anybody is told of the next."""
    assert ["nina", "sam", "ada", "nina", "sam"] == turns(desk, "round_robin", "mastodon:0")


def test_s4_least_busy(desk: Desk) -> None:
    """S4: whoever has answered has less to do, and is told of the next."""
    assert ["nina", "sam", "ada", "sam", "nina"] == turns(desk, "least_busy", "mastodon:1")


def test_s4_answered(desk: Desk) -> None:
    """S4: until somebody has answered, a lead says by when they were to; a second answer finds nothing."""
    ripen(desk, "f:1")
    desk.do(Qualify(), "f:1", lead="mastodon:1", **RIPE)
    due = (desk.clock.now() + timedelta(hours=4)).isoformat()
    assert due == Read().compute(Read.Options(lead="mastodon:1"), desk.reading())["due"]

    desk.do(Answer(), "a:1", lead="mastodon:1")

    assert "" == Read().compute(Read.Options(lead="mastodon:1"), desk.reading())["due"]
    with pytest.raises(Skip, match="Nobody is to answer"):
        desk.do(Answer(), "a:2", lead="mastodon:1")


def test_s4_merged(desk: Desk) -> None:
    """S4: a crossing that one account was told for is not told again when it becomes part of another."""
    desk.book.keep("slack:2", said(), desk.clock.now() - timedelta(days=1))
    ripen(desk, "f:1")
    desk.do(Qualify(), "f:1", lead="mastodon:1", **RIPE)
    desk.book.join("mastodon:1", "slack:2", why="", by="person", now=desk.clock.now())
    assert "slack:2" == desk.book.first("mastodon:1")

    with pytest.raises(Skip, match="told already"):
        desk.do(Qualify(), "m:2", lead="mastodon:1", **RIPE)


@pytest.mark.parametrize(
    ("who", "found"),
    [
        (lead(("form.sent", 0)), "m:0"),
        (lead(("form.sent", 1)), ""),
        (lead(("form.sent", 1), ("mention.received", 0)), "m:1"),
        (lead(("form.sent", 0), ("mention.received", 0)), "m:0"),
        (lead(("form.sent", 0.1), ("form.sent", 0)), "m:1"),
        (lead(branch="hotel"), ""),
    ],
)
def test_crossing(who: dict[str, Any], found: str) -> None:
    """The crossing is the signal that last took the score from below the threshold up to it."""
    assert found == crossing(who, READ, 40, NOON)


def test_crossing_by_fit() -> None:
    """Who fits so well that no signal is needed has crossed by that."""
    assert "fit" == crossing(lead(branch="hotel", country="FR"), READ, 30, NOON)


def test_check(tmp_path: Path) -> None:
    """`antiphon check` tells what is wrong with leads.toml; a workspace without one has nothing wrong with it."""
    assert [] == antiphon_leads.check_workspace(tmp_path)

    (tmp_path / "leads.toml").write_text('half_life = "0s"', encoding="utf-8")
    [problem] = antiphon_leads.check_workspace(tmp_path)

    assert ("leads.toml", "A `half_life` in leads.toml is no time at all.") == (problem.place.file, problem.sentence)
