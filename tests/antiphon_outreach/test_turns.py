"""Nobody is written to by mistake: one at a time, not after a no, and not by a colleague who did not know."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from antiphon.components.ports import Store
from antiphon.errors import GiveUp, Skip
from antiphon.model.effect import Effect
from antiphon.testing.clock import VirtualClock
from antiphon_outreach.moving import Move, by_hand
from antiphon_outreach.stages import NEVER, PIPELINE, STAGES, refusal
from antiphon_outreach.turns import Free, Reserve, reason_against

from .conftest import Desk

MAIL = "ana@example.org"


def letter(run: str = "r1", action: str = "email.send", **more: object) -> Effect:
    """A message to Ana that is about to leave."""
    told = {"key": f"{run}/mail", "workflow": "drip", "step": "mail", "summary": "Write", "recipients": (MAIL,)}
    return Effect.model_validate({**told, "run": run, "action": action, "connection": "post", **more})


def against(desk: Desk, effect: Effect) -> str | None:
    return reason_against(effect, desk.store.records, desk.clock.now())


def test_i4_one_turn(desk: Desk) -> None:
    """I4: of two runs that want to write to somebody, the first has the turn; the other is told whose it is."""
    ana = desk.keep(email=MAIL)

    first = desk.do(Reserve(), "r1", creator=ana)
    second = desk.do(Reserve(), "r2", workflow="other", creator=MAIL)

    assert (True, "", False) == (first["mine"], first["because"], second["mine"])
    assert "was written to by drip on 2026-03-02: nobody else does until 2026-05-31" in second["because"]
    assert desk.do(Reserve(), "r1", creator=ana)["mine"], "asked again, it is still theirs"


def test_i4_at_once(store: Store, clock: VirtualClock, tmp_path: Path) -> None:
    """I4: of twenty workflows that try at the same moment, exactly one has the turn, and one message may leave."""
    desk = Desk(store, clock, tmp_path)
    ana = desk.keep(email=MAIL)
    effects = [desk.plan(Reserve(), f"r{number}", creator=ana) for number in range(20)]

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda effect: desk.perform(Reserve(), effect), effects))

    assert 1 == sum(one["mine"] for one in told)
    assert 1 == sum(against(desk, letter(f"r{number}")) is None for number in range(20))


def test_i4_at_sending(desk: Desk) -> None:
    """I4: a message to whom somebody else is writing does not leave, whichever workflow wrote it; an answer does."""
    ana = desk.keep(email=MAIL)
    desk.do(Reserve(), "r1", creator=ana)

    assert against(desk, letter("r1")) is None
    assert "nobody else does until" in (against(desk, letter("r2")) or "")
    assert "nobody else does until" in (against(desk, letter("r2", action="message.send")) or "")
    assert against(desk, letter("r2", action="email.reply")) is None
    desk.clock.advance(timedelta(days=91))
    assert against(desk, letter("r2")) is None


def test_i4_never(desk: Desk) -> None:
    """I4: who is at do-not-contact is reached by nothing outward, by any of their accounts; what stays inside does."""
    ana, sky = desk.keep(email=MAIL), desk.keep("bluesky:ana.example")
    desk.book.join(ana, sky, desk.clock.now())
    desk.do(Move(), creator=sky, to=NEVER, because="Asked us to stop")

    for effect in (
        letter(),
        letter(action="email.reply"),
        letter(recipients=("@Ana.Example",), action="bluesky.reply"),
    ):
        assert "must not be contacted since 2026-03-02: Asked us to stop" in (against(desk, effect) or "")
    assert against(desk, letter(outward=False)) is None
    assert against(desk, letter(recipients=("ben@example.org",))) is None
    assert not desk.judge(Free(), creator=ana).holds
    assert not desk.do(Reserve(), "r9", creator=ana)["mine"]


@pytest.mark.parametrize("stage", STAGES)
def test_i4_free(desk: Desk, stage: str) -> None:
    """I4: only with whom nobody talks, and who did not refuse, may be written to; the reason says where they stand."""
    ana, now = desk.keep(), desk.clock.now()
    if stage != "prospect":
        desk.book.amend(ana, lambda known: by_hand(known, stage, "nina@desk", "", now), now)

    verdict = desk.judge(Free(), creator=ana)

    assert (stage in ("prospect", "paid")) is verdict.holds
    assert stage in verdict.because or "nina@desk" in verdict.because


def test_i4_linked(desk: Desk) -> None:
    """I4: whose turn it is by one account, it is by the others too, also of those that are linked afterwards."""
    ana = desk.keep()
    desk.clock.sleep(60)
    sky = desk.keep("bluesky:ana.example", email=MAIL)
    desk.do(Reserve(), "r1", creator=sky)
    desk.book.join(ana, sky, desk.clock.now())

    assert not desk.do(Reserve(), "r2", creator=ana)["mine"]
    assert "was written to by drip" in (against(desk, letter("r2")) or "")
    assert against(desk, letter("r1")) is None


def test_i4_by_hand(desk: Desk) -> None:
    """I4: a colleague who wrote by hand, and says so, is not followed by a workflow for 90 days."""
    ana, now = desk.keep(), desk.clock.now()
    desk.book.amend(ana, lambda known: by_hand(known, "contacted", "nina@desk", "At the fair", now), now)

    assert "written to by nina@desk" in desk.do(Reserve(), creator=ana)["because"]


def test_unknown(desk: Desk) -> None:
    """Who is no creator is not free, and has no turn to take."""
    assert "nobody@example.org is not a creator." == desk.judge(Free(), creator="nobody@example.org").because
    with pytest.raises(GiveUp, match="is not a creator"):
        desk.do(Reserve(), creator="nobody@example.org")


@pytest.mark.parametrize("to", STAGES)
@pytest.mark.parametrize("now_at", STAGES)
def test_i5_arrows(now_at: str, to: str) -> None:
    """I5: a workflow moves forwards, or out; back and in only a person moves; nobody moves to where they are."""
    forwards = now_at in PIPELINE and to in PIPELINE and PIPELINE.index(to) > PIPELINE.index(now_at)
    out = to in STAGES[6:] and (now_at in PIPELINE or to == NEVER)

    assert (now_at != to and (forwards or out)) is not bool(refusal(now_at, to, by_hand=False))
    assert (now_at == to) is bool(refusal(now_at, to, by_hand=True))


def test_i5_history(desk: Desk) -> None:
    """I5: every move is kept with when, by whom, from where, to where and why, and is announced once."""
    ana = desk.keep()
    desk.do(Move(), creator=ana, to="contacted", because="First mail")
    desk.clock.advance(timedelta(days=2))
    effect = desk.plan(Move(), "r2", workflow="answers", creator=ana, to="talks", because="Has answered")
    desk.perform(Move(), effect)
    desk.perform(Move(), effect)

    told = [
        (one["at"][:10], one["by"], one["from"], one["to"], one["because"]) for one in desk.book.get(ana)["history"]
    ]
    assert [
        ("2026-03-02", "workflow drip", "prospect", "contacted", "First mail"),
        ("2026-03-04", "workflow answers", "contacted", "talks", "Has answered"),
    ] == told
    events = desk.store.events.list(type="creator.moved")
    assert [("contacted", "talks"), ("prospect", "contacted")] == [(one.data["from"], one.data["to"]) for one in events]
    assert {"mastodon:ana@social.example"} == {one.data["creator"]["id"] for one in events}


def test_i5_not_back(desk: Desk) -> None:
    """I5: a late answer of a workflow moves nobody back, and a stranger nobody at all."""
    ana = desk.keep()
    desk.do(Move(), creator=ana, to="agreed")

    for creator, to in ((ana, "talks"), (ana, "agreed"), ("nobody@example.org", "talks")):
        with pytest.raises(Skip):
            desk.do(Move(), creator=creator, to=to)
    assert 1 == len(desk.book.get(ana)["history"])
