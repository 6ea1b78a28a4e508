"""The status that an answer goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antiphon import GiveUp, id_of
from antiphon_networks.mastodon.client import MastodonReader
from antiphon_networks.mastodon.entities import handle


@dataclass(frozen=True, slots=True)
class Original:
    """What an answer needs to know: its id on the server, its author's address, who may read it."""

    id: str
    author: str
    visibility: str


def status_id(target: str | Mapping[str, Any], client: MastodonReader) -> str:
    """The id of a target. Raises GiveUp for an event that is not about a status of this server."""
    return id_of(target, "mastodon", client.connection, client.server)


def original_of(target: str | Mapping[str, Any], client: MastodonReader) -> Original:
    """What an answer needs to know of a target; a bare id is looked up. Raises GiveUp when it is not there."""
    remote_id = status_id(target, client)
    if isinstance(target, Mapping):
        author = target.get("author")
        address = author.get("handle", "") if isinstance(author, Mapping) else ""
        return Original(remote_id, str(address), str(target.get("visibility") or "public"))
    status = client.status(remote_id)
    if status is None:
        raise GiveUp(f"{client.server} has no post {remote_id} that {client.connection} may see.")
    return Original(remote_id, handle(status["account"], client.instance().domain), str(status["visibility"]))
