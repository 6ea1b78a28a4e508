"""What is said to our accounts, on networks that really answer: no gap and no repeat, whatever happens meanwhile."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from tests.antiphon_listening.conftest import Town

from antiphon.testing.sandbox.records import Status

ACCOUNTS = ("brand", "sky")
SOURCES = ("post.mentions", "post.comments")


def trigger(source: str, connection: str) -> dict[str, Any]:
    name = f"{connection}_{source.partition('.')[2]}"
    return {"id": name, "poll": {"source": source, "with": {"connection": connection}, "every": "1m"}}


TRIGGERS = [trigger(source, connection) for connection in ACCOUNTS for source in SOURCES]


@pytest.fixture
def ours(town: Town) -> Status:
    """A post of ours below which people write, heard by a workflow that has asked once."""
    post = town.network.post("torrea", "Nous ouvrons demain")
    log = [{"use": "log", "with": {"message": "${{ event.text }}"}}]
    town.write({"id": "listen", "triggers": TRIGGERS, "actions": log})
    ask(town)
    return post


def ask(town: Town) -> None:
    for one in TRIGGERS:
        town.poll("listen", one["id"])
    town.clock.sleep(61)


def answered(town: Town, trigger: str) -> list[str]:
    """What the runs of a trigger are about, by the texts."""
    runs = [run for run in town.app.store.runs.list(limit=1000) if run.trigger == trigger]
    return sorted(str(run.scope["event"]["text"]) for run in runs)


def test_l3_no_gap_no_repeat_while_people_write(town: Town, ours: Status) -> None:
    """L3: mentions and comments that come while pages are turned are each answered once, on each network."""
    town.network.account("ana")

    def write() -> None:
        for n in range(60):
            town.network.post("ana", f"@torrea question {n:02}")
            town.network.post("ana", f"@torrea commentaire {n:02}", in_reply_to=ours)

    people = Thread(target=write)
    people.start()
    while people.is_alive():
        ask(town)
    people.join()
    ask(town)
    ask(town)

    comments = [f"@torrea commentaire {n:02}" for n in range(60)]
    everything = comments + [f"@torrea question {n:02}" for n in range(60)]
    for connection in ACCOUNTS:
        assert comments == answered(town, f"{connection}_comments")
        assert set(everything) >= set(answered(town, f"{connection}_mentions")) >= set(everything) - set(comments)
        assert len(set(answered(town, f"{connection}_mentions"))) == len(answered(town, f"{connection}_mentions"))


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("connection", ACCOUNTS)
@pytest.mark.parametrize("place", ["cursors.write", "runs.SqlRuns.open", "events.write"])
def test_l3_a_crash_in_between(
    town: Town, ours: Status, connection: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """L3: a process that dies before or after it has written down what it heard neither loses nor repeats it."""
    said = [f"@torrea bonjour {n}" for n in range(5)]
    for text in said:
        town.network.post("ana", text)

    def die(*args: object, **kwargs: object) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(f"antiphon.store.{place}", die)
        with pytest.raises(Crash):
            town.poll("listen", f"{connection}_mentions")
    town.restart()
    town.network.post("ana", "@torrea encore")
    for _ in range(3):
        ask(town)

    assert sorted([*said, "@torrea encore"]) == answered(town, f"{connection}_mentions")
