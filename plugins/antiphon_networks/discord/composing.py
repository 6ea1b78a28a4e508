"""What a draft comes to on Discord: the body of a message, as long as Discord takes it."""

from __future__ import annotations

from typing import Any

from antiphon import Composed, Draft, GiveUp, check_media, check_text
from antiphon_networks.discord.embeds import Embed, cards
from antiphon_networks.discord.escaping import escaped
from antiphon_networks.discord.rules import LIMITS

_NO_PREVIEWS = 1 << 2
_SILENT = 1 << 12


def message_of(draft: Draft, channel: str, answers: str = "", recipients: tuple[str, ...] = ()) -> Composed:
    """A message to a channel, or the answer to one of its messages. Raises GiveUp for what Discord would refuse.

    It calls nobody but those whom `mention` lists, whoever is named in its text.
    """
    if not channel:
        raise GiveUp(
            "It is not said which channel this goes to.",
            hint="Write `channel` in the options of the connection, or use `discord.post` with a `channel` of its own.",
        )
    options = draft.options
    markdown = bool(options.get("markdown"))
    called = [str(one) for one in options.get("mention") or ()]
    before = "".join(f"<@{one}> " for one in called)
    content = (before + (draft.text if markdown else escaped(draft.text))).strip()
    embeds = cards([Embed.model_validate(one) for one in options.get("embeds") or ()], markdown=markdown)
    _fits(content, draft, has_embeds=bool(embeds))
    message: dict[str, Any] = {
        "content": content,
        "allowed_mentions": {"parse": [], "users": called, "replied_user": bool(options.get("ping"))},
    }
    if embeds:
        message["embeds"] = embeds
    if answers:
        message["message_reference"] = {"message_id": answers.partition("/")[2], "fail_if_not_exists": True}
    if flags := _flags(options):
        message["flags"] = flags
    read = before + (draft.text or next((str(card["title"]) for card in embeds if "title" in card), ""))
    return Composed({"channel": channel, "message": message}, read, f"Discord ({channel})", answers, recipients)


def _flags(options: dict[str, Any]) -> int:
    return (_NO_PREVIEWS if options.get("preview") is False else 0) | (_SILENT if options.get("silent") else 0)


def _fits(content: str, draft: Draft, *, has_embeds: bool) -> None:
    if not content and not draft.media and not has_embeds:
        raise GiveUp("There is nothing to send: the text is empty.", hint="Look at the expressions in `text`.")
    check_text(len(content), LIMITS.number("text.longest"), "characters", "Discord")
    check_media(draft.media, LIMITS, "Discord")
