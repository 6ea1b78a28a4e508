"""Which post an act is about, and what an answer needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antiphon import GiveUp, id_of
from antiphon_networks.bluesky.client import BlueskyReader
from antiphon_networks.bluesky.identifiers import Uri, is_did, post_uri

Target = str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Original:
    """A post that is answered or quoted: the references to it and to the root of its thread, and its author's DID."""

    uri: Uri
    ref: dict[str, str]
    root: dict[str, str]

    @property
    def author(self) -> str:
        """The author's DID."""
        return self.uri.authority


def uri_of(target: Target, client: BlueskyReader) -> Uri:
    """The address of a post, with the author's DID. Raises GiveUp for what is none, or whose author is unknown."""
    written = id_of(target, "bluesky", client.connection)
    try:
        uri = post_uri(written)
    except ValueError as error:
        hint = "Write it like at://did:plc:…/app.bsky.feed.post/… or https://bsky.app/profile/…/post/…"
        raise GiveUp(f"{error}.", hint=hint) from None
    if is_did(uri.authority):
        return uri
    did = client.resolve(uri.authority)
    if did is None:
        raise GiveUp(f"Nobody is called {uri.authority} on Bluesky.", hint="A handle may have been changed.")
    return Uri(did, uri.collection, uri.key)


def original_of(target: Target, client: BlueskyReader) -> Original:
    """What an answer needs to know of a post; what an event does not tell is looked up. Raises GiveUp when the post is
    not there."""
    uri = uri_of(target, client)
    if isinstance(target, Mapping) and target.get("cid"):
        ref = {"uri": str(uri), "cid": str(target["cid"])}
        return Original(uri, ref, _ref(target.get("root")) or ref)
    record = client.record(uri)
    if record is None:
        raise GiveUp(f"There is no post {uri} on Bluesky; it may have been deleted.")
    reply = record.value.get("reply")
    root = _ref(reply.get("root")) if isinstance(reply, Mapping) else None
    return Original(uri, record.ref, root or record.ref)


def _ref(value: Any) -> dict[str, str] | None:
    if not isinstance(value, Mapping) or not value.get("uri") or not value.get("cid"):
        return None
    return {"uri": str(value["uri"]), "cid": str(value["cid"])}
