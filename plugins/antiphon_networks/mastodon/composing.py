"""What a draft comes to on Mastodon: the form of a status, as long as the server takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from antiphon import Composed, Draft, GiveUp, Medium, Profile, check_media, check_text, graphemes
from antiphon_networks.mastodon.client import MastodonReader
from antiphon_networks.mastodon.entities import Json
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
    check_media(media, instance.limits, instance.domain)


def _mentions(text: str, address: str) -> bool:
    name, _, server = address.partition("@")
    return bool(re.search(rf"(?<!\w)@{re.escape(name)}(@{re.escape(server)}\b|(?![\w@]))", text, re.IGNORECASE))


def profile_of(profile: Profile, client: MastodonReader) -> Composed:
    """The form of a profile (methods/accounts.md "Update account credentials"). Raises GiveUp."""
    instance = client.instance()
    parts = (("display_name", profile.name, "profile.name", "name"), ("note", profile.bio, "profile.bio", "bio"))
    form: dict[str, Any] = {}
    for key, text, limit, part in parts:
        if text is not None:
            check_text(graphemes(text), instance.limits.number(limit), "characters", instance.domain, part)
            form[key] = text
    if profile.fields is not None and len(profile.fields) > (most := instance.limits.number("profile.fields")):
        raise GiveUp(f"There are {len(profile.fields)} fields; {instance.domain} takes {most}.", hint="Leave some out.")
    for index, (name, value) in enumerate((profile.fields or {}).items()):
        form[f"fields_attributes[{index}][name]"] = name
        form[f"fields_attributes[{index}][value]"] = value
    most = instance.limits.number("avatar.bytes")
    for image in filter(None, (profile.avatar, profile.banner)):
        if image.size > most:
            raise GiveUp(
                f"{image.name}: it has {image.size:,} bytes, and {most:,} are the most.", hint="Make it smaller."
            )
        if image.kind != "image":
            raise GiveUp(f"{image.name} is no image.", hint="Attach one.")
    return Composed(form, profile.bio or profile.name or "", client.server)


def presents(account: Json, form: Mapping[str, Any]) -> bool:
    """Whether an account presents itself as a form says."""
    source = account.get("source", {})
    shown = {"display_name": account.get("display_name"), "note": source.get("note")}
    for index, field in enumerate(source.get("fields", ())):
        shown[f"fields_attributes[{index}][name]"] = field["name"]
        shown[f"fields_attributes[{index}][value]"] = field["value"]
    return all(shown.get(key) == value for key, value in form.items())
