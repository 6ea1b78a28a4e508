"""Which status an action is about: an id, or an event that brought one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from antiphon import GiveUp
from antiphon_networks.mastodon.client import MastodonReader
from antiphon_networks.mastodon.entities import handle

_SHOWN = 60

Target = Annotated[
    Annotated[str, Field(min_length=1)] | dict[str, Any],
    BeforeValidator(lambda value: str(value) if isinstance(value, int) and not isinstance(value, bool) else value),
]
"""An option that takes a status id, or `${{ event }}`."""


@dataclass(frozen=True, slots=True)
class Original:
    """The status that an answer goes to: its id on the server, its author's address, who may read it."""

    id: str
    author: str
    visibility: str


def id_of(target: str | Mapping[str, Any], client: MastodonReader) -> str:
    """The id of a target. Raises GiveUp for an event that is not about a status of this server."""
    if isinstance(target, str):
        return target.strip()
    network, server = target.get("network"), target.get("server", client.server)
    if network != "mastodon" or not target.get("id"):
        raise GiveUp(
            f"This event is not about a post on Mastodon, but about one on {network or 'no network'}.",
            hint="Give the id of a status, or an event of mastodon.mentions, mastodon.timeline or mastodon.search.",
        )
    if server != client.server:
        raise GiveUp(
            f"This post has its id on {server}; the connection {client.connection} is on {client.server}.",
            hint="Use a connection to the server that the event came from.",
        )
    return str(target["id"])


def told_of(target: str | Mapping[str, Any]) -> str:
    """A target for a person: who said what, where an event tells it."""
    if isinstance(target, str):
        return f"post {target.strip()}"
    author = target.get("author")
    handle = author.get("handle", "") if isinstance(author, Mapping) else ""
    words = " ".join(str(target.get("text", "")).split())
    return f"“{words if len(words) <= _SHOWN else words[: _SHOWN - 1] + '…'}” by {handle or 'somebody'}"


def original_of(target: str | Mapping[str, Any], client: MastodonReader) -> Original:
    """What an answer needs to know of a target; a bare id is looked up. Raises GiveUp when it is not there."""
    remote_id = id_of(target, client)
    if isinstance(target, Mapping):
        author = target.get("author")
        address = author.get("handle", "") if isinstance(author, Mapping) else ""
        return Original(remote_id, str(address), str(target.get("visibility") or "public"))
    status = client.status(remote_id)
    if status is None:
        raise GiveUp(f"{client.server} has no post {remote_id} that {client.connection} may see.")
    return Original(remote_id, handle(status["account"], client.instance().domain), str(status["visibility"]))
