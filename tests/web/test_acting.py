"""What a person can do on the pages: decide, stop, settle, and pull the brake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from antiphon.app import Antiphon
from antiphon.model.approval import Approval, ApprovalState
from antiphon.model.effect import EffectState, LedgerEntry
from antiphon.testing.clock import VirtualClock

from .conftest import HERE, press
from .full import TOOTHPASTE

ESCAPED = "&lt;script&gt;alert(&#39;so&#39;)&lt;/script&gt;"


@pytest.fixture
def approval(full: Antiphon) -> Approval:
    """What is asked."""
    [found] = full.store.approvals.list(state=ApprovalState.PENDING)
    return found


@pytest.fixture
def doubtful(full: Antiphon) -> LedgerEntry:
    """What is in doubt."""
    [found] = full.store.ledger.list(state=EffectState.UNKNOWN)
    return found


def decide(client: TestClient, approval: Approval, decision: str, **more: str) -> Any:
    at = f"/approvals/{approval.id}"
    return press(
        client, at, **{"decision": decision, "hash": approval.current_hash, "as": "ana", "comment": "", **more}
    )


def test_exact(desk: TestClient, approval: Approval) -> None:
    """The page of a question shows the exact content with its hash and pictures, who decides, and until when."""
    page = desk.get(f"/approvals/{approval.id}").text

    assert '<p class="said">The winter roast is here.\n\nBonjour' in page
    for told in (ESCAPED, approval.hash, "brand (ana, ben), 0 of 1", "4 March 2026, 10:00:00", "in 2 d"):
        assert told in page
    assert '<img src="/media?file=images/roast.png" alt="" width="8" height="6">' in page
    assert "<option selected>ana</option>" in page
    assert "<script" not in page


def test_picture(desk: TestClient) -> None:
    """A picture of the workspace is shown as one; nothing else of the workspace is, nor of what lies around it."""
    picture = desk.get("/media?file=images/roast.png")

    assert (200, "image/png") == (picture.status_code, picture.headers["content-type"])
    for other in ("antiphon.toml", ".antiphon/key", "../x.png", "/etc/passwd", "", "images/none.png", "\0"):
        assert 404 == desk.get("/media", params={"file": other}).status_code


def test_approve(desk: TestClient, full: Antiphon, approval: Approval) -> None:
    """Approved here is approved, with a comment, in the name of who says so and by the one who has signed in."""
    page = decide(desk, approval, "approve", comment="Très bien <b>")

    assert (200, f"/approvals/{approval.id}") == (page.status_code, page.url.path)
    assert "ana has approved" in page.text
    assert "Très bien &lt;b&gt;" in page.text
    assert ApprovalState.APPROVED == full.deciding.find(approval.id).state
    assert "ana by the page, signed in as ana" == full.store.audit.list(what="approvals approve")[0].who
    assert "done" == full.activate("launch").runs[0].state


def test_reject(desk: TestClient, full: Antiphon, approval: Approval) -> None:
    """Rejected here is rejected, and the run ends without it."""
    decide(desk, approval, "reject", comment="not yet")

    assert ApprovalState.REJECTED == full.deciding.find(approval.id).state
    assert "stopped" == full.activate("launch").runs[0].state


def test_edit(desk: TestClient, full: Antiphon, approval: Approval) -> None:
    """What is changed first goes out as it was changed; how a browser ends lines changes nothing."""
    decide(desk, approval, "edit", **{"text:text": "Calmer.\r\nShorter.", "text:picture": "images/roast.png"})
    after = full.deciding.find(approval.id)

    assert {"text": "Calmer.\nShorter.", "picture": "images/roast.png"} == after.current
    assert ApprovalState.APPROVED == after.state


def test_edit_nothing(desk: TestClient, full: Antiphon, approval: Approval) -> None:
    """Who changes nothing approves what was shown."""
    text = f"The winter roast is here.\r\n\r\n{TOOTHPASTE}"
    decide(desk, approval, "edit", **{"text:text": text, "text:picture": "images/roast.png"})

    assert "" == full.deciding.find(approval.id).edited_hash


def test_twice(desk: TestClient, approval: Approval) -> None:
    """Whoever comes second is told kindly, and sees what was decided."""
    desk.get(f"/approvals/{approval.id}")
    word = desk.get("/").text.split('name="form" value="')[1].partition('"')[0]
    decide(desk, approval, "reject")
    fields = {"form": word, "decision": "approve", "hash": approval.hash, "as": "ben"}
    again = desk.post(f"/approvals/{approval.id}", data=fields, headers={"Origin": HERE})

    assert 409 == again.status_code
    assert "Somebody has decided meanwhile." in again.text
    assert "rejected by ana" in again.text


def test_late(desk: TestClient, full: Antiphon, clock: VirtualClock, approval: Approval) -> None:
    """Past the due time the page has no form, and a word is refused kindly."""
    clock.advance(timedelta(days=2))
    page = decide(desk, approval, "approve")

    assert 409 == page.status_code
    assert "It is too late" in page.text
    assert "<textarea" not in page.text
    assert () == full.deciding.find(approval.id).decisions


def test_changed(desk: TestClient, approval: Approval) -> None:
    """A word on another content than is asked about does not count."""
    page = decide(desk, approval, "approve", hash="0" * 64)

    assert 409 == page.status_code
    assert "The content has changed since you looked." in page.text


def test_long(desk: TestClient, full: Antiphon, approval: Approval) -> None:
    """What could not be taken is on the page again, and nothing of it is lost."""
    page = decide(desk, approval, "edit", comment="x" * 4001, **{"text:text": "Calmer & shorter"})

    assert 400 == page.status_code
    assert "at most 4000 characters" in page.text
    assert "x" * 4001 in page.text
    assert "Calmer &amp; shorter</textarea>" in page.text
    assert () == full.deciding.find(approval.id).decisions


def test_stop(desk: TestClient, full: Antiphon, clock: VirtualClock) -> None:
    """What goes out unless it is stopped is stopped; once it is too late, that is told."""
    [window] = full.deciding.stoppable()
    assert "We close early today" in desk.get("/approvals").text

    page = press(desk, "/approvals", key=window.effect.key, comment="We do not")
    after = full.store.ledger.get(window.effect.key)

    assert after is not None
    assert (200, EffectState.VETOED, "stopped by ana: We do not") == (page.status_code, after.state, after.reason)
    assert "ana by the page" == full.store.audit.list(what="approvals veto")[0].who
    word = desk.get("/").text.split('name="form" value="')[1].partition('"')[0]
    late = desk.post("/approvals", data={"form": word, "key": window.effect.key}, headers={"Origin": HERE})
    assert 409 == late.status_code
    assert "too late to stop" in late.text


@pytest.mark.parametrize("who", ["", "eve", "dora"])
def test_others(desk: TestClient, full: Antiphon, approval: Approval, who: str) -> None:
    """Who is not of the group may not decide."""
    assert 409 == decide(desk, approval, "approve", **{"as": who}).status_code
    assert () == full.deciding.find(approval.id).decisions


@pytest.mark.parametrize("decision", ["", "maybe"])
def test_no_word(desk: TestClient, approval: Approval, decision: str) -> None:
    """What the form does not have is no word."""
    assert 400 == decide(desk, approval, decision).status_code


def test_no_question(desk: TestClient) -> None:
    """A question that there is not is not there."""
    assert 404 == desk.get("/approvals/zz").status_code


@pytest.mark.parametrize(("answer", "state"), [("done", "done"), ("not-sent", "planned"), ("reject", "rejected")])
def test_settle(desk: TestClient, full: Antiphon, doubtful: LedgerEntry, answer: str, state: str) -> None:
    """What a person has found at the network settles what was in doubt; its run may go on."""
    url = "https://social.example/@torrea/9" if answer == "done" else ""
    page = press(desk, "/parked", key=doubtful.effect.key, state="unknown", answer=answer, url=url)
    after = full.store.ledger.get(doubtful.effect.key)

    assert after is not None
    assert (200, state) == (page.status_code, after.state)
    assert f"/runs/{doubtful.effect.run}" == page.url.path
    assert "ana by the page" == full.store.audit.list(what="effects resolve")[0].who
    assert doubtful.effect.run in {run.id for run in full.store.runs.unfinished("crosspost")}
    if url:
        assert after.receipt is not None
        assert url == after.receipt.url


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"answer": "maybe"}, 400),
        ({"key": "none"}, 400),
        ({"url": "javascript:alert(1)"}, 400),
        ({"state": "parked"}, 409),
    ],
)
def test_settle_wrongly(
    desk: TestClient, full: Antiphon, doubtful: LedgerEntry, change: dict[str, str], status: int
) -> None:
    """What is no answer, or an answer to what has moved on since, settles nothing."""
    fields = {"key": doubtful.effect.key, "state": "unknown", "answer": "done", "url": "", **change}

    assert status == press(desk, "/parked", **fields).status_code
    assert doubtful == full.store.ledger.get(doubtful.effect.key)


def test_brake(desk: TestClient, full: Antiphon) -> None:
    """The brake is pulled and lifted after a page that asks, with a reason and who it was."""
    asked = desk.get("/brake/account:brand").text
    press(desk, "/brake/account:brand", brake="on", reason="a <b>storm</b>")
    [stands] = full.store.brakes.standing()

    assert "Put the brake on?" in asked
    assert ("account:brand", "a <b>storm</b>", "ana by the page") == (stands.scope, stands.reason, stands.by)
    assert "a &lt;b&gt;storm&lt;/b&gt;" in desk.get("/").text
    press(desk, "/brake/account:brand", brake="off")
    assert [] == list(full.store.brakes.standing())
    assert ["brake off", "brake on"] == [one.what for one in full.store.audit.list() if one.what.startswith("brake")]


@pytest.mark.parametrize("scope", ["everything", "account:none", "workflow:none", "account"])
def test_no_brake(desk: TestClient, scope: str) -> None:
    """There is no brake where nothing could be held."""
    assert 404 == desk.get(f"/brake/{scope}").status_code
