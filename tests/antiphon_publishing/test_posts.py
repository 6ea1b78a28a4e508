"""One post for many networks: each in its own words, checked before any call, and none in another's way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon.model.effect import EffectState
from antiphon.model.run import RunState
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Fault, FaultKind

from .conftest import Studio

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
BAG = {"file": "bag.png", "alt": "A bag of coffee on a table"}


def post(to: dict[str, Any], text: str = "The new roast is here", **options: Any) -> dict[str, Any]:
    return {"id": "launch", "post": {"text": text, **options, "to": to}}


def states(studio: Studio) -> dict[str, EffectState]:
    """What became of each effect, by its step."""
    return {one.effect.step: one.state for one in studio.app.store.ledger.list()}


@pytest.fixture
def bag(studio: Studio) -> Studio:
    """A studio with an image."""
    (studio.folder / "bag.png").write_bytes(PNG)
    return studio


def test_p1_one_post_many_networks(bag: Studio) -> None:
    """P1: one post goes to two networks with text, media and options of its own, each with its own receipt."""
    to = {"brand": {"use": "mastodon.post", "visibility": "unlisted"}, "sky": {"text": "New roast", "media": []}}
    bag.write(post(to, media=[BAG], language="en"))

    run = bag.say()

    assert (["The new roast is here"], ["New roast"]) == (bag.texts(bag.brand), bag.texts(bag.sky))
    [status] = bag.network.statuses(by="torrea")
    assert ("unlisted", "en", 1) == (status.visibility.value, status.language, len(status.media))
    urls = {bag.result(run, f"launch/launch_{name}")["url"] for name in to}
    assert (2, {"failed": []}) == (len(urls - {""}), bag.result(run, "launch"))


def test_p1_dropped(studio: Studio) -> None:
    """P1: an account that is dropped leaves the others as they are: the same steps, effects and words."""
    studio.write(post({"brand": None, "sky": None}))
    both = {entry.effect.step: entry.effect for entry in studio.app.plan("launch").entries}
    studio.write(post({"sky": None}))
    [left] = [entry.effect for entry in studio.app.plan("launch").entries]

    wanted = both["launch/launch_sky"]
    assert (wanted.step, wanted.payload, wanted.summary) == (left.step, left.payload, left.summary)


def test_p1_refused(studio: Studio, clock: VirtualClock) -> None:
    """P1: a network that refuses stops no other; the run has failed, and goes on with that one alone."""
    studio.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ECHO, status=422, times=1))
    studio.write(post({"brand": None, "sky": None}))

    run = studio.say()

    assert (RunState.FAILED, [], ["The new roast is here"]) == (
        run.state,
        studio.texts(studio.brand),
        studio.texts(studio.sky),
    )
    studio.app.resume(run.id, retry_rejected=True)
    assert (["The new roast is here"],) * 2 == (studio.texts(studio.brand), studio.texts(studio.sky))
    assert RunState.DONE == studio.run(run.id).state


def test_p1_held(studio: Studio, clock: VirtualClock) -> None:
    """P1: a network that is not there is waited for, and the other is not posted to again."""
    studio.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.RATE_LIMITED, retry_after=60, times=1))
    studio.write(post({"brand": None, "sky": None}))

    run = studio.say()
    assert (RunState.HELD, ["The new roast is here"]) == (run.state, studio.texts(studio.sky))

    clock.advance(timedelta(minutes=5))
    studio.app.activate("launch")
    assert (RunState.DONE, 1, 1) == (
        studio.run(run.id).state,
        len(studio.texts(studio.brand)),
        len(studio.texts(studio.sky)),
    )


LENGTHS = (
    ("☕" * 301, "", "The text has 301 graphemes; Bluesky takes 300."),
    (
        "x" * 501,
        "The text has 501 characters as Mastodon counts them",
        "The text has 501 graphemes; Bluesky takes 300.",
    ),
    ("👨‍👩‍👧‍👦" * 300, "", "7,500"),
    ("", "nothing", "nothing"),
    ("مرحبا بالعالم ‮", "", ""),
    ("<script>alert(1)</script>\r\nBcc: x", "", ""),
    (
        "y" * 100_000,
        "The text has 100,000 characters as Mastodon counts them",
        "The text has 100,000 graphemes; Bluesky takes 300.",
    ),
)
"""Texts, and what each network says of them before any call; nothing where it takes them."""


def test_p2_length(studio: Studio) -> None:
    """P2: each network counts by its own rule before any call, and says rule, count and limit."""
    studio.write(post({"brand": None, "sky": None}, text="${{ event.text }}", fail="continue"))

    for n, (text, *expected) in enumerate(LENGTHS):
        before = {name: len(studio.texts(getattr(studio, name))) for name in ("brand", "sky")}
        run = studio.say(f"e{n}", text=text)
        failed = {one.partition(": ")[0]: one for one in studio.result(run, "launch")["failed"]}
        for name, told in zip(before, expected, strict=True):
            found = failed.get(f"launch/launch_{name}", "")
            assert bool(told) == bool(found)
            assert told.lower() in found.lower()
            assert (before[name] + (not told)) == len(studio.texts(getattr(studio, name)))


@pytest.mark.parametrize(
    ("media", "told"),
    [
        ([BAG] * 5, "There are 5 "),
        ([{"file": "gone.png", "alt": "x"}], "The file gone.png cannot be read"),
        ([{"file": "../outside.png", "alt": "x"}], "is not a file of the workspace"),
        ([{"file": "empty.png", "alt": "x"}], "The file empty.png is empty"),
        ([{"file": "page.html", "alt": "x"}], "page.html"),
    ],
)
def test_p3_media(bag: Studio, media: list[dict[str, str]], told: str) -> None:
    """P3: media are looked at before any call: how many, which, and what is in them."""
    (bag.folder / "empty.png").write_bytes(b"")
    (bag.folder / "page.html").write_text("<script>alert(1)</script>")
    bag.write(post({"brand": None, "sky": {"media": []}}, media=media))

    run = bag.say()

    assert (RunState.FAILED, [], 1) == (run.state, bag.texts(bag.brand), len(bag.texts(bag.sky)))
    assert told in run.because


def test_p4_first_comment(studio: Studio, clock: VirtualClock) -> None:
    """P4: a thread's first comment comes after a delay, below its post; a part that fails says what is live."""
    comment = {
        "id": "comment",
        "use": "post.reply",
        "with": {"connection": "brand", "to": "${{ steps.launch_brand.remote_id }}", "text": "${{ event.comment }}"},
    }
    studio.write(post({"brand": None, "sky": {"use": "post.thread"}}), {"wait": "2m"}, comment)
    run = studio.say(comment="Torréa, rue des Martyrs")
    assert (RunState.HELD, 1) == (run.state, len(studio.texts(studio.brand)))
    studio.say("e2", comment="x" * 600)

    clock.advance(timedelta(minutes=2))
    studio.app.activate("launch")

    live = studio.network.statuses(by="torrea")
    assert "Torréa, rue des Martyrs" in live[-1].text
    assert live[0] is live[-1].in_reply_to
    [failed] = [one for one in studio.app.store.runs.list() if one.state is RunState.FAILED]
    assert failed.because.startswith("comment: The text has ")
    assert studio.result(failed, "launch/launch_brand")["url"]


def test_p4_thread(studio: Studio) -> None:
    """P4: when a part of a thread is refused, the rest is not published, and the first parts are told as live."""
    studio.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ECHO, status=422, times=1, after=1))
    studio.write(post({"brand": {"use": "post.thread"}}, text="${{ event.text }}"))

    run = studio.say(text="Coffee is good. " * 80)

    assert (RunState.FAILED, 1) == (run.state, len(studio.texts(studio.brand)))
    assert "1 of 3 parts are published, and the next was refused" in run.because


@pytest.mark.parametrize(("alt", "refused"), [("", True), (" \n", True), ("A bag", False), ("☕", False)])
def test_p10_alt_text(bag: Studio, alt: str, refused: bool) -> None:
    """P10: policy wants an alt text of every image, says so in the plan, and each network is sent it."""
    bag.settle("[policy]\nalt_text = true\n")
    bag.write(post({"brand": None, "sky": None}, media=[{**BAG, "alt": alt}]))
    foretold = {entry.effect.step: entry.reason for entry in bag.app.plan("launch").entries}

    bag.say()

    reason = "alt text: bag.png has no alt text, and the workspace wants one"
    assert {"launch/launch_brand", "launch/launch_sky"} == set(foretold)
    assert refused == all(reason in told for told in foretold.values())
    assert {EffectState.VETOED if refused else EffectState.DONE} == set(states(bag).values())
    if not refused:
        [status] = bag.network.statuses(by="torrea")
        [sky] = bag.network.statuses(by="torrea_sky")
        assert [alt, alt] == [status.media[0].description, sky.media[0].description]


def test_p16_near_identical(studio: Studio, clock: VirtualClock) -> None:
    """P16: what is queued for an account twice within a window is refused the second time, with the similarity."""
    studio.settle('[policy.near_duplicates]\nwithin = "3d"\nsimilarity = 0.9\n')
    slot = {"id": "slot", "use": "queue.slot", "with": {"queue": "brand"}}
    wait = {"wait": {"until": "${{ steps.slot.at }}"}}
    studio.write(slot, wait, post({"brand": None}, text="${{ event.text }}"))
    words = "Our new roast from Huehuetenango is here and it tastes of plums and of honey"
    studio.say("e1", text=words)
    studio.say("e2", text=f"{words.upper()}!!! ☕")

    clock.advance(timedelta(days=4))
    studio.app.activate("launch")

    assert [words] == studio.texts(studio.brand)
    [refused] = [one for one in studio.app.store.ledger.list() if one.state is EffectState.VETOED]
    assert "near duplicate: 100% like what brand said before" in refused.reason
