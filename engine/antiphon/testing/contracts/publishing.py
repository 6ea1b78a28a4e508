"""Publishing: once for each key, found again and nothing else, and every end told by its name."""

from __future__ import annotations

from datetime import timedelta

from antiphon.components.rates import LONGEST_PATIENCE
from antiphon.errors import AccessLost
from antiphon.model.effect import AuthDead, Disconnected, Done, RateLimited, Rejected, Unknown
from antiphon.testing.contracts.check import Broken, LeftOut, check, expect, expect_one_of
from antiphon.testing.contracts.composing import HARD_TEXTS
from antiphon.testing.contracts.desk import KEY, OTHER_KEY, TIMEOUT, Desk
from antiphon.testing.sandbox.faults import FaultKind

DONE_UNSEEN = (FaultKind.ACCEPT_THEN_RESET, FaultKind.ACCEPT_THEN_TIMEOUT, FaultKind.TRUNCATED_JSON)
NOT_DONE_UNSEEN = (FaultKind.RESET, FaultKind.SERVER_ERROR, FaultKind.HTML_INSTEAD_OF_JSON, FaultKind.OK_WITH_ERROR)


@check()
def is_there(desk: Desk) -> None:
    """What is published is there once; its receipt has the network's name for it, and the content's fingerprint."""
    outcome = desk.done(desk.compose())
    if not outcome.receipt.remote_id:
        raise Broken("the receipt has no remote_id")
    expect(64, len(outcome.receipt.payload_hash), "digits of the receipt's payload_hash")
    expect(1, len(desk.bench.published()), "posts on the network")


@check()
def hard_texts_arrive(desk: Desk) -> None:
    """Right-to-left, zero-width, joined and marked-up texts arrive as posts, and are found again."""
    for number, (name, text) in enumerate(HARD_TEXTS.items()):
        composed = desk.compose(text)
        key = f"{number:064x}"
        made = desk.done(composed, key).receipt.remote_id
        if desk.idempotency != "none":
            found = desk.look(composed, key)
            expect_one_of(Done, found, f"what was found of a text with {name}")
            expect(made, found.receipt.remote_id if isinstance(found, Done) else "", f"which post has {name}")
    expect(len(HARD_TEXTS), len(desk.bench.published()), "posts on the network")


@check()
def one_key_is_one_post(desk: Desk) -> None:
    """Where the network takes our key, the same key is the same post, and another key is another."""
    if desk.idempotency != "native":
        raise LeftOut(f"idempotency is {desk.idempotency}")
    composed = desk.compose()
    first, again, other = desk.done(composed), desk.done(composed), desk.done(composed, OTHER_KEY)
    expect(first.receipt.remote_id, again.receipt.remote_id, "the post that the same key gave")
    if other.receipt.remote_id == first.receipt.remote_id:
        raise Broken("another key gave the same post")
    expect(2, len(desk.bench.published()), "posts on the network")


@check()
def lost_answers_are_found(desk: Desk) -> None:
    """When it was done and the answer is lost, nobody is told that it was not; a look finds it, where one can look."""
    tried = 0
    for kind in DONE_UNSEEN:
        text, key = f"{desk.bench.text} ({kind.value})", f"{tried:064x}"
        composed = desk.compose(text)
        try:
            desk.bench.fail(kind, seconds=TIMEOUT + 0.5) if kind is FaultKind.ACCEPT_THEN_TIMEOUT else desk.bench.fail(
                kind
            )
        except LeftOut:
            continue
        expect_one_of((Unknown, Done), desk.send(composed, key), f"what is said after {kind.value}")
        tried += 1
        expect(tried, len(desk.bench.published()), f"posts on the network after {kind.value}")
        wanted = Unknown if desk.idempotency == "none" else Done
        expect_one_of(wanted, desk.look(composed, key), f"what a look finds after {kind.value}")
    if not tried:
        raise LeftOut("the bench cannot lose an answer")


@check()
def what_is_not_there_is_not_found(desk: Desk) -> None:
    """When it was not done and the answer does not say so, it is not taken for done, and a look does not find it."""
    tried = 0
    for kind in NOT_DONE_UNSEEN:
        composed = desk.compose(f"{desk.bench.text} ({kind.value})")
        try:
            desk.bench.fail(kind)
        except LeftOut:
            continue
        tried += 1
        outcome = desk.send(composed, f"{tried:064x}")
        expect_one_of((Unknown, Rejected, Disconnected), outcome, f"what is said after {kind.value}")
        expect([], list(desk.bench.published()), f"posts on the network after {kind.value}")
        wanted = Unknown if desk.idempotency == "none" else type(None)
        expect_one_of(wanted, desk.look(composed, f"{tried:064x}"), f"what a look finds after {kind.value}")
    if not tried:
        raise LeftOut("the bench cannot let a request fail")


@check()
def nothing_else_is_found(desk: Desk) -> None:
    """An older post with the same words, a post with other words, and one that another act has made are not it."""
    if desk.idempotency == "none":
        raise LeftOut("nobody can look")
    composed = desk.compose()
    desk.done(composed, OTHER_KEY)
    desk.bench.clock.advance(timedelta(minutes=30))
    desk.done(desk.compose(f"{desk.bench.text} (another)"), f"{1:064x}")

    if desk.bench.dated:
        expect(None, desk.look(composed), "what a look finds of an older twin")

    twin = desk.done(desk.compose(f"{desk.bench.text} (twin)"), OTHER_KEY[::-1])
    taken = twin.receipt.remote_id
    found = desk.look(desk.compose(f"{desk.bench.text} (twin)"), KEY, made=lambda remote_id: remote_id == taken)
    expect(None, found, "what a look finds when the only twin is another act's")


@check()
def refusal(desk: Desk) -> None:
    """What the network refuses is rejected, in its words."""
    try:
        text = desk.bench.refuse()
    except LeftOut:
        desk.bench.fail(FaultKind.SERVER_ERROR, status=422)
        text = desk.bench.text
    outcome = desk.send(desk.compose(text))
    expect_one_of(Rejected, outcome, "what is said after a refusal")
    if isinstance(outcome, Rejected) and not outcome.reason.strip():
        raise Broken("the refusal has no reason")


@check()
def rate_limit(desk: Desk) -> None:
    """A network that asks for patience is given it: until the moment that it names, and not for ever."""
    desk.bench.fail(FaultKind.RATE_LIMITED, retry_after=42)
    now = desk.bench.clock.now()
    outcome = desk.send(desk.compose())
    expect_one_of(RateLimited, outcome, "what is said when the network asks for patience")
    if isinstance(outcome, RateLimited) and not now < outcome.until <= now + LONGEST_PATIENCE:
        raise Broken(f"it is {now}, and the next attempt is at {outcome.until}")
    expect([], list(desk.bench.published()), "posts on the network")


@check()
def dead_credentials(desk: Desk) -> None:
    """Credentials that are worthless are told as such, by an act and by a look: everything waits for a person."""
    composed = desk.compose()
    desk.bench.revoke()
    expect_one_of(AuthDead, desk.send(composed), "what is said with dead credentials")
    if desk.idempotency != "none":
        try:
            found = desk.look(composed)
        except AccessLost as lost:
            if not str(lost).strip():
                raise Broken("the loss of access says nothing") from lost
        else:
            expect_one_of((AuthDead, Unknown), found, "what a look says with dead credentials")


@check()
def network_gone(desk: Desk) -> None:
    """A network that is not there was not told: nothing is in doubt."""
    composed = desk.compose()
    desk.bench.stop()
    expect_one_of(Disconnected, desk.send(composed), "what is said when nobody listens")
