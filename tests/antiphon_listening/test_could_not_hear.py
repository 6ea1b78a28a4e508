"""Could not hear: every source of every query has a row, with until when it was heard, or why not."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from tests.antiphon_listening.conftest import Town

from antiphon.components.section import ReportContext
from antiphon.errors import AntiphonError
from antiphon.model.report import Block
from antiphon.testing.sandbox.faults import Fault, FaultKind
from antiphon_listening.could_not_hear import CouldNotHear

SAVED = {
    "id": "heard",
    "poll": {"source": "listening.query", "with": {"name": "torrea", "is": "torréa"}, "every": "5m"},
}
PLAIN = {"id": "items", "poll": {"source": "feed.items", "with": {"connection": "news"}, "every": "5m"}}
LOG = [{"use": "log", "with": {"message": "heard"}}]


def built(town: Town, language: Literal["en", "fr"] = "en") -> Block:
    now = town.clock.now()
    ctx = ReportContext(now - timedelta(days=1), now, language, ZoneInfo("UTC"), town.app.store)
    return CouldNotHear().build(CouldNotHear.Options(), ctx)


def rows(town: Town) -> dict[tuple[Any, Any], tuple[Any, Any]]:
    return {(row[0], row[1]): (row[2], row[3]) for table in built(town).tables for row in table.rows}


def listen(town: Town, hours: int, *triggers: dict[str, Any]) -> None:
    for _ in range(hours):
        for trigger in triggers:
            with suppress(AntiphonError):  # it is told of in the evaluations
                town.poll("listen", trigger["id"])
        town.clock.sleep(3600)


def test_l12_everything_was_heard(town: Town) -> None:
    """L12: each source of a query has a row with until when it was heard, and nothing is missed where nothing was."""
    town.write({"id": "listen", "triggers": [SAVED, PLAIN], "actions": LOG})

    listen(town, 3, SAVED, PLAIN)

    assert "Everything that is listened to was heard." == built(town).summary
    heard = ("2026-03-02 11:00", "")
    assert {
        ("torrea", "brand: post.search torréa"): heard,
        ("torrea", "brand: post.mentions"): heard,
        ("torrea", "brand: post.comments"): heard,
        ("torrea", "sky: post.search torréa"): heard,
        ("torrea", "sky: post.mentions"): heard,
        ("torrea", "sky: post.comments"): heard,
        ("torrea", "news: feed.items"): heard,
        ("listen", "news: feed.items"): heard,
    } == rows(town)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (FaultKind.SERVER_ERROR, "503"),
        (FaultKind.RATE_LIMITED, "come back later"),
        (FaultKind.TOKEN_REVOKED, "credentials"),
        (FaultKind.RESET, ""),
    ],
)
def test_l12_why_not(town: Town, fault: FaultKind, why: str) -> None:
    """L12: a server that is not there, a spent quota and a dead token are told of, with how often and since when."""
    town.write({"id": "listen", "triggers": [SAVED], "actions": LOG})
    listen(town, 2, SAVED)
    town.network.faults.add(Fault("GET /api/", fault, times=None))

    listen(town, 2, SAVED)

    until, told = rows(town)["torrea", "brand: post.mentions"]
    assert "2026-03-02 10:00" == until
    assert told.startswith("it gave no answer (2×): ")
    assert why in told
    assert ("2026-03-02 12:00", "") == rows(town)["torrea", "sky: post.mentions"]
    assert "Not heard all the time: 3 of 7 sources." == built(town).summary
    assert "brand: " in built(town).tables[0].rows[0][1]  # type: ignore[operator]


def test_l12_nobody_asked(town: Town) -> None:
    """L12: a source that was never asked, and hours in which the machine was off, are told of."""
    town.write({"id": "listen", "triggers": [SAVED, PLAIN], "actions": LOG})
    _ = town.app.listening_since
    listen(town, 1, PLAIN)
    town.clock.sleep(6 * 3600)
    listen(town, 1, PLAIN)

    assert (None, "it was never asked") == rows(town)["torrea", "listening.query"]
    assert ("2026-03-02 16:00", "no answer for 7 h") == rows(town)["listen", "news: feed.items"]
    assert "Pas entendues tout le temps : 2 sources sur 2." == built(town, "fr").summary


def test_l12_a_network_without_a_search(town: Town) -> None:
    """L12: what a network cannot do at all is a row too, beside what is read there."""
    settings = town.folder / "antiphon.toml"
    chat = '[connections.chat]\nconnector = "telegram"\ntoken = "123456:ABC-DEF"\nchat = "@torrea"\n'
    settings.write_text(settings.read_text("utf-8") + chat, encoding="utf-8")
    town.write({"id": "listen", "triggers": [SAVED], "actions": LOG})

    listen(town, 1, SAVED)

    assert (None, "telegram has no search") == rows(town)["torrea", "chat: post.search"]
    assert None is rows(town)["torrea", "chat: post.mentions"][0]


def test_l12_a_trigger_that_rests(town: Town) -> None:
    """L12: what a person has laid to rest is told of, with the reason."""
    town.write({"id": "listen", "triggers": [PLAIN], "actions": LOG})
    listen(town, 1, PLAIN)
    town.app.resting.stop("listen", "items", because="too loud", by="ana")

    assert "its trigger rests: too loud" == rows(town)["listen", "news: feed.items"][1]


def test_nothing_listens(town: Town) -> None:
    """Where no workflow asks a source, that is said."""
    assert "Nothing was listened to: no workflow asks a source." == built(town).summary
