"""What a draft comes to on Slack: the fields of a message, as long as Slack takes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from antiphon import Composed, Draft, GiveUp, Medium, check_media, check_text
from antiphon_networks.slack.escaping import escaped, mentioned, shown
from antiphon_networks.slack.rules import LIMITS

_CALL = re.compile(r"<@\w+> ?")
"""Whom a text calls: whatever else stands in angle brackets was escaped."""


def message_of(
    draft: Draft, channel: str, answers: str = "", thread: str = "", recipients: tuple[str, ...] = ()
) -> Composed:
    """A message to a channel, or into a thread of it. Raises GiveUp for what Slack would refuse or cut off.

    It calls nobody but those whom `mention` lists, whatever stands in its text.
    """
    if not channel:
        raise GiveUp(
            "It is not said which channel this goes to.",
            hint="Write `channel` in the options of the connection, or use `slack.post` with a `channel` of its own.",
        )
    options = draft.options
    before = "".join(f"<@{one}> " for one in options.get("mention") or ())
    text = (before + escaped(draft.text)).strip()
    blocks = list(options.get("blocks") or ())
    _fits(text, draft.media, blocks)
    fields: dict[str, Any] = {
        "channel": channel,
        "text": text,
        "mrkdwn": bool(options.get("markdown")),
        "parse": "none",
        "link_names": False,
        "unfurl_links": options.get("preview") is not False,
    }
    if blocks:
        fields["blocks"] = blocks
    if thread:
        fields["thread_ts"] = thread
        if options.get("broadcast"):
            fields["reply_broadcast"] = True
    return Composed(fields, before + draft.text, f"Slack ({channel})", answers, recipients)


def with_images(fields: dict[str, Any], images: Sequence[tuple[str, Medium]]) -> dict[str, Any]:
    """A message with images below its text, each by the id of a file that was handed over (Block Kit, "Image block").

    With blocks, the text of a message is only what notifications show, so it becomes a block itself.
    """
    below = [
        {"type": "image", "slack_file": {"id": identifier}, "alt_text": medium.alt or medium.name}
        for identifier, medium in images
    ]
    words = [_as_block(fields["text"], markdown=fields["mrkdwn"])] if fields["text"] else []
    return {**fields, "blocks": [*words, *fields.get("blocks", ()), *below]}


def _as_block(text: str, *, markdown: bool) -> dict[str, Any]:
    """A text as a block; without markdown as rich text, in which words are never read as signs."""
    if markdown:
        return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    called = [{"type": "user", "user_id": user} for user in mentioned(text)]
    words = _CALL.sub("", text)
    elements = [*called, {"type": "text", "text": f" {shown(words)}" if called else shown(words)}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _fits(text: str, media: Sequence[Medium], blocks: Sequence[Any]) -> None:
    if not text and not media and not blocks:
        raise GiveUp("There is nothing to send: the text is empty.", hint="Look at the expressions in `text`.")
    check_text(len(text), LIMITS.number("text.longest"), "characters", "Slack")
    check_text(len(blocks) + len(media) + bool(media), LIMITS.number("blocks.most"), "blocks", "Slack", "message")
    check_media(media, LIMITS, "Slack")
    for medium in media:
        if medium.kind != "image":
            raise GiveUp(
                f"Slack shows images in a message, and not {medium.name}.",
                hint="Attach an image, or write the address of something else into the text.",
            )
