"""What a draft comes to on Bluesky: a record, but for the moment at which it is written and for its images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antiphon import Composed, Draft, GiveUp, Receipt
from antiphon_networks.bluesky import length, media
from antiphon_networks.bluesky.client import BlueskyReader
from antiphon_networks.bluesky.facets import facets
from antiphon_networks.bluesky.originals import Original, original_of


def post_of(draft: Draft, client: BlueskyReader, original: Original | None = None) -> Composed:
    """A post, of its own or below another. Raises GiveUp for what the network would refuse."""
    embed = _embed(draft.options, client)
    if draft.media and embed and embed["$type"] == "app.bsky.embed.external":
        raise GiveUp("A post on Bluesky has images or a card, not both.", hint="Leave one of them out.")
    if not (draft.text or draft.media or embed):
        raise GiveUp("There is nothing to post: the text is empty.", hint="Look at the expressions in `text`.")
    length.check(draft.text)
    media.check(draft.media)
    marked, mentioned = facets(draft.text, client.resolve)
    record: dict[str, Any] = {"text": draft.text}
    if marked:
        record["facets"] = marked
    if draft.language:
        record["langs"] = [draft.language]
    if embed:
        record["embed"] = embed
    if original:
        record["reply"] = {"root": original.root, "parent": original.ref}
    answered = (f"bluesky:{original.author}",) if original else ()
    return Composed(record, draft.text, client.server, str(original.uri) if original else "", answered + mentioned)


def continued(payload: Mapping[str, Any], first: Receipt, previous: Receipt) -> dict[str, Any]:
    """A record as the continuation of a thread."""
    root = first.data.get("root") or _ref(first)
    return {**payload, "reply": {"root": root, "parent": _ref(previous)}}


def _embed(options: Mapping[str, Any], client: BlueskyReader) -> dict[str, Any] | None:
    quote, card = options.get("quote"), options.get("card")
    if quote and card:
        raise GiveUp("A post on Bluesky has a quote or a card, not both.", hint="Leave one of them out.")
    if quote:
        return {"$type": "app.bsky.embed.record", "record": original_of(quote, client).ref}
    if card:
        return {"$type": "app.bsky.embed.external", "external": dict(card)}
    return None


def _ref(receipt: Receipt) -> dict[str, str]:
    return {"uri": receipt.remote_id, "cid": str(receipt.data["cid"])}
