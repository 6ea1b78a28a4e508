"""A text in parts, each with its own look: what is bold is said beside the words, and not by signs among them.

So what a stranger wrote cannot end a link, open a tag or change how the rest looks (MessageEntity, Bot API 10.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from antiphon import Options, code_units


class Part(Options):
    """Some words, and how they look."""

    text: str = Field(description="The words.")
    style: Literal["bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote"] | None = (
        Field(None, description="How they look.")
    )
    url: str = Field("", description="Where they lead.", pattern=r"^$|^(https?|tg)://\S+$")


def joined(parts: Sequence[Part]) -> tuple[str, list[dict[str, Any]]]:
    """The whole text, and its entities, whose offsets and lengths are in UTF-16 code units.

    Blanks at the ends of the text are left out, as Telegram does, so that no offset is wrong afterwards.
    """
    text = ""
    entities: list[dict[str, Any]] = []
    for part in parts:
        words = part.text if text else part.text.lstrip()
        where = {"offset": code_units(text), "length": code_units(words)}
        if words and part.style:
            entities.append({"type": part.style, **where})
        if words and part.url:
            entities.append({"type": "text_link", **where, "url": part.url})
        text += words
    whole = text.rstrip()
    return whole, [cut for entity in entities if (cut := _within(entity, code_units(whole)))]


def _within(entity: dict[str, Any], end: int) -> dict[str, Any] | None:
    length = min(entity["length"], end - entity["offset"])
    return {**entity, "length": length} if length > 0 else None
