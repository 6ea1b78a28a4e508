"""What real Mastodon servers said, as the suite of Mastodon.py 2.3.3 (MIT) recorded it.

Only there is it true how a server refuses, what it says of its limits, and how it schedules.
"""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
import yaml
from tests.servers.process import installed

from antiphon import (
    AccessLost,
    AuthDead,
    Done,
    GiveUp,
    Receipt,
    Rejected,
    outcome_of,
    payload_hash,
    rates,
    trouble_of,
)
from antiphon.testing.clock import VirtualClock
from antiphon_networks.mastodon.entities import Instance, account, mention, post

pytestmark = pytest.mark.networks


@dataclass(frozen=True)
class Recorded:
    """One answer, and the cassette that it stands in."""

    cassette: str
    answer: httpx.Response

    @property
    def body(self) -> Any:
        """The JSON of the answer, or None when it is none."""
        return json.loads(self.answer.text) if self.answer.text[:1] in ("{", "[") else None


@pytest.fixture(scope="module")
def recorded() -> list[Recorded]:
    """Every interaction that was recorded."""
    sdist = installed("recordings") / "mastodon_py-2.3.3.tar.gz"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    with tarfile.open(sdist) as archive:
        for member in archive:
            if "/tests/cassettes" in member.name and member.name.endswith(".yaml"):
                file = archive.extractfile(member)
                assert file is not None
                name = member.name.rpartition("/")[2].removesuffix(".yaml")
                said = yaml.load(file, loader).get("interactions", ())
                found += [Recorded(name, _answer(one["request"], one["response"])) for one in said]
    return found


def _answer(request: Any, response: Any) -> httpx.Response:
    body = response["body"].get("string") or ""
    packed = ("content-encoding", "transfer-encoding", "content-length")
    headers = [
        (name.encode(), value.encode("latin-1"))
        for name, values in response["headers"].items()
        if name.lower() not in packed
        for value in (values if isinstance(values, list) else [values])
    ]
    return httpx.Response(
        response["status"]["code"],
        headers=headers,
        content=body if isinstance(body, bytes) else str(body).encode(),
        request=httpx.Request(request["method"], request["uri"]),
    )


@pytest.fixture(scope="module")
def good(recorded: list[Recorded]) -> list[Recorded]:
    """The good answers that are JSON."""
    return [one for one in recorded if one.answer.status_code == 200 and one.body is not None]


def entities(answer: Any, *keys: str) -> Iterator[dict[str, Any]]:
    """Every object in an answer, however deep, that has all these keys."""
    if isinstance(answer, dict):
        if all(key in answer for key in keys):
            yield answer
        for value in answer.values():
            yield from entities(value, *keys)
    elif isinstance(answer, list):
        for value in answer:
            yield from entities(value, *keys)


def test_statuses(good: list[Recorded]) -> None:
    """Every status that a real server sent is a post, with its id, its author and its time."""
    found = [
        status for one in good for status in entities(one.body, "id", "content", "account", "created_at", "uri")
    ]  # fmt: skip

    assert len(found) > 100
    for status in found:
        said = post(status, "localhost")
        assert (said.id, "@" in said.author.handle, said.at.tzinfo is not None) == (status["id"], True, True)
        assert "<p>" not in said.text


def test_accounts(good: list[Recorded]) -> None:
    """Every account that a real server sent is a person with plain words and with numbers."""
    found = [entity for one in good for entity in entities(one.body, "acct", "username", "followers_count")]

    assert len(found) > 100
    for told in (account(entity, "localhost") for entity in found):
        assert told.person.id.startswith("mastodon:")
        assert "<p>" not in told.bio
        assert isinstance(told.followers, int)


def test_mentions(good: list[Recorded]) -> None:
    """Every mention that a real server sent is an event; one whose post is gone has none (it was recorded too)."""
    notes = [note for one in good for note in entities(one.body, "id", "type", "status", "created_at", "account")]
    mentions = [note for note in notes if note["type"] == "mention" and note["status"]]

    assert mentions
    for note in mentions:
        event, author = mention(note, "localhost:3000", "localhost", "brand")
        assert (event.type, event.data["author"]["id"]) == ("mention.received", author.id)


def test_instances(good: list[Recorded]) -> None:
    """Every server that described itself told its limits."""
    found = [one.body for one in good if "/api/v2/instance" in str(one.answer.request.url)]

    assert found
    assert all(Instance.of(body, date(2026, 7, 2)).limits.number("text.longest") >= 500 for body in found)


def test_writes(recorded: list[Recorded], clock: VirtualClock) -> None:
    """Of every write that a real server answered it is known what became of it; a refusal is told in its own words."""
    known = Counter[str]()
    for one in recorded:
        if one.answer.request.method == "GET":
            continue
        outcome = outcome_of(one.answer, lambda answer: _receipt(answer, clock), clock)
        known[type(outcome).__name__] += 1
        if isinstance(outcome, Rejected) and one.body:
            assert one.body["error"] in outcome.reason

    assert {"Done", "Rejected", "AuthDead"} == set(known)
    assert known["Rejected"] >= 15
    assert known["AuthDead"] >= 2


def _receipt(answer: httpx.Response, clock: VirtualClock) -> Receipt:
    return Receipt(at=clock.now(), payload_hash=payload_hash({}), rate=rates(answer))


def test_too_long(recorded: list[Recorded], clock: VirtualClock) -> None:
    """A status that is too long is refused with 422 in the language of the account, and surely not published."""
    refused = [
        one for one in recorded
        if one.answer.status_code == 422 and one.answer.request.url.path == "/api/v1/statuses"
    ]  # fmt: skip
    outcomes = [outcome_of(one.answer, lambda answer: _receipt(answer, clock), clock) for one in refused]

    assert len(refused) >= 4
    assert all(isinstance(outcome, Rejected) for outcome in outcomes)
    assert any("500" in outcome.reason for outcome in outcomes if isinstance(outcome, Rejected))


def test_reads(recorded: list[Recorded], clock: VirtualClock) -> None:
    """Whatever a real server answered to a question is read, or said to be gone, not allowed, or without a token."""
    kinds = Counter[str]()
    for one in recorded:
        if one.answer.request.method == "GET":
            kinds[type(trouble_of(one.answer, clock)).__name__] += 1

    assert {"NoneType", GiveUp.__name__, AccessLost.__name__} == set(kinds)
    assert kinds["NoneType"] > 500


def test_rates(recorded: list[Recorded]) -> None:
    """What a real server says of its limits is read whole: how many, how many are left, and until when."""
    told = [one for one in recorded if "x-ratelimit-limit" in one.answer.headers]

    assert len(told) > 1000
    for one in told:
        rate = rates(one.answer)
        assert {"limit", "remaining", "reset"} == set(rate)
        assert 0 <= int(rate["remaining"]) <= int(rate["limit"])
        assert datetime.fromisoformat(rate["reset"]).tzinfo is not None


def test_revoked(recorded: list[Recorded], clock: VirtualClock) -> None:
    """A token that is wrong, or was revoked, holds what is to be sent: it is neither done nor refused."""
    lost = [
        one for one in recorded
        if one.answer.status_code == 401 and one.answer.request.method == "POST"
    ]  # fmt: skip

    assert lost
    for one in lost:
        assert isinstance(outcome_of(one.answer, lambda answer: _receipt(answer, clock), clock), AuthDead)


def test_scheduled(recorded: list[Recorded], clock: VirtualClock) -> None:
    """A status that the network itself is to publish later is told by its own id and moment, and is no status yet."""
    scheduled = [
        one for one in recorded
        if isinstance(one.body, dict) and "scheduled_at" in one.body and one.answer.request.method == "POST"
    ]  # fmt: skip

    assert len(scheduled) >= 3
    for one in scheduled:
        assert isinstance(outcome_of(one.answer, lambda answer: _receipt(answer, clock), clock), Done)
        assert datetime.fromisoformat(one.body["scheduled_at"]).astimezone(UTC)
        assert "content" not in one.body
