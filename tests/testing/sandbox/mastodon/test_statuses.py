from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Account, Sandbox

STATUSES = "/api/v1/statuses"


def publish(client: httpx.Client, text: str, **more: Any) -> dict[str, Any]:
    answer = client.post(STATUSES, json={"status": text, **more})
    assert answer.status_code == 200, answer.text
    status: dict[str, Any] = answer.json()
    return status


def test_publish_by_form(client: httpx.Client, network: Sandbox) -> None:
    """A form makes a status with all that it says."""
    form = {"status": "Bonjour", "language": "fr", "visibility": "unlisted", "spoiler_text": "greeting"}
    status = client.post(STATUSES, data=form).json()
    (kept,) = network.statuses(by="torrea")
    assert (kept.id, "Bonjour", "fr", "unlisted", "greeting") == (
        status["id"],
        kept.text,
        status["language"],
        status["visibility"],
        status["spoiler_text"],
    )
    assert status["sensitive"] is True


def test_publish_by_json(client: httpx.Client) -> None:
    """JSON makes the same status as a form."""
    assert publish(client, "Bonjour")["content"] == "<p>Bonjour</p>"


def test_text_is_not_shown(client: httpx.Client) -> None:
    """The text as it was written is given by the source alone."""
    status = publish(client, "a & b")
    assert "text" not in status
    assert status["content"] == "<p>a &amp; b</p>"
    assert {"id": status["id"], "text": "a & b", "spoiler_text": ""} == client.get(
        f"{STATUSES}/{status['id']}/source"
    ).json()


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"status": "  "}, "Validation failed: Text can't be blank"),
        ({}, "Validation failed: Text can't be blank"),
        ({"status": "x" * 501}, "Validation failed: Text character limit of 500 exceeded"),
        ({"status": "x" * 499, "spoiler_text": "xx"}, "Validation failed: Text character limit of 500 exceeded"),
        ({"status": "x", "media_ids[]": "7"}, "Media 7 not found or already attached to another post"),
        ({"status": "x", "media_ids[]": ["1", "2", "3", "4", "5"]}, "Cannot attach more than 4 files"),
        ({"status": "x", "visibility": "secret"}, "Validation failed: Visibility 'secret' is not a valid visibility"),
        ({"status": "x", "scheduled_at": "soon"}, "Validation failed: Scheduled at is not a valid date"),
        ({"status": "x", "poll[options][]": "a"}, "The sandbox has no polls and no quotes: leave poll[options] out"),
    ],
)
def test_refused(client: httpx.Client, network: Sandbox, form: dict[str, Any], error: str) -> None:
    """A status that breaks a rule is refused with 422 and leaves nothing behind."""
    answer = client.post(STATUSES, data=form)
    assert (422, {"error": error}) == (answer.status_code, answer.json())
    assert network.statuses() == []


def test_broken_json(client: httpx.Client) -> None:
    """A body that is not JSON is 400."""
    answer = client.post(STATUSES, content="{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, "The request body is not valid JSON")


def test_length_counts_links_as_23(client: httpx.Client) -> None:
    """A link of any length takes 23 characters of the 500."""
    link = "https://example.com/" + "x" * 600
    assert client.post(STATUSES, data={"status": "x" * 476 + " " + link}).status_code == 200
    assert client.post(STATUSES, data={"status": "x" * 477 + " " + link}).status_code == 422


def test_reply(client: httpx.Client, network: Sandbox) -> None:
    """A reply points to its parent and is counted there."""
    parent = network.post("ana", "Is it out yet?")
    reply = publish(client, "@ana Tuesday", in_reply_to_id=parent.id)
    assert (parent.id, parent.account.id) == (reply["in_reply_to_id"], reply["in_reply_to_account_id"])
    assert client.get(f"{STATUSES}/{parent.id}").json()["replies_count"] == 1


def test_reply_to_nothing(client: httpx.Client) -> None:
    """A reply to a status that is not there is 404, as on the real network."""
    answer = client.post(STATUSES, data={"status": "x", "in_reply_to_id": "1"})
    assert answer.status_code == 404
    assert answer.json() == {"error": "The post you are trying to reply to does not appear to exist."}


def test_repeated_key(client: httpx.Client, network: Sandbox) -> None:
    """A repeated key answers with the first status, whatever the text."""
    first, second = (
        client.post(STATUSES, data={"status": text}, headers={"Idempotency-Key": "k"}).json() for text in ("a", "b")
    )
    assert first == second
    assert [status.text for status in network.statuses()] == ["a"]
    assert [request.key for request in network.requests] == ["k", "k"]


def test_key_expires(client: httpx.Client, network: Sandbox, clock: VirtualClock) -> None:
    """A key is kept for an hour of the clock and no longer."""
    for wait in (0, 3599, 1):
        clock.advance(timedelta(seconds=wait))
        client.post(STATUSES, data={"status": f"after {wait}"}, headers={"Idempotency-Key": "k"})
    assert [status.text for status in network.statuses()] == ["after 0", "after 1"]


def test_key_is_per_account(client: httpx.Client, network: Sandbox) -> None:
    """Two accounts may use the same key."""
    other = network.account("other")
    client.post(STATUSES, data={"status": "a"}, headers={"Idempotency-Key": "k"})
    headers = {"Idempotency-Key": "k", "Authorization": f"Bearer {other.token}"}
    client.post(STATUSES, data={"status": "b"}, headers=headers)
    assert [status.text for status in network.statuses()] == ["a", "b"]


def test_key_of_deleted(client: httpx.Client) -> None:
    """A key whose status is gone answers 404 and makes nothing."""
    made = client.post(STATUSES, data={"status": "a"}, headers={"Idempotency-Key": "k"}).json()
    client.delete(f"{STATUSES}/{made['id']}")
    answer = client.post(STATUSES, data={"status": "a"}, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 404


def test_refusal_spends_no_key(client: httpx.Client) -> None:
    """A key of a refused request is free for the next one."""
    assert client.post(STATUSES, data={"status": ""}, headers={"Idempotency-Key": "k"}).status_code == 422
    assert client.post(STATUSES, data={"status": "a"}, headers={"Idempotency-Key": "k"}).status_code == 200


def test_scheduled(client: httpx.Client, network: Sandbox, clock: VirtualClock) -> None:
    """A scheduled status is listed until its time comes on the clock, and is then published."""
    at = clock.now() + timedelta(minutes=5)
    scheduled = client.post(STATUSES, data={"status": "later", "scheduled_at": at.isoformat()}).json()
    assert (scheduled["scheduled_at"], scheduled["params"]["text"]) == ("2026-03-02T09:05:00.000Z", "later")
    assert [scheduled] == client.get("/api/v1/scheduled_statuses").json()
    assert network.statuses() == []
    clock.advance(timedelta(minutes=5))
    assert [status.text for status in network.statuses()] == ["later"]
    assert client.get("/api/v1/scheduled_statuses").json() == []


def test_scheduled_too_soon(client: httpx.Client, clock: VirtualClock) -> None:
    """Less than five minutes ahead is refused."""
    at = clock.now() + timedelta(minutes=4, seconds=59)
    answer = client.post(STATUSES, data={"status": "later", "scheduled_at": at.isoformat()})
    error = "Validation failed: Scheduled at The scheduled date must be in the future"
    assert (422, {"error": error}) == (answer.status_code, answer.json())


def test_scheduled_in_the_past(client: httpx.Client, network: Sandbox, clock: VirtualClock) -> None:
    """A time that has passed publishes at once, as the real network does."""
    at = clock.now() - timedelta(hours=1)
    assert "content" in client.post(STATUSES, data={"status": "late", "scheduled_at": at.isoformat()}).json()
    assert [status.text for status in network.statuses()] == ["late"]


def test_scheduled_cancelled(client: httpx.Client, network: Sandbox, clock: VirtualClock) -> None:
    """A cancelled status is never published."""
    at = clock.now() + timedelta(hours=1)
    made = client.post(STATUSES, data={"status": "later", "scheduled_at": at.isoformat()}).json()
    assert client.delete(f"/api/v1/scheduled_statuses/{made['id']}").status_code == 200
    assert client.get(f"/api/v1/scheduled_statuses/{made['id']}").status_code == 404
    clock.advance(timedelta(hours=2))
    assert network.statuses() == []


def test_edit(client: httpx.Client, clock: VirtualClock) -> None:
    """An edit changes the content, keeps the id and says when."""
    status = publish(client, "Tuseday")
    clock.advance(timedelta(minutes=1))
    edited = client.put(f"{STATUSES}/{status['id']}", data={"status": "Tuesday"}).json()
    assert (status["id"], "<p>Tuesday</p>", "2026-03-02T09:01:00.000Z") == (
        edited["id"],
        edited["content"],
        edited["edited_at"],
    )
    assert client.put(f"{STATUSES}/{status['id']}", data={"status": ""}).status_code == 422


def test_delete(client: httpx.Client, network: Sandbox) -> None:
    """A deleted status gives its source text back and is gone for everybody."""
    status = publish(client, "a & b")
    answer = client.delete(f"{STATUSES}/{status['id']}")
    assert (answer.status_code, answer.json()["text"]) == (200, "a & b")
    assert (
        (gone := client.get(f"{STATUSES}/{status['id']}")).status_code,
        gone.json(),
    ) == (404, {"error": "Record not found"})
    assert network.statuses() == []


def test_delete_takes_along(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """With a status go its reblogs and the notifications about it; replies stay, without a parent."""
    status = publish(client, "hello")
    fan, post = network.account("fan"), network.world.statuses.get(status["id"])
    assert post is not None
    network.world.reblog(fan, post)
    reply = network.post("fan", "@torrea hi", in_reply_to=post)
    client.delete(f"{STATUSES}/{status['id']}")
    assert [reply] == network.statuses()
    assert [notification.kind for notification in brand.notifications] == ["mention"]
    assert client.get(f"{STATUSES}/{reply.id}").json()["in_reply_to_id"] is None


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_others_status(client: httpx.Client, network: Sandbox, method: str) -> None:
    """Somebody else's status is not found for changing."""
    theirs = network.post("ana", "mine")
    assert client.request(method, f"{STATUSES}/{theirs.id}", params={"status": "x"}).status_code == 404
    assert [status.text for status in network.statuses()] == ["mine"]


def test_reblog(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """A reblog is a status of its own around the original; a second one answers with the first."""
    theirs = network.post("ana", "love it")
    first, second = (client.post(f"{STATUSES}/{theirs.id}/reblog").json() for _ in range(2))
    assert first["id"] == second["id"] != theirs.id
    assert (theirs.id, 1, True) == (
        first["reblog"]["id"],
        first["reblog"]["reblogs_count"],
        first["reblog"]["reblogged"],
    )
    assert len(network.statuses(by="torrea")) == 1
    assert [happened.kind for happened in theirs.account.notifications] == ["reblog"]
    again = client.post(f"{STATUSES}/{first['id']}/reblog").json()
    assert first["id"] == again["id"]


def test_unreblog(client: httpx.Client, network: Sandbox) -> None:
    """Taking a reblog back answers with the original, also when there was none."""
    theirs = network.post("ana", "love it")
    client.post(f"{STATUSES}/{theirs.id}/reblog")
    for _ in range(2):
        back = client.post(f"{STATUSES}/{theirs.id}/unreblog").json()
        assert (theirs.id, False, 0) == (back["id"], back["reblogged"], back["reblogs_count"])
    assert network.statuses(by="torrea") == []


def test_reblog_of_direct(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """What was said to few is not reblogged."""
    theirs = network.post("ana", "@torrea between us", visibility="direct")
    answer = client.post(f"{STATUSES}/{theirs.id}/reblog")
    assert (answer.status_code, answer.json()) == (403, {"error": "This action is not allowed"})


def test_favourite(client: httpx.Client, network: Sandbox) -> None:
    """A favourite counts once, notifies once, and can be taken back."""
    theirs = network.post("ana", "love it")
    for _ in range(2):
        marked = client.post(f"{STATUSES}/{theirs.id}/favourite").json()
        assert (marked["favourited"], marked["favourites_count"]) == (True, 1)
    assert [happened.kind for happened in theirs.account.notifications] == ["favourite"]
    back = client.post(f"{STATUSES}/{theirs.id}/unfavourite").json()
    assert (back["favourited"], back["favourites_count"]) == (False, 0)


def test_context(client: httpx.Client, network: Sandbox) -> None:
    """The context has the line of parents from the top, and each reply followed by its own."""
    root = network.post("ana", "root")
    one = network.post("bob", "one", in_reply_to=root)
    two = network.post("cem", "two", in_reply_to=root)
    under_one = network.post("dan", "under one", in_reply_to=one)
    context = client.get(f"{STATUSES}/{root.id}/context").json()
    assert [one.id, under_one.id, two.id] == [status["id"] for status in context["descendants"]]
    context = client.get(f"{STATUSES}/{under_one.id}/context").json()
    assert [root.id, one.id] == [status["id"] for status in context["ancestors"]]


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        ("public", {"anybody", "follower", "mentioned", "stranger"}),
        ("unlisted", {"anybody", "follower", "mentioned", "stranger"}),
        ("private", {"follower", "mentioned"}),
        ("direct", {"mentioned"}),
    ],
)
def test_visibility(network: Sandbox, visitor: httpx.Client, visibility: str, seen_by: set[str]) -> None:
    """Each visibility is seen by those for whom it is meant; for others there is no such status."""
    for name in ("follower", "mentioned", "stranger"):
        network.account(name)
    network.account("ana", followers=["follower"])
    status = network.post("ana", "hello @mentioned", visibility=visibility)
    readers: dict[str, dict[str, str]] = {
        "anybody": {},
        **{
            name: {"Authorization": f"Bearer {network.account(name).token}"}
            for name in ("follower", "mentioned", "stranger")
        },
    }
    answers = {
        name: visitor.get(f"{STATUSES}/{status.id}", headers=headers).status_code for name, headers in readers.items()
    }
    assert {name: 200 if name in seen_by else 404 for name in readers} == answers
