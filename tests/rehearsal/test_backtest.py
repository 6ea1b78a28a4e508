"""Backtests: what was heard is heard once more, and what would have come of it is counted day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.bench.measure import resident
from tests.rehearsal.conftest import Folder

from antiphon.app import Antiphon
from antiphon.model.backtest import Backtest
from antiphon.model.event import Event
from antiphon.rehearsal.backtest import backtest
from antiphon.rehearsal.replay import Replay
from antiphon.rehearsal.report import cannot_know, report_of
from antiphon.report import to_html

SINCE = datetime(2026, 3, 1, 23, tzinfo=UTC)
"""Midnight in Paris."""

WORKFLOW = """
antiphon: 1
id: thank
name: Thank
tz: Europe/Paris
triggers: [{id: heard, event: {type: mention.received, match: {text: {contains_any: [merci, thank]}}}}]
subject: ${{ event.author }}
conditions:
  - ${{ event.author.followers >= 100 }}
actions:
  - {use: mastodon.reply, with: {connection: brand, to: "${{ event }}", text: "Thank you, ${{ event.author.name }}!"}}
"""


def mention(number: int, at: datetime, *, text: str = "Merci !", author: int = 1, followers: int = 500) -> Event:
    person = {"id": f"p{author}", "handle": f"p{author}@torrea.example", "name": f"P{author}", "followers": followers}
    about = {"id": str(number), "network": "mastodon", "server": "torrea.example", "text": text, "author": person}
    return Event(f"m:{number}", "mention.received", at, about, "mastodon.mentions")


def heard(folder: Folder, *events: Event, workflow: str = WORKFLOW) -> Antiphon:
    """The workspace with these events in its store."""
    folder.write("workflows/thank.yaml", workflow)
    app = folder.open()
    app.store.events.ingest_many(events)
    return app


def replayed(app: Antiphon, days: int, workflow: str = "thank") -> Backtest:
    return backtest(app, app.program(workflow), SINCE, SINCE + timedelta(days=days))


def test_per_day(folder: Folder) -> None:
    """Each day of the workspace's calendar has what was heard, fired, declined and sent on it."""
    app = heard(
        folder,
        mention(1, SINCE),
        mention(2, SINCE + timedelta(hours=1), text="Rien"),
        mention(3, SINCE + timedelta(hours=23, minutes=59), followers=99),
        mention(4, SINCE + timedelta(days=2)),
        mention(5, SINCE + timedelta(days=3)),
    )

    result = replayed(app, 3)

    names = ("heard", "fired", "declined", "sent")
    assert [(3, 2, 1, 1), (0, 0, 0, 0), (1, 1, 0, 1)] == [tuple(getattr(d, n) for n in names) for d in result.days]
    assert ["2026-03-02", "2026-03-03", "2026-03-04"] == [str(day.day) for day in result.days]
    assert [1] == [reason.count for reason in result.declined]


def test_changes_nothing(folder: Folder) -> None:
    """The workspace's own store has no run, no effect and no event more than before."""
    app = heard(folder, mention(1, SINCE), mention(2, SINCE + timedelta(hours=1), author=2))
    unrouted = app.store.events.unrouted(100)

    assert 2 == replayed(app, 1).total("sent")

    assert ([], [], []) == (list(app.store.runs.list()), list(app.store.ledger.list()), list(app.store.audit.list()))
    assert unrouted == app.store.events.unrouted(100)


@pytest.mark.parametrize("otherwise", ["hold", "skip"])
def test_caps(folder: Folder, otherwise: str) -> None:
    """Caps count what the backtest itself would have sent, as a plain count of the same events does."""
    rule = f'[[policy.caps]]\nmax = 2\nper = "3d"\notherwise = "{otherwise}"\n'
    folder.write("antiphon.toml", (folder.path / "antiphon.toml").read_text() + rule)
    events = [mention(n, SINCE + timedelta(hours=5 * n), author=n % 3) for n in range(40)]
    app = heard(folder, *events)
    sent: list[tuple[int, datetime]] = []
    for number, event in enumerate(events):
        recent = [at for author, at in sent if author == number % 3 and at > event.at - timedelta(days=3)]
        if len(recent) < 2:
            sent.append((number % 3, event.at))

    result = replayed(app, 9)

    if otherwise == "skip":
        assert (len(sent), 40 - len(sent)) == (result.total("sent"), result.total("capped"))
    assert 40 == result.total("fired")
    assert result.total("capped") > 0
    assert [f"cap: {'held' if otherwise == 'hold' else 'vetoed'}"] == [one.because for one in result.stopped]
    assert 40 == result.total("sent") + (result.waiting if otherwise == "hold" else result.total("capped"))


def test_hours(folder: Folder) -> None:
    """What is held goes out on the day on which it may."""
    hours = '[[policy.hours]]\ndays = ["tue"]\nbetween = ["08:00", "20:00"]\ntz = "workspace"\n'
    folder.write("antiphon.toml", (folder.path / "antiphon.toml").read_text() + hours)
    app = heard(folder, mention(1, SINCE + timedelta(hours=9)))  # a Monday

    result = replayed(app, 2)

    assert [(1, 0), (0, 1)] == [(day.held, day.sent) for day in result.days]


def test_both_ways_to_decline(folder: Folder) -> None:
    """To ask the conditions first, on paper, comes to the same as to open a run for each event."""
    events = [
        mention(n, SINCE + timedelta(minutes=7 * n), author=n % 7, followers=90 + n % 20, text="Thanks" * (n % 3 > 0))
        for n in range(60)
    ]
    dedupe = WORKFLOW.replace("actions:", '  - dedupe: {key: "${{ event.author.id }}", within: 2h}\nactions:')
    opened = dedupe.replace("id: thank", "id: opened") + "run: {max: 1000}\n"
    folder.write("workflows/opened.yaml", opened)
    app = heard(folder, *events, workflow=dedupe)

    one, other = replayed(app, 1), replayed(app, 1, "opened")

    assert one.days == other.days
    assert one.declined == other.declined
    assert 0 < one.total("declined") < one.total("fired")


def test_waits_and_exits(folder: Folder) -> None:
    """Runs that wait go on in the period and are left by what was heard; what has not ended is told."""
    workflow = WORKFLOW.replace("actions:", "  - ${{ true }}\nactions:\n  - wait: 2d") + (
        'exit: [{event: {type: message.received, match: {from: "${{ subject.id }}"}}}]\n'
    )
    answer = Event("a:1", "message.received", SINCE + timedelta(days=1), {"from": "p2"}, "x")
    app = heard(
        folder,
        mention(1, SINCE, author=1),
        mention(2, SINCE, author=2),
        mention(3, SINCE + timedelta(days=2), author=3),
        answer,
        workflow=workflow,
    )

    result = replayed(app, 3)

    assert (3, [0, 0, 1], 1) == (result.total("fired"), [day.sent for day in result.days], result.waiting)


def test_schedules(folder: Folder) -> None:
    """Ticks of the clock are part of the past, too."""
    workflow = """
antiphon: 1
id: thank
name: Daily
tz: Europe/Paris
triggers: [{id: daily, schedule: {cron: "0 9 * * *"}}]
actions: [{use: mastodon.post, with: {connection: brand, text: "${{ trigger.scheduled_at }}"}}]
"""

    assert [1, 1, 1] == [day.sent for day in replayed(heard(folder, workflow=workflow), 3).days]


def test_against(folder: Folder) -> None:
    """Two versions are compared effect by effect, per day and in total, with examples."""
    app = heard(
        folder,
        mention(1, SINCE),
        mention(2, SINCE + timedelta(hours=1), followers=50),
        mention(3, SINCE + timedelta(days=1)),
    )
    other = folder.write("other.yaml", WORKFLOW.replace(">= 100", ">= 10"))
    [program] = app.check([other]).programs.values()

    result = backtest(app, app.program("thank"), SINCE, SINCE + timedelta(days=2), against=program)

    assert result.against is not None
    runs, effects = result.against.runs, result.against.effects
    assert (1, {result.days[0].day: 1}) == (runs.count, dict(runs.per_day)) == (effects.count, dict(effects.per_day))
    assert [("m:2", "declined", "done")] == [(one.what, one.ours, one.theirs) for one in runs.examples]
    [example] = effects.examples
    assert ("", "thank/mastodon-reply/p1/m:2") == (example.ours, example.what)
    assert example.theirs.startswith("done: Post as brand")
    assert [2, 1] == [day.sent for day in result.against.days]
    same = backtest(app, app.program("thank"), SINCE, SINCE + timedelta(days=2), against=app.program("thank"))
    assert same.against is not None
    assert (0, 0) == (same.against.runs.count, same.against.effects.count)


def test_suppressions_and_people_of_today(folder: Folder) -> None:
    """Whom nobody may reach today is not reached in a backtest."""
    app = heard(folder, mention(1, SINCE, author=1), mention(2, SINCE, author=2))
    app.store.suppressions.add("p1", reason="opted out")

    result = replayed(app, 1)

    assert (1, 1) == (result.total("sent"), result.total("vetoed"))
    assert ["suppression: vetoed"] == [reason.because for reason in result.stopped]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_report(folder: Folder, language: str) -> None:
    """A report in either language has the days, a plot, and all that a backtest cannot know."""
    app = heard(folder, mention(1, SINCE), mention(2, SINCE, author=2, followers=1))
    result = replayed(app, 2)

    report = report_of(result, "fr" if language == "fr" else "en", SINCE)

    page = to_html(report)
    [chart] = report.blocks[0].charts
    assert (1.0, 0.0) == chart.series[0].values
    assert "<svg" in page
    assert 8 == len(cannot_know(result, "fr" if language == "fr" else "en"))
    assert all(
        sentence.split(":")[0].replace("'", "&#39;") in page for sentence in cannot_know(result, report.language)
    )


def stream(count: int) -> Iterator[Event]:
    for number in range(count):
        text = "Merci beaucoup" if number % 1000 == 0 else "Nothing to report from the café today"
        yield mention(number, SINCE + timedelta(seconds=number), text=text, author=number % 50)


def test_memory_is_flat(folder: Folder) -> None:
    """Twenty thousand events take no more memory than two thousand, and what fires is what a plain loop finds."""
    app = heard(folder)
    app.store.events.ingest_many(stream(20_000))
    backtest(app, app.program("thank"), SINCE, SINCE + timedelta(seconds=2000))
    before = resident()

    result = replayed(app, 1)

    assert resident() - before < 16
    found = Counter(event.at.date() for event in stream(20_000) if "Merci" in event.data["text"])
    assert sum(found.values()) == result.total("fired") == result.total("sent")
    assert 20_000 == result.total("heard")


def test_a_broken_version_costs_nothing(folder: Folder, tmp_path: Path) -> None:
    """A run that fails in the past is counted with its reason, and the others go on."""
    workflow = WORKFLOW.replace("${{ event.author.name }}", "${{ event.author.nmae }}")
    app = heard(folder, mention(1, SINCE), workflow=workflow)

    result = replayed(app, 1)

    assert (1, 1, 0) == (result.total("fired"), result.total("failed"), result.total("sent"))
    assert "nmae" in result.failed[0].because


POLICY = """
[policy]
effects_per_day = 9
blast_radius = 3
[[policy.caps]]
max = 2
per = "2d"
[[policy.hours]]
between = ["06:00", "23:00"]
tz = "workspace"
[[policy.budgets]]
effects = 40
per = "week"
otherwise = "skip"
[policy.near_duplicates]
within = "3h"
similarity = 0.9
otherwise = "skip"
"""


@pytest.mark.parametrize(
    ("inside", "after"),
    [("", "  - wait: 7h\n"), (", veto: {window: 50m}, cap: {max: 1, per: 1d, group: x}", "")],
)
def test_memory_says_what_the_database_says(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, inside: str, after: str
) -> None:
    """The same past under every rule of policy comes to the same over the database and in memory."""
    folder.write("antiphon.toml", (folder.path / "antiphon.toml").read_text() + POLICY)
    text = 'text: "${{ event.text }} ${{ event.author.name }}!"'
    workflow = WORKFLOW.replace('text: "Thank you, ${{ event.author.name }}!"', text).rstrip("}\n")
    workflow = f"{workflow}}}{inside}}}\n{after}"
    workflow = workflow.replace("actions:", '  - dedupe: {key: "${{ event.text }}", within: 2h}\nactions:')
    words = ("Thank you all for the coffee", "Merci pour ce bon café ce matin", "Thank you again and again for this")
    events = [
        mention(
            n, SINCE + timedelta(minutes=97 * n), author=n * 7 % 11, text=f"{words[n % 3]} {n % 17}", followers=90 + n
        )
        for n in range(40)
    ]
    app = heard(folder, *events, workflow=workflow)

    quick = replayed(app, 9)
    monkeypatch.setattr("antiphon.rehearsal.backtest.fits_memory", lambda program: False)
    slow = replayed(app, 9)

    assert slow == quick
    assert 0 < quick.total("sent") < quick.total("fired")
    assert quick.total("capped") + quick.total("held") > 0


def test_memory_is_enough(folder: Folder) -> None:
    """What a plain workflow asks, memory knows: nothing is begun anew over a database."""
    app = heard(folder, mention(1, SINCE), mention(2, SINCE + timedelta(hours=1), followers=5))
    replay = Replay(app, app.program("thank"), SINCE, in_memory=True)
    replay.play(app.store.events_between(SINCE, SINCE + timedelta(days=1)), SINCE + timedelta(days=1))
    [day] = replay.counting.days(SINCE, SINCE + timedelta(days=1))
    replay.close()

    assert (2, 2, 1) == (day.heard, day.fired, day.declined)


def test_what_memory_forgets_is_asked_of_a_database(folder: Folder) -> None:
    """A rule that asks what is not kept in memory gets its answer: the replay is begun anew over a database."""
    folder.write(
        "plugin.py",
        """
from antiphon import Condition, Options, Verdict, hookimpl


class Quiet(Condition):
    '''Holds while little is heard.

    quiet: {}
    '''

    name = "quiet"
    Options = Options

    def judge(self, options, ctx):
        heard = len(ctx.events.list(type="mention.received"))
        return Verdict(holds=heard < 3, because=f"{heard} were heard")


@hookimpl
def register_conditions():
    return [Quiet]
""",
    )
    workflow = WORKFLOW.replace("  - ${{ event.author.followers >= 100 }}", "  - quiet: {}")
    events = [mention(n, SINCE + timedelta(hours=n)) for n in range(5)]

    result = replayed(heard(folder, *events, workflow=workflow), 1)

    assert (5, 2, 3) == (result.total("fired"), result.total("sent"), result.total("declined"))


@pytest.mark.parametrize("text", ["Thank you, ${{ event.author.name }}!", "${{ event.author.nmae }}"])
def test_plain_workflows_stay_in_memory(folder: Folder, text: str) -> None:
    """A workflow that waits for nothing asks nothing that memory forgets, be it that its runs fail."""
    app = heard(folder, workflow=WORKFLOW.replace("Thank you, ${{ event.author.name }}!", text))
    replay = Replay(app, app.program("thank"), SINCE, in_memory=True)

    replay.play([mention(n, SINCE + timedelta(minutes=n), author=n) for n in range(5)], SINCE + timedelta(days=1))

    [day] = replay.counting.days(SINCE, SINCE + timedelta(days=1))
    replay.close()
    assert (5, 5) == (day.fired, day.sent + day.failed)


def test_patterns(folder: Folder) -> None:
    """What several events come to is replayed, on the day on which it was complete; and so is a silence."""
    told = "actions: [{use: mastodon.post, with: {connection: brand, text: '${{ trigger.summary }}'}}]\n"
    triggers = """
antiphon: 1
id: thank
name: Thank
tz: Europe/Paris
triggers:
  - {id: storm, burst: {event: mention.received, at_least: 3, within: 1h}}
  - {id: both, all_of: {events: [{type: mention.received}, {type: order.placed}], within: 1h}}
  - {id: silence, missing: {event: mention.received, for: 20h}}
"""
    hours = [0, 0.2, 0.4, 30, 30.1, 31.2]
    events = [mention(n, SINCE + timedelta(hours=hour)) for n, hour in enumerate(hours)]
    order = Event("o:1", "order.placed", SINCE + timedelta(hours=31.5), {}, "shop")

    result = replayed(heard(folder, *events, order, workflow=triggers + told), 3)

    assert [2, 1, 1] == [day.fired for day in result.days]
