"""The score: components with their reasons, what is missing, how much is known, and an interval."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon import write_sheet
from antiphon.errors import InputError
from antiphon.model.account import Account
from antiphon.model.person import Person
from antiphon_outreach.authenticity import ENOUGH, flags_of, sampled, wilson
from antiphon_outreach.measures import Measured, measured, number_of
from antiphon_outreach.rating import Rate
from antiphon_outreach.scoring import Rules, Weights, percentile, score, tier_of
from antiphon_outreach.tables import read

from .conftest import Desk

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FULL = tuple(Weights.model_fields)


def creator(
    name: str, values: Mapping[str, float], followers: int | None = 20_000, network: str = "mastodon"
) -> Measured:
    return Measured(f"{network}:{name}", network, followers, values)


def crowd(count: int, names: Sequence[str] = FULL) -> list[Measured]:
    """So many creators of one size, each better than the one before in everything."""
    return [creator(str(number), dict.fromkeys(names, number / count)) for number in range(count)]


@pytest.mark.parametrize(
    ("followers", "tier"),
    [
        (0, "small"),
        (999, "small"),
        (1_000, "nano"),
        (9_999, "nano"),
        (10_000, "micro"),
        (100_000, "mid"),
        (2_000_000, "mega"),
    ],
)
def test_i2_tiers(followers: int, tier: str) -> None:
    """I2: the tiers begin at 1,000, 10,000, 100,000, 500,000 and a million followers."""
    assert tier == tier_of(followers)


def test_i2_score() -> None:
    """I2: the score is the weighted mean of the percentiles, and lies in its interval; the best has the most."""
    everybody = crowd(21)

    found = [score(one, everybody, Rules()) for one in everybody]

    assert 50 == pytest.approx(found[10].total)
    assert sorted(one.total or 0 for one in found) == [one.total for one in found]
    for one in found:
        assert one.low is not None and one.high is not None and one.total is not None  # noqa: PT018
        assert 0 <= one.low <= one.total <= one.high <= 100
        assert 100 == sum(part.weight for part in one.components)
        assert one.total == pytest.approx(sum(part.weight * (part.percentile or 0) for part in one.components) / 100)


def test_i2_missing() -> None:
    """I2: what is not known is left out with its weight and named with its reason, and the rest is weighed anew."""
    everybody = crowd(20, FULL[:6])

    found = score(everybody[19], everybody, Rules())

    assert pytest.approx([0.9, 97.5]) == [found.coverage, found.total]
    assert ["safety: not known", "past: not known"] == list(found.missing)


def test_i2_refused() -> None:
    """I2: below 60 % of the weights there is no score, and the sentence says how much is known."""
    everybody = crowd(20, ("engagement", "relevance"))

    found = score(everybody[19], everybody, Rules())

    assert (None, None, None) == (found.total, found.low, found.high)
    assert (
        "no score: 40% of the weights are known, and 60% are needed (micro on mastodon, 20 to compare with)"
        == found.because
    )
    assert 2 == sum(part.percentile is not None for part in found.components)


def test_i2_own_kind() -> None:
    """I2: somebody is compared with those of their network and size alone, and with nobody where these are too few."""
    peers, bigger = crowd(10), [creator(f"big{n}", dict.fromkeys(FULL, 9.0), 5_000_000) for n in range(50)]
    elsewhere = [creator(str(n), dict.fromkeys(FULL, 9.0), network="bluesky") for n in range(4)]
    everybody = [*peers, *bigger, *elsewhere]

    assert (95, 10) == ((best := score(peers[9], everybody, Rules())).total, best.peers)
    alone = score(elsewhere[0], everybody, Rules())
    assert (None, 0) == (alone.total, alone.coverage)
    assert "4 of the same size to compare with, 5 are needed" in alone.missing[0]


def test_i2_no_followers() -> None:
    """I2: of whom no number of followers is known there is no score, rather than one among those who have none."""
    found = score(creator("ana", {"engagement": 1.0}, None), crowd(9), Rules())

    assert (None, "no score: the number of followers is not known") == (found.total, found.because)


def test_i2_steady() -> None:
    """I2: asked again, score and interval are the same; with more peers the interval is narrower."""
    few, many = crowd(8), crowd(400)

    def width(everybody: list[Measured]) -> float:
        found = score(everybody[len(everybody) // 2], everybody, Rules())
        assert found == score(everybody[len(everybody) // 2], everybody, Rules())
        return (found.high or 0) - (found.low or 0)

    assert width(many) < width(few)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.floats(0, 1))
def test_i2_percentile(values: list[float], value: float) -> None:
    """I2: a percentile is between 0 and 100, grows with the value, and is 50 where all are equal."""
    among = sorted(values)

    assert 0 <= percentile(value, among) <= 100
    assert percentile(among[0], among) <= percentile(among[-1], among)
    assert 50 == percentile(value, [value] * len(values))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[weights]\nbeauty = 5", "beauty"),
        ("coverage = 0.3", "coverage"),
        ("[weights]\nengagement = nan", "engagement"),
        ("weights = [", "not TOML"),
        ("[weights]\n" + "\n".join(f"{name} = 0" for name in FULL), "weigh nothing"),
    ],
)
def test_i2_rules(text: str, told: str) -> None:
    """I2: rules that cannot be are refused with the key; coverage cannot be set below 60 %."""
    with pytest.raises(InputError, match=told):
        Rules.read(text.encode())


def known(**more: Any) -> dict[str, Any]:
    posts = [{"text": f"Café {n}", "likes": n, "shares": 1, "replies": None} for n in range(20)]
    return {"network": "mastodon", "facts": {}, "recent": posts, "readings": [reading(0, 1000)], **more}


def reading(week: float, followers: int | None, **more: Any) -> dict[str, Any]:
    return {"at": (NOON + timedelta(weeks=week)).isoformat(), "followers": followers, "sample": {}, **more}


def test_i2_measures() -> None:
    """I2: each component comes from what was read, by its formula; a count that is not told is left out."""
    sample = {"size": 100, "flagged": 20, "flags": {}}
    readings = [reading(0, 1000), reading(1, 1100), reading(2, 1210, sample=sample)]

    found = measured("m:1", known(readings=readings, facts={"views": "605", "audience_fit": 0.5}), ["café"], ["7"], 2.5)

    assert {
        "engagement": 10.5 / 1210,
        "view_to_follower": 0.5,
        "growth_stability": pytest.approx(0),
        "authenticity": pytest.approx(0.8),
        "relevance": 1.0,
        "audience_fit": 0.5,
        "safety": 0.95,
        "past": 2.5,
    } == found.values
    assert "20 of 100 flagged; real are 73% to 86%" == found.told["authenticity"]


def test_i2_unmeasured() -> None:
    """I2: what cannot be told says why, and is not 0."""
    found = measured("m:1", {"network": "x", "facts": {"audience_fit": "much"}, "recent": [], "readings": []}, [], [])

    assert {} == found.values
    assert {
        "engagement": "0 posts with numbers, 10 are needed",
        "view_to_follower": "could not see: nobody tells the views of their posts",
        "growth_stability": "0 readings, 3 over 14 days are needed",
        "authenticity": "0 followers were looked at, 30 are needed",
        "relevance": "the brief names no words",
        "audience_fit": "nobody tells it",
        "safety": "the brief names no words to avoid",
        "past": "nothing was paid and sold yet",
    } == found.missing


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *(("12000", 12_000), ("12,000", 12_000), ("12 000", 12_000), ("1,234,567", 1_234_567), ("0,034", 0.034)),
        *(("1.2m", 1_200_000), ("475.8M", 475_800_000), (7, 7), (0.5, 0.5), (2.5e-05, 0.000025)),
        *(("", None), (None, None), ("-5", None), ("nan", None), ("1.2.3", None), ("9" * 40, None)),
    ],
)
def test_numbers(written: Any, number: float | None) -> None:
    """A number is read as tables write it; what is none is not known."""
    assert number_of(written) == (None if number is None else pytest.approx(number))


def test_i2_in_a_workflow(desk: Desk) -> None:
    """I2: a workflow has the score with all that it was made of, by the rules of a file where one is named."""
    (desk.folder / "outreach.toml").write_text("[weights]\nengagement = 1\naudience_fit = 0\n", encoding="utf-8")
    for number in range(12):
        desk.keep(f"x:c{number}", facts={"followers": 2000, "engagement_rate": number / 100, "audience_fit": 0.5})

    told = desk.compute(Rate(), creator="x:c11", rules="outreach.toml")
    names = [part["name"] for part in told["components"]]

    assert ("nano", 12, None) == (told["tier"], told["peers"], told["total"])
    assert ("audience_fit" not in names, 7) == (True, len(names))
    assert 95.833 == pytest.approx(told["components"][0]["percentile"], abs=0.001)
    assert json.dumps(told)


# -- authenticity -----------------------------------------------------------------------------------------------------


def account(handle: str = "ana@social.example", **more: Any) -> Account:
    told = {"followers": 200, "following": 150, "posts": 40, "pictured": True, "bio": "Café"}
    return Account(person=Person(id=f"m:{handle}", network="m", handle=handle), **{**told, **more})


@pytest.mark.parametrize(
    ("who", "flags"),
    [
        (account(), ()),
        (account(pictured=False, posts=0), ("no picture", "no posts")),
        (
            account("ana19284@x.example", followers=3, following=900),
            ("follows far more than follow", "digits in the handle"),
        ),
        (account(created_at=NOON - timedelta(days=3)), ("young",)),
        (account(bio="", following=4000, followers=900), ("empty bio, follows very many",)),
        (account(last_post_at=NOON - timedelta(days=200)), ("silent",)),
        (account(followers=None, following=None, posts=None, pictured=None, bio=""), ()),
    ],
)
def test_i3_flags(who: Account, flags: tuple[str, ...]) -> None:
    """I3: an account is flagged by what is told of it, and by nothing that is not told."""
    assert flags == tuple(flags_of(who, NOON))


def test_i3_sample() -> None:
    """I3: from two flags on a follower counts; the share has its sample and its interval, about five points at 400."""
    bad = [account(str(n), pictured=False, posts=0) for n in range(100)]
    odd = [account(str(n), pictured=False) for n in range(100)]

    found = sampled([*bad, *odd, *(account() for _ in range(200))], NOON)
    low, high = found.interval

    assert (400, 100, 0.75) == (found.size, found.flagged, found.authenticity)
    assert {"no picture": 200, "no posts": 100} == found.flags
    assert 0.71 < low < 0.75 < high < 0.79
    assert 2 == ENOUGH


@given(st.integers(0, 500), st.integers(1, 500))
def test_i3_interval(good: int, more: int) -> None:
    """I3: the interval holds the share, and never leaves 0 to 1."""
    low, high = wilson(good, good + more)

    assert 0 <= low <= good / (good + more) <= high <= 1


def shared(name: str) -> Path:
    """A file of real data; the test skips where it is not."""
    path = Path(os.environ.get("ANTIPHON_SHARED", Path(__file__).parents[3] / "shared")) / "data" / name
    if not path.exists():
        pytest.skip(f"{name} is not here: set ANTIPHON_SHARED to the folder that has data/")
    return path


def share_flagged(accounts: Iterable[Account]) -> float:
    found = sampled(list(accounts), NOON)
    assert found.size > 90
    return found.flagged / found.size


def test_i3_real_followers() -> None:
    """I3: of followers labelled by journalists, a third of the fake ones are met, and one in fifty of the real ones."""
    with shared("followers/labelled.csv").open(encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if row["Number.of.followers"].isdigit()]

    def accounts(rating: str) -> Iterator[Account]:
        for row in found:
            if row["rating"] == rating:
                digits, length = int(row["username_digits"]), int(row["username_length"])
                yield account(
                    "a" * (length - digits) + "1" * digits,
                    followers=int(row["Number.of.followers"]),
                    following=int(row["Number.of.people.they.follow"]),
                    posts=int(row["Number.of.posts"]),
                    pictured=row["has_profile_picture"] == "TRUE",
                )

    assert share_flagged(accounts("TRUE")) > 0.33
    assert share_flagged(accounts("FALSE")) < 0.03


def test_i3_real_accounts() -> None:
    """I3: of accounts of another set, two thirds of the fake ones are met, and of the real ones one in a hundred."""

    def accounts(kind: str) -> Iterator[Account]:
        for row in json.loads(shared(f"instafake/{kind}AccountData.json").read_text(encoding="utf-8")):
            yield account(
                "a" * (row["usernameLength"] - row["usernameDigitCount"]) + "1" * row["usernameDigitCount"],
                followers=row["userFollowerCount"],
                following=row["userFollowingCount"],
                posts=row["userMediaCount"],
                pictured=bool(row["userHasProfilPic"]),
                bio="x" * row["userBiographyLength"],
            )

    assert share_flagged(accounts("fake")) > 0.65
    assert share_flagged(accounts("real")) < 0.015


def test_i2_real_influencers(desk: Desk) -> None:
    """I2: a real table of a thousand accounts is read whole; by engagement alone each has a place among its own size,
    and by the weights that are shipped nobody has a score, since too little is known."""
    with shared("influencers/instagram-global-top-1000.csv").open(encoding="utf-8") as file:
        found = {row["Account"]: row for row in csv.DictReader(file) if float(row["Followers"] or 0)}
    columns = ("network", "handle", "name", "followers", "engagement_rate")
    table = write_sheet(columns, [
        {"network": "instagram", "handle": name, "name": row["Title"], "followers": row["Followers"],
         "engagement_rate": float(row["Engagement avg"] or 0) / float(row["Followers"])}
        for name, row in found.items()
    ])  # fmt: skip
    read_in = read(table.encode())
    desk.book.keep(read_in.creators, desk.clock.now())
    everybody = [measured(one, kept, (), ()) for one, kept in desk.book.everybody()]
    alone = Rules.model_validate({"weights": {**dict.fromkeys(FULL, 0), "engagement": 1}})

    totals = [score(one, everybody, alone).total for one in everybody[::20]]

    assert ([], True) == (list(read_in.bad), len(found) > 900)
    assert len(found) == len(everybody)
    assert 40 < sum(total is not None for total in totals)
    assert 40 < fmean(total for total in totals if total is not None) < 60
    assert {None} == {score(one, everybody, Rules()).total for one in everybody[::20]}
