"""Hearing: a wide source asks several connections, each from a place of its own, and keeps what it has a use for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antiphon import Event, GiveUp, InputError, Page, RetryLater
from antiphon.model.evaluation import EvaluationKind
from antiphon.runtime import hearing

SEND = {"use": "net.send", "with": {"text": "${{ event.text }}"}}
WIDE = {"id": "p", "poll": {"source": "net.wide", "every": "1m"}}


def item(n: int) -> Event:
    return Event(f"item:{n}", "item.seen", datetime(2026, 3, 1, 9, n, tzinfo=UTC), {"text": f"item {n}"}, "net")


@pytest.fixture
def wide(workspace: Any, network: Any) -> Any:
    """A workspace with three connections, all of which are asked; it has learnt what was there."""
    told = "".join(f'[connections.{name}]\nconnector = "net"\n' for name in ("brand", "other", "deaf"))
    (workspace.folder / "antiphon.toml").write_text(told, encoding="utf-8")
    workspace.write({"id": "w", "triggers": [WIDE], "actions": [SEND]})
    network.pages = {f"{name}/None": Page([item(0)], "0") for name in ("brand", "other")}
    workspace.app.wake("w", "p")
    return workspace


def reasons(wide: Any, kind: EvaluationKind) -> dict[str, int]:
    return {one.reason: one.count for one in wide.app.store.evaluations.list("w") if one.kind is kind}


def sent(wide: Any) -> list[str]:
    wide.app.activate("w")
    texts: list[str] = wide.network.texts
    return texts


def test_each_from_its_own_place(wide: Any, network: Any) -> None:
    """Each connection goes on where it was, also when another one fails, and what all have is answered once."""
    network.pages = {"brand/0": Page([item(1)], "1"), "other/0": RetryLater("not now", after=timedelta(minutes=1))}
    assert 1 == wide.app.wake("w", "p")
    network.pages = {"brand/1": Page([item(3)], "3"), "other/0": Page([item(1), item(2)], "2")}
    assert 2 == wide.app.wake("w", "p")

    assert ["item 1", "item 2", "item 3"] == sorted(sent(wide))
    assert {"brand: net.items brand": 3, "other: net.items other": 2} == reasons(wide, EvaluationKind.ASKED)
    assert {
        "other: net.items other: not now": 1,
        "deaf: net.items deaf: it cannot hear": 3,
    } == reasons(wide, EvaluationKind.UNANSWERED)


def test_a_connection_that_comes_later_learns_first(wide: Any, network: Any) -> None:
    """A connection that is added is asked from then on, and what is there already is only learnt."""
    settings = wide.folder / "antiphon.toml"
    settings.write_text(settings.read_text("utf-8") + '[connections.late]\nconnector = "net"\n', encoding="utf-8")
    wide.reopen()
    network.pages = {"brand/0": Page([item(1)], "1"), "other/0": Page([], "0"), "late/None": Page([item(2)], "2")}

    assert 1 == wide.app.wake("w", "p")
    assert ["item 1"] == sent(wide)


def test_each_part_has_a_cursor(wide: Any, network: Any) -> None:
    """Two processes that ask one after the other go on from the same places; a single position there is not."""
    other = wide.another()
    network.pages = {"brand/0": Page([item(1)], "1"), "other/0": Page([item(2)], "2")}
    network.pages |= {"brand/1": Page([], "1"), "other/2": Page([], "2")}

    assert [2, 0] == [app.wake("w", "p") for app in (wide.app, other)]
    other.close()
    network.pages |= {"brand/1": Page([item(3)], "3"), "other/2": Page([item(4)], "4")}

    assert 2 == wide.app.wake("w", "p")
    with pytest.raises(InputError, match="each from a place of its own"):
        wide.app.position("w", "p")


def test_nobody_answers(wide: Any, network: Any) -> None:
    """When nobody can be asked, the poll fails with the gravest reason, so that it is seen."""
    network.pages = {"brand/0": RetryLater("not now", after=timedelta(minutes=1)), "other/0": GiveUp("it is gone")}

    with pytest.raises(GiveUp, match="it is gone"):
        wide.app.wake("w", "p")


def test_left_out_before_it_is_stored(wide: Any, network: Any) -> None:
    """What a wide source has no use for is counted with its reason and not kept; what stands beside is kept."""
    wide.write({"id": "w", "triggers": [{"id": "p", "poll": {**WIDE["poll"], "with": {"leave_out": "item 1"}}}]})  # type: ignore[dict-item]
    network.pages = {"brand/0": Page([item(1), item(2)], "2"), "other/0": Page([], "0")}

    assert 1 == wide.app.wake("w", "p")

    assert {"its text is left out": 1} == reasons(wide, EvaluationKind.MISSED)
    assert {"item:0", "item:2", "beside:item:0", "beside:item:2"} == {one.id for one in wide.app.store.events.list()}


def test_secrets_stay_inside(wide: Any, network: Any) -> None:
    """What a network says when it fails is kept without the secrets in it."""
    network.secrets["token"] = "hush-hush-hush"
    wide.app.secrets.value("token")
    network.pages = {"brand/0": GiveUp("bad token hush-hush-hush"), "other/0": Page([], "0")}

    wide.app.wake("w", "p")

    assert not any("hush-hush" in reason for reason in reasons(wide, EvaluationKind.UNANSWERED))


def test_more_waits(wide: Any, network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A poll turns so many pages at most; that more waits is told, and the next one goes on there."""
    monkeypatch.setattr(hearing, "MAX_PAGES", 2)
    network.pages = {f"brand/{n}": Page([item(n + 1)], f"{n + 1}", more=n < 4) for n in range(6)}
    network.pages["other/0"] = Page([], "0")

    assert [2, 2, 1] == [wide.app.wake("w", "p") for _ in range(3)]
    assert 2 == reasons(wide, EvaluationKind.UNANSWERED)[f"brand: net.items brand: {hearing.MORE}"]
    assert [f"item {n}" for n in range(1, 6)] == sorted(sent(wide))
