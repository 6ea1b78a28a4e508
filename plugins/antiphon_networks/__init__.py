"""Networks: Mastodon, Bluesky, Telegram, Discord, Slack, WordPress, Ghost, e-mail, feeds, webhooks, notifications."""

from __future__ import annotations

from collections.abc import Iterable

from antiphon import Action, Connector, Doorway, hookimpl
from antiphon_networks.bluesky import publishing as bluesky
from antiphon_networks.bluesky.connector import Bluesky
from antiphon_networks.bluesky.reactions import Like, Repost, Unlike, Unrepost
from antiphon_networks.discord import publishing as discord
from antiphon_networks.discord.connector import Discord
from antiphon_networks.feeds.connector import Feeds
from antiphon_networks.ghost import publishing as ghost
from antiphon_networks.ghost.connector import Ghost
from antiphon_networks.mail import clicking
from antiphon_networks.mail import sending as mail
from antiphon_networks.mail.addresses import same_reader
from antiphon_networks.mail.connector import Mail
from antiphon_networks.mastodon.connector import Mastodon
from antiphon_networks.mastodon.publishing import Post, Reply
from antiphon_networks.mastodon.reactions import Boost, Delete, Favourite, Unboost, Unfavourite
from antiphon_networks.notify.connector import Notify
from antiphon_networks.notify.sending import SendNotification
from antiphon_networks.slack import publishing as slack
from antiphon_networks.slack.connector import Slack
from antiphon_networks.telegram import publishing as telegram
from antiphon_networks.telegram.connector import Telegram
from antiphon_networks.webhooks.connector import OutgoingWebhook
from antiphon_networks.webhooks.sending import SendWebhook
from antiphon_networks.wordpress import publishing as wordpress
from antiphon_networks.wordpress.connector import WordPress


@hookimpl
def register_connectors() -> Iterable[type[Connector]]:
    """Accounts that can be read, and written to where the network allows it."""
    return (Mastodon, Bluesky, Telegram, Discord, Slack, WordPress, Ghost, Mail, Feeds, OutgoingWebhook, Notify)


@hookimpl
def same_person(name: str) -> Iterable[str]:
    """Whoever is met by e-mail is known by the address and by the id that is made of it."""
    return same_reader(name)


@hookimpl
def register_doorways() -> Iterable[Doorway]:
    """Where the one click on “unsubscribe” arrives."""
    return (clicking.DOORWAY,)


@hookimpl
def register_actions() -> Iterable[type[Action]]:
    """What can be done there."""
    mastodon = (Post, Reply, Boost, Unboost, Favourite, Unfavourite, Delete)
    sky = (bluesky.Post, bluesky.Reply, Repost, Unrepost, Like, Unlike, bluesky.Delete)
    chats = (telegram.Post, telegram.Reply, discord.Post, discord.Reply, slack.Post, slack.Reply)
    blog = (wordpress.Post, wordpress.Comment, wordpress.Edit, wordpress.Delete, wordpress.Restore)
    magazine = (ghost.Post, ghost.Comment, ghost.Edit, ghost.Delete)
    return (*mastodon, *sky, *chats, *blog, *magazine, mail.Send, mail.Reply, SendWebhook, SendNotification)
