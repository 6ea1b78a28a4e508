"""What a draft comes to on Mastodon: the form of a status, as long as the server takes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from antiphon import Composed, Draft, GiveUp, Medium, check_media
from antiphon_networks.mastodon.client import MastodonReader
from antiphon_networks.mastodon.length import length
from antiphon_networks.mastodon.originals import Original


def status_of(draft: Draft, client: MastodonReader) -> Composed:
    """A status of its own, or the continuation of one. Raises GiveUp for what the server would refuse."""
    options = draft.options
    return _composed(draft, client, draft.text, options.get("visibility") or "public", options.get("in_reply_to") or "")


def answer_of(draft: Draft, original: Original, client: MastodonReader) -> Composed:
    """A status below another, as public as that is; it mentions the author, who would not hear of it otherwise."""
    text = draft.text
    if text and original.author and original.author != client.address() and not _mentions(text, original.author):
        text = f"@{original.author} {text}"
    visibility = draft.options.get("visibility") or original.visibility
    recipients = (original.author,) if original.author else ()
    return _composed(draft, client, text, visibility, original.id, recipients)


def message_of(draft: Draft, to: str, client: MastodonReader) -> Composed:
    """A status that only the one it mentions can read, which is how Mastodon has messages (user/posting.md)."""
    address = to.strip().lstrip("@")
    text = draft.text if not draft.text or _mentions(draft.text, address) else f"@{address} {draft.text}"
    return _composed(draft, client, text, "direct", "", (address,))


def _composed(
    draft: Draft,
    client: MastodonReader,
    text: str,
    visibility: str,
    in_reply_to: str,
    recipients: tuple[str, ...] = (),
) -> Composed:
    spoiler_text = draft.options.get("spoiler_text") or ""
    _fits(text, spoiler_text, client, draft.media)
    form: dict[str, Any] = {"status": text, "visibility": visibility}
    if in_reply_to:
        form["in_reply_to_id"] = in_reply_to
    if draft.language:
        form["language"] = draft.language
    if spoiler_text:
        form["spoiler_text"] = spoiler_text
    if draft.options.get("sensitive"):
        form["sensitive"] = True
    return Composed(form, text, client.server, in_reply_to, recipients)


def _fits(text: str, spoiler_text: str, client: MastodonReader, media: Sequence[Medium]) -> None:
    """Refuse what the server would refuse."""
    if not text and not media:
        raise GiveUp("There is nothing to post: the text is empty.", hint="Look at the expressions in `text`.")
    instance = client.instance()
    longest, link = instance.limits.number("text.longest"), instance.limits.number("url.length")
    count = length(text, spoiler_text, link)
    if count > longest:
        raise GiveUp(
            f"The text has {count:,} characters as Mastodon counts them (a link {link}, "
            f"of a mention the name, the content warning too); {instance.domain} takes {longest:,}.",
            hint=f"Shorten it by {count - longest:,}, cut it with `| truncate({longest})`, or use `post.thread`.",
        )
    for one in media:
        if one.url:
            raise GiveUp(f"{one.name}: Mastodon does not fetch what is attached.", hint="Attach a `file` instead.")
    check_media(media, instance.limits, instance.domain)


def _mentions(text: str, address: str) -> bool:
    name, _, server = address.partition("@")
    return bool(re.search(rf"(?<!\w)@{re.escape(name)}(@{re.escape(server)}\b|(?![\w@]))", text, re.IGNORECASE))
