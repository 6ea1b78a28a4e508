from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from antiphon.model.effect import Done, Unknown
from antiphon.testing.sandbox import FaultKind
from antiphon_networks.bluesky.reactions import Like, Repost, Unlike, Unrepost

if TYPE_CHECKING:
    from tests.antiphon_networks.bluesky.conftest import SkyDesk
    from tests.servers.bluesky.server import Account

pytestmark = pytest.mark.networks

BOTH = [(Like, Unlike, "app.bsky.feed.like"), (Repost, Unrepost, "app.bsky.feed.repost")]


@pytest.mark.parametrize(("act", "back", "collection"), BOTH)
def test_once(sky: SkyDesk, ana: Account, act: Any, back: Any, collection: str) -> None:
    """A post is liked or reposted once, whoever says it again; taking it back twice is as good as once."""
    post = sky.network.post(ana, "Bonjour")
    effect = sky.plan(act, post=post["uri"])

    first, second = sky.perform(act, effect), sky.perform(act, effect.model_copy(update={"key": "another"}))

    assert first.receipt.remote_id == second.receipt.remote_id
    assert [post] == [record["value"]["subject"] for record in sky.network.records(sky.account, collection)]
    assert f"https://bsky.app/profile/{ana.did}/post/{post['uri'].split('/')[-1]}" == first.receipt.url
    undone = act().undo(effect, first.receipt, sky.reading)
    assert back.name == undone.action
    assert sky.reconcile(back, undone) is None
    assert isinstance(sky.perform(back, undone), Done)
    assert isinstance(sky.perform(back, undone), Done)
    assert isinstance(sky.reconcile(back, undone), Done)
    assert [] == sky.network.records(sky.account, collection)
    assert sky.reconcile(act, effect) is None


@pytest.mark.parametrize(("act", "back", "collection"), BOTH)
def test_lost_answer(sky: SkyDesk, ana: Account, act: Any, back: Any, collection: str) -> None:
    """When the answer is lost, a look finds what was done."""
    effect = sky.plan(act, post=sky.network.post(ana, "Bonjour")["uri"])
    sky.fail("com.atproto.repo.putRecord", FaultKind.ACCEPT_THEN_RESET)

    assert isinstance(sky.perform(act, effect), Unknown)
    found = sky.reconcile(act, effect)

    assert isinstance(found, Done)
    assert sky.network.records(sky.account, collection)[0]["uri"] == found.receipt.remote_id


def test_who_is_reached(sky: SkyDesk, ana: Account) -> None:
    """A like reaches the author of the post, so that policy can go by it."""
    effect = sky.plan(Like, post=sky.network.post(ana, "Bonjour")["uri"])

    assert (f"bluesky:{ana.did}",) == effect.recipients
    assert ("native", True) == (effect.idempotency, effect.reversible)
