"""Networks: Mastodon, and feeds of news."""

from __future__ import annotations

from collections.abc import Iterable

from antiphon import Action, Connector, hookimpl
from antiphon_networks.feeds.connector import Feeds
from antiphon_networks.mastodon.connector import Mastodon
from antiphon_networks.mastodon.publishing import Post, Reply
from antiphon_networks.mastodon.reactions import Boost, Delete, Favourite, Unboost, Unfavourite


@hookimpl
def register_connectors() -> Iterable[type[Connector]]:
    """Accounts that can be read, and written to where the network allows it."""
    return (Mastodon, Feeds)


@hookimpl
def register_actions() -> Iterable[type[Action]]:
    """What can be done there."""
    return (Post, Reply, Boost, Unboost, Favourite, Unfavourite, Delete)
