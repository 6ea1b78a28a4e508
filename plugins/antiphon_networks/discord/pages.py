"""Pages of what was said in a channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from antiphon import GiveUp, Page
from antiphon_networks.discord.client import PAGE, DiscordReader
from antiphon_networks.discord.entities import SPOKEN, heard

Json = Mapping[str, Any]

FROM_THE_START = "0"


def page_of(
    client: DiscordReader, channel: str, cursor: str | None, type_: str, source: str, keep: Callable[[Json], bool]
) -> Page:
    """What was said after a message's id, oldest first; with none, the newest."""
    messages = client.messages(channel, after=cursor or "")
    guild = client.guild(channel)
    try:
        spoken = [one for one in messages if int(one.get("type", 0)) in SPOKEN and keep(one)]
        pairs = [heard(one, guild, client.connection, type_, source) for one in spoken]
        newest = max((int(one["id"]) for one in messages), default=int(cursor or FROM_THE_START))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GiveUp(
            f"Discord sent something that is not as it documents it: {type(error).__name__} {error}.",
            hint="Check the `server` of the connection.",
        ) from error
    people = {person.id: person for _, person in pairs}
    return Page(
        events=[event for event, _ in pairs],
        cursor=str(newest),
        more=cursor is not None and len(messages) >= PAGE,
        people=tuple(people.values()),
    )
