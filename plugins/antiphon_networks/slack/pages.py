"""Pages of what was said in a channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from antiphon import GiveUp, Page
from antiphon_networks.slack.client import SlackReader
from antiphon_networks.slack.entities import SPOKEN, heard

Json = Mapping[str, Any]

FROM_THE_START = "0"


def page_of(
    client: SlackReader, channel: str, cursor: str | None, type_: str, source: str, keep: Callable[[Json], bool]
) -> Page:
    """What was said after a moment, oldest first; with none, the newest."""
    messages = client.newest(channel) if cursor is None else client.history(channel, cursor)
    workspace = str(client.me()["url"])
    try:
        spoken = [one for one in messages if str(one.get("subtype") or "") in SPOKEN and keep(one)]
        pairs = [heard(one, channel, workspace, client.connection, type_, source) for one in spoken]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise GiveUp(
            f"Slack sent something that is not as it documents it: {type(error).__name__} {error}.",
            hint="Check the `server` of the connection.",
        ) from error
    people = {person.id: person for _, person in pairs}
    newest = str(messages[-1]["ts"]) if messages else cursor or FROM_THE_START
    return Page(events=[event for event, _ in pairs], cursor=newest, people=tuple(people.values()))
