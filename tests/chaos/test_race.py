"""Two workers on one database want the same runs at the same moment."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import pytest
from tests.chaos.arena import KINDS, Arena
from tests.chaos.crew import Crew
from tests.chaos.worker import Job

MENTIONS = 8
WRITTEN = 4

ONCE = """
antiphon: 1
id: once
name: Once
tz: UTC
triggers: [{id: heard, event: {type: mention.received}}]
actions:
  - {id: once, use: mastodon.post, with: {connection: brand, text: Once}, effect: {key: once}}
"""
"""However many mentions there are, all of its runs want the same effect."""


def _all_once(arena: Arena) -> None:
    count = arena.count()
    assert (len(arena.mentions) * len(KINDS), [], [], []) == (count.done, count.lost, count.doubled, count.untrue)


def test_two(either_arena: Arena) -> None:
    """Both come to their ends, every answer is there once, and no request was made twice."""
    arena = either_arena
    (arena.folder / "workflows" / "once.yaml").write_text(ONCE)
    arena.mention(MENTIONS)
    arena.life("events.mark_routed after")  # everything is heard and open, and nothing is done yet
    job = Job(str(arena.folder), "runs.claim before", stop=True)
    with Crew() as second:
        crews = {arena.crew: arena.crew.start(job), second: second.start(job)}
        for crew in crews:
            crew.hear("asleep")  # it has seen what is to do, and is about to take the first of it
        for pid in crews.values():
            os.kill(pid, signal.SIGCONT)
        assert ["", ""] == [crew.end(pid).raised for crew, pid in crews.items()]
    arena.rest()
    _all_once(arena)
    posts = [(one.path, one.key) for one in arena.network.requests if one.method == "POST"]
    assert len(set(posts)) == len(posts) == WRITTEN * MENTIONS + 1
    assert MENTIONS == len([one for one in arena.other.requests if one.method == "POST"])


@pytest.mark.parametrize("boundary", ["request before", "request left"])
def test_sleepwalker(arena: Arena, boundary: str) -> None:
    """A worker that is stopped in the middle of a request for longer than its lease, and wakes when others have done
    its work, does nothing a second time: the network knows its key."""
    arena.mention(1)
    with Crew() as second:
        sleeper = second.start(Job(str(arena.folder), boundary, stop=True))
        assert second.hear("asleep")
        arena.clock.advance(timedelta(minutes=3))
        arena.rest()
        os.kill(sleeper, signal.SIGCONT)
        second.end(sleeper)
    arena.rest()
    _all_once(arena)
