from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from antiphon import AccessLost, GiveUp, RetryLater
from antiphon.model.effect import AuthDead, Disconnected, Done, Effect, RateLimited, Rejected, Unknown
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon_networks.mastodon.publishing import Post, Reply

if TYPE_CHECKING:
    from tests.antiphon_networks.conftest import Desk

POST = "POST /api/v1/statuses"


def failing(desk: Desk, kind: FaultKind, **how: Any) -> Effect:
    desk.network.faults.add(Fault(POST, kind, **how))
    return desk.plan(Post, text="Bonjour ☕")


def test_plan(desk: Desk) -> None:
    """A plan is the exact content, and nothing is sent."""
    effect = desk.plan(Post, text="  Bonjour  ", language="fr", spoiler_text="Coffee", sensitive=True)
    assert effect.payload == {
        "status": "Bonjour",
        "visibility": "public",
        "language": "fr",
        "spoiler_text": "Coffee",
        "sensitive": True,
    }
    assert (effect.idempotency, effect.reversible, effect.connection) == ("native", True, "brand")
    assert [request.method for request in desk.network.requests] == ["GET"]


def test_plan_is_repeatable(desk: Desk) -> None:
    """The same options in the same run give the same effect."""
    assert desk.plan(Post, text="Bonjour") == desk.plan(Post, text="Bonjour")


def test_limit_is_asked_once(desk: Desk) -> None:
    """The server's limits are asked for once in some hours."""
    for _ in range(3):
        desk.plan(Post, text="Bonjour")
    assert len(desk.network.requests) == 1
    desk.clock.advance(timedelta(hours=7))
    desk.plan(Post, text="Bonjour")
    assert len(desk.network.requests) == 2


def test_longest(desk: Desk) -> None:
    """A text as long as the server takes is planned, and the server takes it."""
    effect = desk.plan(Post, text=f"{'é' * 471} https://example.org/{'x' * 300} @ana@far.example")
    assert isinstance(desk.perform(Post, effect), Done)


def test_too_long(desk: Desk) -> None:
    """A text that is one character longer is refused in the plan, with the count and the limit."""
    with pytest.raises(GiveUp, match=r"501 characters as Mastodon counts them.*sandbox.example takes 500.*by 1"):
        desk.plan(Post, text="x" * 501)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_empty(desk: Desk, text: str) -> None:
    """An empty text is refused in the plan."""
    with pytest.raises(GiveUp, match="nothing to post"):
        desk.plan(Post, text=text)


def test_done(desk: Desk) -> None:
    """A post is done once it stands there; the receipt tells where, what it was, and how much room is left."""
    effect = desk.plan(Post, text="Bonjour & <b>bienvenue</b>", language="fr", visibility="unlisted")
    outcome = desk.perform(Post, effect)
    assert isinstance(outcome, Done)
    (status,) = desk.network.statuses(by="torrea")
    receipt = outcome.receipt
    assert (receipt.remote_id, receipt.url, receipt.at) == (status.id, status.url, desk.clock.now())
    assert (status.text, status.language, status.visibility) == ("Bonjour & <b>bienvenue</b>", "fr", "unlisted")
    assert (len(receipt.payload_hash), receipt.rate["limit"]) == (64, "300")


def test_twice(desk: Desk) -> None:
    """One effect sent twice within the hour is one status."""
    effect = desk.plan(Post, text="Bonjour")
    first, second = desk.perform(Post, effect), desk.perform(Post, effect)
    assert first.receipt.remote_id == second.receipt.remote_id
    assert desk.published() == ["Bonjour"]


def test_two_effects(desk: Desk) -> None:
    """Two effects with the same words are two statuses."""
    for event in ("e-1", "e-2"):
        desk.here = replace(desk.here, event=event)
        desk.perform(Post, desk.plan(Post, text="Merci !"))
    assert desk.published() == ["Merci !", "Merci !"]


DONE_UNSEEN: list[tuple[FaultKind, dict[str, Any]]] = [
    (FaultKind.ACCEPT_THEN_RESET, {}),
    (FaultKind.TRUNCATED_JSON, {}),
]
NOT_DONE_UNSEEN: list[tuple[FaultKind, dict[str, Any]]] = [
    (FaultKind.OK_WITH_ERROR, {}),
    (FaultKind.HTML_INSTEAD_OF_JSON, {}),
    (FaultKind.RESET, {}),
    *((FaultKind.SERVER_ERROR, {"status": status}) for status in (500, 502, 503)),
]


@pytest.mark.parametrize(("kind", "how"), DONE_UNSEEN)
def test_done_unseen(desk: Desk, kind: FaultKind, how: dict[str, Any]) -> None:
    """When it was done and the answer is lost, it is unknown, and a look finds it."""
    effect = failing(desk, kind, **how)
    assert isinstance(desk.perform(Post, effect), Unknown)
    found = desk.reconcile(Post, effect)
    assert isinstance(found, Done)
    assert found.receipt.remote_id == desk.network.statuses(by="torrea")[0].id


@pytest.mark.parametrize(("kind", "how"), NOT_DONE_UNSEEN)
def test_not_done_unseen(desk: Desk, kind: FaultKind, how: dict[str, Any]) -> None:
    """When it was not done and the answer does not say so, it is unknown, and a look proves it absent."""
    effect = failing(desk, kind, **how)
    assert isinstance(desk.perform(Post, effect), Unknown)
    assert desk.reconcile(Post, effect) is None
    assert desk.published() == []


def test_timeout(desk: Desk) -> None:
    """A network that does it and never answers leaves it unknown, and a look finds it."""
    effect = failing(desk, FaultKind.ACCEPT_THEN_TIMEOUT, seconds=5.0)
    desk.http = replace(desk.http, timeout=0.5)
    desk.connect(desk.account.token)
    assert isinstance(desk.perform(Post, effect), Unknown)
    assert isinstance(desk.reconcile(Post, effect), Done)


@pytest.mark.parametrize(("kind", "how"), [*DONE_UNSEEN, *NOT_DONE_UNSEEN])
def test_sent_again(desk: Desk, kind: FaultKind, how: dict[str, Any]) -> None:
    """Whatever was lost, sending the same effect again within the hour leaves one status."""
    effect = failing(desk, kind, **how)
    desk.perform(Post, effect)
    assert isinstance(desk.perform(Post, effect), Done)
    assert desk.published() == ["Bonjour ☕"]


def test_slow(desk: Desk) -> None:
    """A slow answer is an answer."""
    assert isinstance(desk.perform(Post, failing(desk, FaultKind.SLOW, seconds=0.3)), Done)


def test_network_lies(desk: Desk) -> None:
    """A network that does it and says 400 is believed: rejected, with its words, for a person to see."""
    outcome = desk.perform(Post, failing(desk, FaultKind.CREATED_BUT_400))
    assert isinstance(outcome, Rejected)


def test_refused(desk: Desk) -> None:
    """A refusal by the network's rules is told in its words."""
    outcome = desk.perform(Post, desk.plan(Post, text="Bonjour", in_reply_to="999"))
    assert isinstance(outcome, Rejected)
    assert outcome.reason.startswith("127.0.0.1 said no (4")


def test_rate_limited(desk: Desk) -> None:
    """A rate limit tells when to come back."""
    outcome = desk.perform(Post, failing(desk, FaultKind.RATE_LIMITED, retry_after=42))
    assert outcome == RateLimited(until=desk.clock.now() + timedelta(seconds=42))


def test_rate_limit_of_mastodon(desk: Desk) -> None:
    """Without Retry-After, as Mastodon does it, the reset header tells."""
    outcome = desk.perform(Post, failing(desk, FaultKind.RATE_LIMITED))
    assert isinstance(outcome, RateLimited)
    assert timedelta(0) < outcome.until - desk.clock.now() <= timedelta(minutes=5)


def test_revoked(desk: Desk) -> None:
    """A token that is revoked at that moment is dead."""
    outcome = desk.perform(Post, failing(desk, FaultKind.TOKEN_REVOKED))
    assert outcome == AuthDead("127.0.0.1 does not accept the credentials: The access token is invalid")


def test_scope(desk: Desk) -> None:
    """A token that may only read is refused."""
    desk.connect(desk.network.account("torrea", scopes=["read"], token="r-1").token)
    assert isinstance(desk.perform(Post, desk.plan(Post, text="Bonjour")), Rejected)


def test_network_gone(desk: Desk) -> None:
    """A network that is not there was not told."""
    effect = desk.plan(Post, text="Bonjour")
    desk.network.stop()
    assert isinstance(desk.perform(Post, effect), Disconnected)


def test_cannot_look(desk: Desk) -> None:
    """A network that cannot be asked now, or does not let us in any more, has told nothing: the question stays."""
    effect = desk.plan(Post, text="Bonjour")
    desk.network.revoke(desk.account.token or "")
    with pytest.raises(AccessLost):
        desk.reconcile(Post, effect)
    desk.network.stop()
    with pytest.raises(RetryLater):
        desk.reconcile(Post, effect)


def test_older_twin(desk: Desk) -> None:
    """A status with the same words from well before the effect was claimed is not taken for it."""
    desk.network.post("torrea", "Bonjour", at=desk.clock.now() - timedelta(minutes=6))
    effect = desk.plan(Post, text="Bonjour")
    assert desk.reconcile(Post, effect) is None
    desk.perform(Post, effect)
    assert isinstance(desk.reconcile(Post, effect), Done)


def test_twin_of_another_effect(desk: Desk) -> None:
    """A status that another effect has in its receipt is that one's, whatever it says."""
    effect = desk.plan(Post, text="Bonjour")
    desk.perform(Post, effect)
    assert isinstance(Post().reconcile(effect, replace(desk.performing, made=lambda remote_id: False)), Done)
    assert Post().reconcile(effect, replace(desk.performing, made=lambda remote_id: True)) is None


def test_look_through_many(desk: Desk) -> None:
    """A status is found under a hundred newer ones."""
    effect = desk.plan(Post, text=f"Salut @ana@far.example https://example.org/{'x' * 60}\n\nbis  bald")
    desk.perform(Post, effect)
    for number in range(100):
        desk.network.post("torrea", f"{number}")
    assert isinstance(desk.reconcile(Post, effect), Done)


def test_too_many_to_look_through(desk: Desk) -> None:
    """When too much was posted since to look through, it stays unknown."""
    effect = desk.plan(Post, text="Bonjour")
    for number in range(450):
        desk.network.post("torrea", f"{number}")
    assert isinstance(desk.reconcile(Post, effect), Unknown)


def test_same_words_elsewhere(desk: Desk) -> None:
    """The same words in answer to something else are another status."""
    one, other = desk.network.post("ana", "un"), desk.network.post("ana", "deux")
    desk.perform(Reply, desk.plan(Reply, to=one.id, text="Merci"))
    desk.here = replace(desk.here, step="other")
    assert desk.reconcile(Reply, desk.plan(Reply, to=other.id, text="Merci")) is None


def test_reply(desk: Desk) -> None:
    """A reply stands below the original, mentions its author, and is as public as it is."""
    original = desk.network.post("ana@far.example", "@torrea bonjour", visibility="unlisted")
    assert isinstance(desk.perform(Reply, desk.plan(Reply, to=original.id, text="Merci")), Done)
    (reply,) = desk.network.statuses(by="torrea")
    assert (reply.text, reply.in_reply_to, reply.visibility) == ("@ana@far.example Merci", original, "unlisted")


def test_reply_to_event(desk: Desk) -> None:
    """An event tells all that a reply needs; the network is not asked again."""
    original = desk.network.post("ana", "@torrea bonjour")
    asked = len(desk.network.requests)
    event = {
        "network": "mastodon",
        "id": original.id,
        "author": {"handle": "ana@sandbox.example"},
        "visibility": "direct",
    }
    effect = desk.plan(Reply, to=event, text="Merci")
    assert effect.payload == {
        "status": "@ana@sandbox.example Merci",
        "visibility": "direct",
        "in_reply_to_id": original.id,
    }
    asked_for = [request.path for request in desk.network.requests[asked:]]
    assert set(asked_for) == {"/api/v2/instance", "/api/v1/accounts/verify_credentials"}


@pytest.mark.parametrize("text", ["Merci @ana !", "@Ana@sandbox.example merci"])
def test_no_second_mention(desk: Desk, text: str) -> None:
    """An author that the text mentions already is not mentioned twice."""
    original = desk.network.post("ana", "bonjour")
    assert desk.plan(Reply, to=original.id, text=text).payload["status"] == text


def test_other_mention(desk: Desk) -> None:
    """A mention of somebody whose name only begins alike is not a mention of the author."""
    original = desk.network.post("ana", "bonjour")
    assert desk.plan(Reply, to=original.id, text="@anabel salut").payload["status"].startswith("@ana@sandbox.example ")


def test_thread(desk: Desk) -> None:
    """A reply to ourselves mentions nobody."""
    own = desk.network.post("torrea", "1/2")
    assert desk.plan(Reply, to=own.id, text="2/2").payload["status"] == "2/2"


def test_mention_counts(desk: Desk) -> None:
    """The mention that a reply begins with counts too."""
    original = desk.network.post("ana", "bonjour")
    desk.plan(Reply, to=original.id, text="x" * 495)
    with pytest.raises(GiveUp, match="501 characters"):
        desk.plan(Reply, to=original.id, text="x" * 496)


def test_reply_to_nothing(desk: Desk) -> None:
    """A reply to what is not there is refused in the plan."""
    with pytest.raises(GiveUp, match="has no post 404"):
        desk.plan(Reply, to="404", text="Merci")


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"network": "feed", "id": "1"}, "one on feed"),
        ({"title": "x"}, "one on no network"),
        ({"network": "mastodon", "id": "1", "server": "else.example"}, "has its id on else.example"),
    ],
)
def test_reply_to_wrong_event(desk: Desk, event: dict[str, Any], sentence: str) -> None:
    """An event from elsewhere is refused in the plan."""
    with pytest.raises(GiveUp, match=sentence):
        desk.plan(Reply, to=event, text="Merci")
