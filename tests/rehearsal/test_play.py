"""Tests of documents: what is heard, answered and said in them happens, at its moment, and nothing goes out."""

from __future__ import annotations

import pytest
from tests.rehearsal.conftest import Folder

HEARD = """
triggers: [{id: heard, event: {type: mention.received}}]
subject: ${{ event.author }}
"""
POST = (
    HEARD
    + """
actions:
  - {id: post, use: mastodon.post, with: {connection: brand, text: "Hello, ${{ event.author.name }}"}}
"""
)
MENTION = "{type: mention.received, author: {id: ana, name: Ana}}"


def passed(folder: Folder, workflow: str, test: str) -> None:
    result = folder.rehearse(workflow, test)

    assert ("passed", "", []) == (result.state, result.error, [line for line in result.lines if line.sign != "same"])


def test_three_weeks(folder: Folder) -> None:
    """A sequence with a week between each two of its four messages takes no time on a clock that is moved."""
    workflow = (
        HEARD
        + """
actions:
  - {id: one, use: mastodon.post, with: {connection: brand, text: One}}
  - wait: 7d
  - {id: two, use: mastodon.post, with: {connection: brand, text: Two}}
  - wait: 7d
  - {id: three, use: mastodon.post, with: {connection: brand, text: Three}}
  - wait: 7d
  - {id: four, use: mastodon.post, with: {connection: brand, text: Four}}
"""
    )
    expected = ", ".join(f"{{use: mastodon.post, at: {days}d, status: {text}}}" for days, text in
                         ((0, "One"), (7, "Two"), (14, "Three"), (21, "Four")))  # fmt: skip
    test = f"{{events: [{MENTION}], expect: {{effects: [{expected}], finished: done}}}}"
    passed(folder, workflow, test)

    [result] = folder.run()

    assert result.state == "passed"


def test_stops_when_they_answer(folder: Folder) -> None:
    """An exit ends the run by its name, at the moment at which its event comes; a fixture is named by its parts."""
    folder.write("workflows/fixtures/ana.json", '{"id": "ana", "name": "Ana"}')
    workflow = (
        HEARD
        + """
exit: [{event: {type: message.received, match: {from: "${{ subject.id }}"}, then: replied}}]
actions:
  - each: {in: [1, 2, 3]}
    steps:
      - {id: post, use: mastodon.post, with: {connection: brand, text: "Touch ${{ item }}"}}
      - wait: 4d
on_exit: {replied: [{id: ticket, use: inbox.ticket, with: {title: A reply}}]}
"""
    )
    test = """
events:
  - {at: 0s, type: mention.received, author: fixtures/ana}
  - {at: 26h, type: message.received, from: fixtures/somebody.id}
  - {at: 100h, type: message.received, from: fixtures/ana.id}
fixtures: {somebody: {id: bea}}
expect:
  effects: [{use: mastodon.post, at: 0s}, {use: mastodon.post, at: 4d}]
  finished: replied
  steps: {ticket: done}
"""
    folder.write("workflows/fixtures/notes.yaml", "not: [a, document]")

    passed(folder, workflow, test)


@pytest.mark.parametrize(
    ("answers", "effects", "finished"),
    [
        ("{answer: rejected, because: too rude}", "{state: rejected, because: too rude}", "failed"),
        ("{answer: limited, after: 1h}", "{state: done, at: 1h}", "done"),
        ("{answer: unreachable, times: 2}", "{state: done, at: 1m30s}", "done"),
        ("{answer: denied, because: the token is dead}", "{state: held, because: token is dead}", "held"),
        ("{answer: unknown, found: true}", "{state: done, at: 30s}", "done"),
        ("{answer: unknown, found: false}", "{state: done, at: 30s}", "done"),
        ("{answer: unknown}", "{state: parked}", "held"),
        ("{use: mastodon.post, match: {status: {contains: nobody}}, answer: rejected}", "{state: done}", "done"),
        ("{result: {remote_id: '7', url: 'https://t.example/7'}}", "{state: done}", "done"),
    ],
)
def test_answers(folder: Folder, answers: str, effects: str, finished: str) -> None:
    """What a network would answer is said by the test, and the machinery of effects does with it what it does."""
    test = f"{{events: [{MENTION}], answers: [{answers}], expect: {{effects: [{effects}], finished: {finished}}}}}"

    passed(folder, POST, test)


def test_result(folder: Folder) -> None:
    """Later steps see the receipt that the test made up; a computation gives what the test says."""
    workflow = (
        HEARD
        + """
actions:
  - {id: post, use: mastodon.post, with: {connection: brand, text: Hello}}
  - {id: missed, use: phone.missed, with: {connection: phone}}
  - {id: again, use: mastodon.post, with: {connection: brand, text: "${{ steps.post.url }} ${{ steps.missed.count }}"}}
"""
    )
    test = f"""
events: [{MENTION}]
answers:
  - {{use: mastodon.post, result: {{url: "https://t.example/7"}}}}
  - {{use: phone.missed, result: {{count: 3}}}}
expect:
  effects: [{{use: mastodon.post}}, {{use: mastodon.post, status: "https://t.example/7 3"}}]
  steps: {{missed: {{result: {{count: 3}}}}}}
"""
    folder.write(
        "antiphon.toml", (folder.path / "antiphon.toml").read_text() + '[connections.phone]\nconnector="phone"\n'
    )

    passed(folder, workflow, test)


def test_content_that_nobody_checked(folder: Folder) -> None:
    """Where a network would have to be asked what it takes, the effect is there with what the document says."""
    folder.write(
        "antiphon.toml", (folder.path / "antiphon.toml").read_text() + '[connections.phone]\nconnector="phone"\n'
    )
    workflow = (
        HEARD
        + """
actions: [{use: phone.call, with: {connection: phone, to: "+33 1", words: Hello}}]
"""
    )

    passed(
        folder,
        workflow,
        f"{{events: [{MENTION}], expect: {{effects: [{{use: phone.call, to: +33 1, words: Hello}}]}}}}",
    )


def test_limits_of_the_network(folder: Folder) -> None:
    """What a connector documents of its network holds: a text that Mastodon would refuse is refused."""
    workflow = POST.replace("Hello, ", "x" * 501)

    passed(folder, workflow, f"{{events: [{MENTION}], expect: {{effects: [], finished: failed, because: '500'}}}}")


def test_approvals(folder: Folder) -> None:
    """People of the workspace's groups say their word at its moment, and what they make of the content goes out."""
    workflow = (
        HEARD
        + """
actions:
  - set: {words: Hello}
  - {id: sign, approve: {show: "${{ vars.words }}", by: {group: desk}, due: 1d}}
  - {id: post, use: mastodon.post, with: {connection: brand, text: "${{ steps.sign.content }}"}}
"""
    )
    test = f"""
events: [{MENTION}]
approvals: [{{at: 2h, decide: approve, by: ben, edited: Good day}}]
expect: {{effects: [{{status: Good day, at: 2h}}], finished: done}}
"""
    passed(folder, workflow, test)
    passed(folder, workflow, f"{{events: [{MENTION}], expect: {{effects: [], finished: stopped}}}}")
    refused = folder.rehearse(workflow, test.replace("ben", "carl"))

    assert "carl is not of the group desk" in refused.error


def test_veto(folder: Folder) -> None:
    """An effect with a veto is stopped by a word of the test, before its window is over."""
    workflow = POST.replace('}}"}}', '}}"}, veto: {window: 20m}}')

    passed(folder, workflow, f"{{events: [{MENTION}], expect: {{effects: [{{use: mastodon.post, at: 20m}}]}}}}")
    passed(
        folder,
        workflow,
        f"{{events: [{MENTION}], approvals: [{{at: 5m, decide: veto, by: ana}}], "
        "expect: {effects: [{use: mastodon.post, state: vetoed, because: ana}], finished: stopped}}",
    )


def test_ticks(folder: Folder) -> None:
    """With `ticks` the schedules fire, also over a change of the clocks, until the test's end."""
    workflow = """
triggers: [{id: daily, schedule: {cron: "30 2 * * *"}}]
actions: [{use: mastodon.post, with: {connection: brand, text: "${{ trigger.scheduled_at }}"}}]
"""
    test = """
clock: "2026-03-28T00:00:00+01:00"
ticks: true
until: 3d
expect:
  effects:
    - {status: {starts_with: "2026-03-28T01:30"}}
    - {status: {starts_with: "2026-03-29T01:30"}}
    - {status: {starts_with: "2026-03-30T00:30"}}
  runs: 3
"""
    passed(folder, workflow, test)


def test_policy(folder: Folder) -> None:
    """Hours, by the clock of whom a message reaches, and caps of the workspace hold as they do for real."""
    folder.write(
        "antiphon.toml",
        (folder.path / "antiphon.toml").read_text()
        + '[[policy.caps]]\nmax = 1\nper = "7d"\n[[policy.hours]]\nbetween = ["08:00", "20:00"]\ntz = "subject"\n',
    )
    test = """
clock: "2026-03-02T09:00:00Z"
people: [{id: ana, timezone: America/New_York}]
events:
  - {type: mention.received, author: {id: ana, name: Ana}}
  - {at: 1h, type: mention.received, author: {id: ana, name: Ana again}}
until: 3d
expect:
  effects:
    - {status: "Hello, Ana", at: 4h}
    - {status: "Hello, Ana again", state: held, because: "1 per 7d"}
  finished: [done, held]
"""
    passed(folder, POST, test)


def test_silence(folder: Folder) -> None:
    """A workflow that waits for something not to happen is woken when it has not happened for so long."""
    workflow = """
triggers: [{id: silence, missing: {event: post.published, for: 48h}}]
actions: [{use: mastodon.post, with: {connection: brand, text: "Anybody there?"}}]
"""
    test = """
events: [{at: 5h, type: post.published}]
until: 60h
expect: {effects: [{status: "Anybody there?", at: 53h}], runs: 1}
"""
    passed(folder, workflow, test)


def test_by_hand(folder: Folder) -> None:
    """A workflow that asks for inputs is started with those of the test."""
    workflow = """
triggers: [{id: by_hand, manual: {inputs: {words: {type: text, required: true}}}}]
actions: [{use: mastodon.post, with: {connection: brand, text: "${{ trigger.inputs.words }}"}}]
"""

    passed(folder, workflow, "{inputs: {words: Hello}, expect: {effects: [{status: Hello}]}}")


def test_flags_and_reasons(folder: Folder) -> None:
    """A flag of the test stands before the workspace's, and the reason for which a run is declined can be asked for."""
    workflow = POST + "conditions: ['${{ not workspace.flags.crisis }}']\n"

    passed(
        folder,
        workflow,
        f"{{flags: {{crisis: true}}, events: [{MENTION}], "
        "expect: {effects: [], declined: crisis, finished: declined}}",
    )
    passed(folder, workflow, "{events: [{type: mention.other}], expect: {fires: false, runs: 0}}")


def test_polled_sources_are_listened_for(folder: Folder) -> None:
    """A poll is not asked: what its source would give wakes it, if it looks like its pattern."""
    workflow = POST.replace(
        "{id: heard, event: {type: mention.received}}",
        "{id: asked, poll: {source: mastodon.mentions, with: {connection: brand}, match: {text: {contains: merci}}}}",
    )
    test = """
events:
  - {type: mention.received, text: Merci, author: {id: ana, name: Ana}}
  - {type: mention.received, text: Non, author: {id: bea, name: Bea}}
expect: {effects: [{status: "Hello, Ana"}], runs: 1}
"""
    passed(folder, workflow, test)


def test_recipe(folder: Folder) -> None:
    """A recipe is unfolded with the test's inputs; an account that only the test names is made up."""
    folder.write(
        "recipes/thanks.yaml",
        """
antiphon: 1
recipe: thanks
version: 1.0.0
name: Thanks
inputs:
  account: {type: connection, provides: mastodon.post, required: true}
  gap: {type: duration, default: 1d}
workflow:
  tz: workspace
  triggers: [{id: heard, event: {type: mention.received}}]
  actions:
    - wait: ${{ inputs.gap }}
    - {use: mastodon.post, with: {connection: "${{ inputs.account }}", text: Thanks}}
tests:
  - name: thanks after the gap
    inputs: {account: fake, gap: 2d}
    events: [{type: mention.received}]
    expect: {effects: [{use: mastodon.post, connection: fake, at: 2d}], finished: done}
""",
    )

    [result] = folder.run("recipes/thanks.yaml")

    assert ("passed", "") == (result.state, result.error)


def test_nothing_is_left_behind(folder: Folder) -> None:
    """A test makes no database in the workspace, nor any other file."""
    passed(folder, POST, f"{{events: [{MENTION}], expect: {{runs: 1}}}}")
    before = sorted(folder.path.rglob("*"))

    passed(folder, POST, f"{{events: [{MENTION}], expect: {{runs: 1}}}}")

    assert before == sorted(folder.path.rglob("*"))
    assert not (folder.path / ".antiphon").exists()


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ("{events: [{type: a.b, author: fixtures/anna}], expect: {runs: 1}}", "There is no fixture anna."),
        ("{fixtures: {ana: {id: 1}}, events: [{type: a.b, x: fixtures/ana.nme}], expect: {runs: 1}}", "has no `nme`"),
        ("{events: [{type: a.b, data: fixtures/ana}], fixtures: {ana: 1}, expect: {runs: 1}}", "int, not a mapping"),
        ("{approvals: [{decide: reject, by: ana}], expect: {runs: 0}}", "Nobody is asked"),
        ("{approvals: [{decide: veto, by: ana}], expect: {runs: 0}}", "no effect to stop"),
        ("{people: [{name: Ana}], expect: {runs: 0}}", "One of `people` cannot be read"),
    ],
)
def test_what_cannot_be(folder: Folder, test: str, sentence: str) -> None:
    """A test that says something impossible is told so in a sentence, and is no failure of the workflow."""
    result = folder.rehearse(POST, test)

    assert "error" == result.state
    assert sentence in result.error


PATTERNS = """
triggers:
  - {id: storm, burst: {event: mention.received, at_least: 3, within: 30m, per: "${{ event.account }}"}}
  - {id: silence, missing: {event: mention.received, for: 48h}}
actions:
  - {id: tell, use: mastodon.post, with: {connection: brand, text: "${{ trigger.summary }}"}}
"""


def test_patterns(folder: Folder) -> None:
    """What several events come to, and what does not happen, comes about at its moment."""
    test = """
until: 4d
events:
  - {at: 1h, type: mention.received, account: brand}
  - {at: 70m, type: mention.received, account: other}
  - {at: 80m, type: mention.received, account: brand}
  - {at: 90m, type: mention.received, account: brand}
expect:
  effects:
    - {use: mastodon.post, at: 90m, status: {contains: "brand: 3 × mention.received within 30m"}}
    - {use: mastodon.post, at: 49h30m, status: {contains: no mention.received for 2d}}
  runs: 2
"""

    passed(folder, PATTERNS, test)
