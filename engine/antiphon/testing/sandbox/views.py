"""What a reader sees of the world: visibility, timelines, threads."""

from __future__ import annotations

from collections.abc import Callable

from antiphon.testing.sandbox.records import Account, Status, Visibility
from antiphon.testing.sandbox.refusals import NotFound
from antiphon.testing.sandbox.series import Window
from antiphon.testing.sandbox.world import World


def visible(status: Status, reader: Account | None) -> bool:
    """Whether the reader (None: anybody without an account) may see this status."""
    shown = status.reblog_of or status
    if shown.visibility in {Visibility.PUBLIC, Visibility.UNLISTED}:
        return True
    if reader is None:
        return False
    follows = shown.visibility is Visibility.PRIVATE and shown.account.id in reader.following
    return reader is shown.account or reader in shown.mentions or follows


def find(world: World, identifier: str, reader: Account | None) -> Status:
    """The status of this id; refused as not found if there is none or the reader may not see it."""
    status = world.statuses.get(identifier)
    if status is None or not visible(status, reader):
        raise NotFound
    return status


def public(world: World, window: Window, keep: Callable[[Status], bool]) -> list[Status]:
    """The public timeline: no reblogs, no replies to others."""

    def shown(status: Status) -> bool:
        parent = status.in_reply_to
        own = parent is None or parent.account is status.account
        return status.visibility is Visibility.PUBLIC and not status.reblog_of and own and keep(status)

    return world.statuses.page(window, shown)


def tagged(world: World, tag: str, window: Window, keep: Callable[[Status], bool]) -> list[Status]:
    """Public statuses with a hashtag, replies included."""

    def shown(status: Status) -> bool:
        return tag.lower() in status.tags and status.visibility is Visibility.PUBLIC and keep(status)

    return world.statuses.page(window, shown)


def home(world: World, reader: Account, window: Window) -> list[Status]:
    """What the reader and those they follow wrote and reblogged, without replies to people they don't follow."""

    def near(account: Account) -> bool:
        return account is reader or account.id in reader.following

    def shown(status: Status) -> bool:
        parent = status.in_reply_to
        return near(status.account) and (parent is None or near(parent.account)) and visible(status, reader)

    return world.statuses.page(window, shown)


def ancestors(status: Status, reader: Account | None) -> list[Status]:
    """The statuses above this one in its thread, topmost first."""
    found: list[Status] = []
    while status.in_reply_to is not None:
        status = status.in_reply_to
        found.append(status)
    return [ancestor for ancestor in reversed(found) if visible(ancestor, reader)]


def descendants(status: Status, reader: Account | None) -> list[Status]:
    """The statuses below this one, each followed by its own replies."""
    found: list[Status] = []
    waiting = list(status.replies)[::-1]
    while waiting:
        reply = waiting.pop()
        found.append(reply)
        waiting.extend(list(reply.replies)[::-1])
    return [reply for reply in found if visible(reply, reader)]
