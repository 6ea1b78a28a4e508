"""What is written against capabilities works on Mastodon, the first network that has them all but a few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from antiphon import Ability, Done, GiveUp, Page, Rejected
from antiphon.builtins import posts
from antiphon.testing.sandbox import Fault, FaultKind
from antiphon_networks.feeds.connector import Feeds
from antiphon_networks.mastodon.connector import Mastodon
from antiphon_networks.mastodon.publishing import Post, Reply

if TYPE_CHECKING:
    from tests.antiphon_networks.conftest import Desk


def heard(desk: Desk, source: Any, cursor: str | None = None, **options: Any) -> list[str]:
    """The texts that a source gives."""
    page = source().fetch(source.Options(**options), desk.connector.reader(), cursor)
    assert isinstance(page, Page)
    return [event.data["text"] for event in page.events]


def test_abilities() -> None:
    """What a network can do is told by its clients, without opening anything."""
    assert set(Ability) - {Ability.PROFILE, Ability.THREAD} == set(Mastodon.abilities()) - {Ability.THREAD}
    assert () == Feeds.abilities()


@pytest.mark.parametrize(
    ("generic", "narrowed", "options"),
    [(posts.PublishPost, Post, {}), (posts.ReplyToPost, Reply, {"to": {"network": "mastodon", "id": "7"}})],
)
def test_narrowed(desk: Desk, generic: Any, narrowed: Any, options: dict[str, Any]) -> None:
    """A network's own action does the same as the one for any network, where its own options are not used."""
    broad = desk.plan(generic, text="Bonjour", language="fr", **options)
    narrow = desk.plan(narrowed, text="Bonjour", language="fr", **options)

    assert narrow == broad.model_copy(update={"action": narrowed.name})


def test_publish(desk: Desk) -> None:
    """A post is published, found again when its answer was lost, and deleted by what undoes it."""
    desk.network.faults.add(Fault("POST /api/v1/statuses", FaultKind.ACCEPT_THEN_RESET))
    effect = desk.plan(posts.PublishPost, text="Bonjour")
    desk.perform(posts.PublishPost, effect)
    found = desk.reconcile(posts.PublishPost, effect)
    assert isinstance(found, Done)

    undone = posts.PublishPost().undo(effect, found.receipt, desk.reading)

    assert undone is not None
    assert "post.delete" == undone.action
    assert isinstance(desk.perform(posts.DeletePost, undone), Done)
    assert [] == desk.published()
    assert isinstance(desk.reconcile(posts.DeletePost, undone), Done)


def test_edit(desk: Desk) -> None:
    """A post says something else afterwards; before, a look says that it does not yet."""
    status = desk.network.post("torrea", "Bonjour")
    effect = desk.plan(posts.EditPost, post=status.id, text="Bonsoir", language="fr")
    assert desk.reconcile(posts.EditPost, effect) is None

    outcome = desk.perform(posts.EditPost, effect)

    assert isinstance(outcome, Done)
    assert ["Bonsoir"] == desk.published()
    assert isinstance(desk.reconcile(posts.EditPost, effect), Done)


def test_edit_of_others(desk: Desk) -> None:
    """Nobody changes what somebody else has said."""
    status = desk.network.post("ana", "Bonjour")

    outcome = desk.perform(posts.EditPost, desk.plan(posts.EditPost, post=status.id, text="Bonsoir"))

    assert isinstance(outcome, Rejected)


def test_message(desk: Desk) -> None:
    """A message names whom it goes to, and is read by nobody else."""
    desk.network.account("ana")
    effect = desk.plan(posts.SendMessage, to="@ana@sandbox.example", text="Votre commande est en route.")

    assert isinstance(desk.perform(posts.SendMessage, effect), Done)
    (status,) = desk.network.statuses(by="torrea")
    assert ("@ana@sandbox.example Votre commande est en route.", "direct") == (status.text, status.visibility)
    assert ("ana@sandbox.example",) == effect.recipients
    assert isinstance(desk.reconcile(posts.SendMessage, effect), Done)


def test_listening(desk: Desk) -> None:
    """Mentions, comments, our own posts and what a search finds are heard through the connection's network."""
    own = desk.network.post("torrea", "Nouvelle torréfaction")
    desk.network.post("ana", "@torrea bonjour")
    desk.network.post("ben", "@torrea où ?", in_reply_to=own)

    assert ["@torrea bonjour", "@torrea où ?"] == heard(desk, posts.Mentions)
    assert ["@torrea où ?"] == heard(desk, posts.Comments)
    assert ["Nouvelle torréfaction"] == heard(desk, posts.OwnPosts)
    assert ["Nouvelle torréfaction"] == heard(desk, posts.Search, q="torréfaction")


def test_metrics(desk: Desk) -> None:
    """The numbers of posts come by id; what is gone is left out, and what is not counted there is null."""
    own = desk.network.post("torrea", "Bonjour")
    options = posts.MetricsOptions(connection="brand", posts=(own.id, "404"))

    found = posts.PostMetrics().compute(options, desk.reading)

    assert {own.id} == set(found)
    assert (0, 0, None) == (found[own.id]["likes"], found[own.id]["replies"], found[own.id]["views"])


def test_event_from_elsewhere(desk: Desk) -> None:
    """What happened on another network cannot be answered, changed or deleted here."""
    for action, options in (
        (posts.ReplyToPost, {"text": "x", "to": {"network": "feed", "id": "1"}}),
        (posts.DeletePost, {"post": {"network": "feed", "id": "1"}}),
    ):
        with pytest.raises(GiveUp, match="not about a post on Mastodon"):
            desk.plan(action, **options)
