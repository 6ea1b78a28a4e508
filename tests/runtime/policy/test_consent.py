"""Who may be reached, by what is known of them now."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from antiphon.components.consents import Word, record
from antiphon.components.ports import Store
from antiphon.model.effect import Effect
from antiphon.model.person import Person
from antiphon.model.policy import PolicySettings
from antiphon.model.ruling import Ruling
from antiphon.runtime.policy.policy import Policy
from antiphon.testing.clock import VirtualClock

NEEDED = PolicySettings.model_validate({"consent": ["email"]})


def asked(store: Store, clock: VirtualClock, settings: PolicySettings, **fields: Any) -> list[Ruling]:
    given = {"action": "email.send", "workflow": "w", "run": "r", "step": "s", "summary": "Say it", **fields}
    effect = Effect.model_validate({"key": "k", **given})
    return list(Policy(settings, store, clock, ZoneInfo("UTC")).preview(effect, []).rulings)


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"subject": "m:1"}, "pass"),
        ({"subject": "m:1", "recipients": ("Ana@example.org",)}, "pass"),
        ({"subject": "m:2"}, "refuse"),
        ({"subject": "m:1", "recipients": ("ben@example.org",)}, "refuse"),
        ({"subject": "m:1", "recipients": ("m:3",)}, "refuse"),
        ({"subject": "m:9"}, "refuse"),
        ({}, "refuse"),
        ({"subject": "m:9", "action": "mastodon.post"}, None),
    ],
    ids=str,
)
def test_consent(store: Store, clock: VirtualClock, fields: dict[str, Any], verdict: str | None) -> None:
    """Everybody whom an effect reaches must have consented to the channel; who is not known has not."""
    consents = {"m:1": {"email": "2026-01-01"}, "m:2": {"email": ""}, "m:3": ["mastodon"]}
    people = [
        Person(id=name, network="m", handle=handle, facts={"consent": consents[name]})
        for name, handle in (("m:1", "ana@example.org"), ("m:2", "ben@example.org"), ("m:3", "cleo@example.org"))
    ]
    store.people.seen(people, clock.now())
    assert ([] if verdict is None else [verdict]) == [one.verdict for one in asked(store, clock, NEEDED, **fields)]


@pytest.mark.parametrize(
    "name",
    [
        "аna@example.org",
        "ana@example.org\r\nbcc: ben@b.example",
        "ana@example.org,ben@b.example",
        "m:1\u200b",
        "ａna@example.org",
    ],
)
def test_lookalikes(store: Store, clock: VirtualClock, name: str) -> None:
    """Whoever only looks like somebody who agreed has not: letters of another script, and what is smuggled in."""
    agreed = Person(id="m:1", network="m", handle="ana@example.org", facts={"consent": {"email": True}})
    store.people.seen([agreed], clock.now())

    found = [
        [one.verdict for one in asked(store, clock, NEEDED, subject="m:1", recipients=(reached,))]
        for reached in ("ana@example.org", name)
    ]

    assert [["pass"], ["refuse"]] == found


@pytest.mark.parametrize(
    ("person", "channel", "refused"),
    [
        ("m:1", "", True),
        ("@ANA@example.org", "", True),
        ("ana@example.org", "email", True),
        ("ana@example.org", "email.send", True),
        ("ana@example.org", "mastodon", False),
        ("ben@example.org", "", False),
    ],
)
def test_suppression(store: Store, clock: VirtualClock, person: str, channel: str, refused: bool) -> None:
    """Somebody is found by their id, by an address and by the handle that is known of them, on their channels only."""
    store.people.seen([Person(id="m:1", network="m", handle="ana@example.org")], clock.now())
    store.suppressions.add(person, channel=channel)
    found = asked(store, clock, PolicySettings(), subject="m:1")
    assert (["refuse"] if refused else []) == [one.verdict for one in found]


@pytest.mark.parametrize(
    ("said", "action", "group", "verdicts"),
    [
        ("email:newsletter", "email.send", "", ["pass"]),
        ("email:newsletter", "email.send", "outreach", ["pass", "refuse"]),
        ("email:outreach", "email.send", "outreach", ["refuse", "pass"]),
        ("email", "email.send", "", ["refuse"]),
        ("email:newsletter", "message.send", "", ["refuse"]),
        ("message:newsletter", "email.send", "", ["refuse"]),
        ("email:newsletter", "sms.send", "", []),
    ],
)
def test_z1_purpose(store: Store, clock: VirtualClock, said: str, action: str, group: str, verdicts: list[str]) -> None:
    """Z1: a consent to one purpose on one channel is none to another purpose or channel."""
    rules = [
        {"channel": "email", "purpose": "newsletter"},
        {"channel": "email", "purpose": "outreach", "group": "outreach"},
        "message",
    ]
    settings = PolicySettings.model_validate({"consent": rules})
    store.people.seen([Person(id="m:1", network="m", handle="", facts={"consent": {said: True}})], clock.now())

    found = asked(store, clock, settings, subject="m:1", action=action, group=group)

    assert verdicts == [one.verdict for one in found]


def test_z2_any_account(store: Store, clock: VirtualClock) -> None:
    """Z2: of two accounts of one person either may agree, and what either has withdrawn counts for both."""
    people = [Person(id=name, network="m", handle="", facts={"consent": {}}) for name in ("m:1", "n:1")]
    store.people.seen(people, clock.now())
    effect = Effect(key="k", action="email.send", workflow="w", run="r", step="s", summary="Say it", subject="m:1")
    both = {"m:1": ["n:1"], "n:1": ["m:1"]}

    def verdicts() -> list[str]:
        policy = Policy(NEEDED, store, clock, ZoneInfo("UTC"), lambda name: both[name])
        return [str(one.verdict) for one in policy.preview(effect, []).rulings]

    assert ["refuse"] == verdicts()
    record(store.people, "n:1", Word(channel="email"), clock.now())
    assert ["pass"] == verdicts()
    record(store.people, "m:1", Word(channel="email", given=False), clock.now())
    assert ["refuse"] == verdicts()
    store.suppressions.add("n:1")
    assert ["refuse", "refuse"] == verdicts()


@pytest.mark.parametrize("rule", ["", {"purpose": "x"}, {"channel": "email", "purpose": "a:b"}, 3])
def test_unfit_rules(rule: object) -> None:
    """A rule that names no channel, or a purpose that no word can have, is refused."""
    with pytest.raises(ValidationError):
        PolicySettings.model_validate({"consent": [rule]})
