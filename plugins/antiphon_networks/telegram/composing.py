"""What a draft comes to on Telegram: the fields of a message, as long as Telegram takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from antiphon import Composed, Draft, GiveUp, Medium, check_media, check_text, code_units
from antiphon_networks.telegram.entities import parts_of
from antiphon_networks.telegram.parts import Part, joined
from antiphon_networks.telegram.rules import LIMITS

_TOGETHER = ({"image", "video"}, {"audio"}, {"document"})
"""What may stand in one album (sendMediaGroup)."""


def message_of(draft: Draft, chat: str, answers: str = "", recipients: tuple[str, ...] = ()) -> Composed:
    """A message to a chat, or the answer to one of its messages. Raises GiveUp for what Telegram would refuse.

    No `parse_mode` is ever set, so whatever stands in the text is only text. `@name` is a mention on Telegram all the
    same: nothing in the API turns that off.
    """
    if not chat:
        raise GiveUp(
            "It is not said which chat this goes to.",
            hint="Write `chat` in the options of the connection, or use `telegram.post` with a `chat` of its own.",
        )
    options = draft.options
    parts = [Part.model_validate(part) for part in options.get("parts") or ()]
    text, entities = joined(parts or [Part(text=draft.text)])
    _fits(text, draft.media)
    fields: dict[str, Any] = {"chat_id": addressed(chat), "text": text}
    if entities:
        fields["entities"] = entities
    if answers:
        fields["reply_parameters"] = {"message_id": parts_of(answers)[1][0]}
    if options.get("silent"):
        fields["disable_notification"] = True
    if options.get("preview") is False:
        fields["link_preview_options"] = {"is_disabled": True}
    if options.get("topic"):
        fields["message_thread_id"] = int(options["topic"])
    return Composed(fields, text, f"Telegram ({chat})", answers, recipients)


def addressed(chat: str) -> int | str:
    """A chat as the API wants it: its number, or the `@name` of a public one."""
    return int(chat) if chat.lstrip("-").isdecimal() else f"@{chat.lstrip('@')}"


def _fits(text: str, media: Sequence[Medium]) -> None:
    """Texts are counted after entities have been parsed; no markup is ever sent, so nothing is left to parse."""
    if not text and not media:
        raise GiveUp("There is nothing to send: the text is empty.", hint="Look at the expressions in `text`.")
    name, part = ("caption.longest", "text below media") if media else ("text.longest", "text")
    check_text(code_units(text), LIMITS.number(name), "UTF-16 code units", "Telegram", part)
    check_media(media, LIMITS, "Telegram")
    kinds = {medium.kind or "document" for medium in media}
    if len(media) > 1 and not any(kinds <= together for together in _TOGETHER):
        raise GiveUp(
            f"Telegram puts {' and '.join(sorted(kinds))} into no album.", hint="Send them in messages of their own."
        )
