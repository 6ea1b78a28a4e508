"""Absence, against a model that looks at all that was heard."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builtins.patterns.arrivals import MINUTE, at

from antiphon.builtins.patterns.missing import SilenceWatch
from antiphon.components.interest import Interest
from antiphon.components.watch import Sighting

Happenings = st.lists(st.tuples(st.integers(0, 12), st.none() | st.integers(-30, 0)), max_size=30)
"""Minutes that go by; then an event is heard that is so many minutes old, or it is looked whether something is due."""


def watching(length: int, grace: int = 0, *, every: bool = False) -> SilenceWatch:
    return SilenceWatch((Interest("m.r"),), length * MINUTE, grace * MINUTE, every)


def model(happenings: list[tuple[int, int | None]], watch: SilenceWatch) -> list[tuple[datetime, datetime]]:
    """Whenever it is looked: of the silence since the last event that was heard of, the whole lengths not told yet."""
    now, heard, told = at(0), [at(0)], dict[datetime, int]()
    answers = []
    for minutes, age in happenings:
        now += minutes * MINUTE
        if age is not None:
            heard.append(now + age * MINUTE)
            continue
        since = max(heard)
        lasted = (now - watch.grace - since) // watch.length
        times = lasted if watch.every else min(lasted, 1)
        if times > told.get(since, 0):
            told[since] = times
            answers.append((since, since + times * watch.length))
    return answers


def told(happenings: list[tuple[int, int | None]], watch: SilenceWatch) -> list[tuple[datetime, datetime]]:
    """The same by the watch; every event comes twice, and after a restart, and it is looked twice."""
    now, memory, answers = at(0), watch.begin(at(0)), []
    for number, (minutes, age) in enumerate(happenings):
        now += minutes * MINUTE
        for _ in range(2):
            due = watch.due(memory)
            if age is not None:
                memory, firings = watch.absorb(memory, Sighting(now + age * MINUTE, f"e{number:02}"))
                assert () == firings, "no event wakes it"
            else:
                memory, firings = watch.elapse(memory, now)
                assert (due is not None and due <= now) is bool(firings), "what is due is told, and nothing else"
                after = watch.due(memory)
                assert after is None or after > now, "what was told is not due any more"
            answers += [(firing.since, firing.at) for firing in firings]
            memory = type(memory).model_validate_json(memory.model_dump_json(exclude_defaults=True))
    return answers


@given(Happenings, st.integers(1, 20), st.integers(0, 5), st.booleans())
def test_model(happenings: list[tuple[int, int | None]], length: int, grace: int, every: bool) -> None:
    """Each silence is told once, or once for each of its lengths, whatever comes late, twice or after a restart."""
    watch = watching(length, grace, every=every)

    assert model(happenings, watch) == told(happenings, watch)


def test_identity() -> None:
    """A silence is known by the instant at which it was to be told, wherever it is looked."""
    watch = watching(10)
    memory, _ = watch.absorb(watch.begin(at(0)), Sighting(at(5), "e"))
    causes = {watch.elapse(memory, at(minute))[1][0].cause for minute in (15, 16, 60)}

    assert {"2026-03-02T09:15:00+00:00"} == causes


def test_late() -> None:
    """An event that was heard too late takes back nothing, and the next silence begins with it."""
    watch = watching(10)
    memory, first = watch.elapse(watch.begin(at(0)), at(10))
    memory, _ = watch.absorb(memory, Sighting(at(4), "late"))
    memory, second = watch.elapse(memory, at(14))

    assert [at(10), at(14)] == [firing.at for firing in (*first, *second)]


def test_outage() -> None:
    """Of many lengths that went by while nobody looked, the last one is told."""
    watch = watching(10, every=True)
    memory, firings = watch.elapse(watch.begin(at(0)), at(35))

    assert ["no m.r for 30m"] == [firing.summary for firing in firings]
    assert at(40) == watch.due(memory)


@pytest.mark.parametrize(
    ("minute", "holds", "because"),
    [
        (4, False, "nothing since 2026-03-02 09:00:00 UTC: 4m of 12m"),
        (12, True, "nothing since 2026-03-02 09:00:00 UTC: 12m of 12m"),
    ],
)
def test_explain(minute: int, holds: bool, because: str) -> None:
    """It says since when there has been nothing, and how long that may last."""
    watch = watching(10, grace=2)
    verdict = watch.explain(watch.begin(at(0)), at(minute))

    assert (holds, because) == (verdict.holds, verdict.because)


def test_explain_told() -> None:
    """A silence that was told is said to have been."""
    watch = watching(10)
    memory, _ = watch.elapse(watch.begin(at(0)), at(11))

    assert watch.explain(memory, at(11) + timedelta(hours=1)).because.endswith("that was told")
