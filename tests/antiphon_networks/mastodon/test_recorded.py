"""What real Mastodon servers said, as the suite of Mastodon.py 2.3.3 (MIT) recorded it.

Set ANTIPHON_MASTODON_PY to the path of its source distribution, mastodon_py-2.3.3.tar.gz from PyPI.
"""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from antiphon_networks.mastodon.entities import Instance, mention, person, post

SDIST = Path(os.environ.get("ANTIPHON_MASTODON_PY", "mastodon_py-2.3.3.tar.gz"))

pytestmark = pytest.mark.skipif(
    not SDIST.is_file(), reason="ANTIPHON_MASTODON_PY does not name the source distribution of mastodon_py 2.3.3"
)


@pytest.fixture(scope="module")
def recorded() -> list[tuple[str, Any]]:
    """The path and the JSON of every good answer that was recorded."""
    answers = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with tarfile.open(SDIST) as archive:
        for member in archive:
            if "/tests/cassettes" not in member.name or not member.name.endswith(".yaml"):
                continue
            file = archive.extractfile(member)
            assert file is not None
            for interaction in yaml.load(file, loader).get("interactions", ()):
                body = interaction["response"]["body"].get("string", "")
                if interaction["response"]["status"]["code"] == 200 and str(body).startswith(("{", "[")):
                    answers.append((interaction["request"]["uri"], json.loads(body)))
    return answers


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


def test_statuses(recorded: list[tuple[str, Any]]) -> None:
    """Every status that a real server sent is a post, with its id, its author and its time."""
    found = [
        status for _, body in recorded for status in entities(body, "id", "content", "account", "created_at", "uri")
    ]
    assert len(found) > 100
    for status in found:
        said = post(status, "localhost")
        assert (said.id, "@" in said.author.handle, said.at.tzinfo is not None) == (status["id"], True, True)
        assert "<p>" not in said.text


def test_accounts(recorded: list[tuple[str, Any]]) -> None:
    """Every account that a real server sent is a person."""
    found = [account for _, body in recorded for account in entities(body, "acct", "username", "followers_count")]
    assert len(found) > 100
    assert all(person(account, "localhost").id.startswith("mastodon:") for account in found)


def test_mentions(recorded: list[tuple[str, Any]]) -> None:
    """Every mention that a real server sent is an event; one whose post is gone has none (it was recorded too)."""
    found = [note for _, body in recorded for note in entities(body, "id", "type", "status", "created_at", "account")]
    mentions = [note for note in found if note["type"] == "mention" and note["status"]]
    assert mentions
    for note in mentions:
        event, author = mention(note, "localhost:3000", "localhost", "brand")
        assert (event.type, event.data["author"]["id"]) == ("mention.received", author.id)


def test_instances(recorded: list[tuple[str, Any]]) -> None:
    """Every server that described itself told its limits."""
    found = [body for uri, body in recorded if "/api/v2/instance" in uri]
    assert found
    assert all(Instance.of(body, date(2026, 7, 2)).limits.number("text.longest") >= 500 for body in found)
