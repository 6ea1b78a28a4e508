"""Embeds: cards below a message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from antiphon import Options, check_text
from antiphon_networks.discord.escaping import escaped
from antiphon_networks.discord.rules import LIMITS

_ADDRESS = r"^$|^https?://\S+$"


class EmbedField(Options):
    """One of the small columns of an embed."""

    name: str = Field(min_length=1, description="What stands above.")
    value: str = Field(min_length=1, description="What stands below.")
    inline: bool = Field(False, description="Whether it may stand beside others.")


class Embed(Options):
    """A card below a message."""

    title: str = Field("", description="What it is called.")
    url: str = Field("", pattern=_ADDRESS, description="Where its title leads.")
    description: str = Field("", description="What it says.")
    color: int | None = Field(None, ge=0, le=0xFFFFFF, description="The colour of its edge, such as 0x6F4E37.")
    fields: tuple[EmbedField, ...] = Field((), description="Small columns.")
    footer: str = Field("", description="The small print.")
    image: str = Field("", pattern=_ADDRESS, description="The address of an image.")


def cards(embeds: Sequence[Embed], *, markdown: bool) -> list[dict[str, Any]]:
    """The embeds as the API wants them. Raises GiveUp for what Discord would refuse, with the rule and the count."""
    _check("message", "embeds", len(embeds), "embeds.most")
    made = [_card(embed, markdown=markdown) for embed in embeds]
    _check("whole of all embeds", "characters", sum(map(_counted, made)), "embeds.longest")
    return made


def _card(embed: Embed, *, markdown: bool) -> dict[str, Any]:
    def said(text: str) -> str:
        return text.strip() if markdown else escaped(text.strip())

    fields = [{"name": said(one.name), "value": said(one.value), "inline": one.inline} for one in embed.fields]
    title, description = said(embed.title), said(embed.description)
    _check("title of an embed", "characters", len(title), "embed.title")
    _check("description of an embed", "characters", len(description), "embed.description")
    _check("footer of an embed", "characters", len(embed.footer), "embed.footer")
    _check("embed", "fields", len(fields), "embed.fields")
    for field in fields:
        _check("name of a field", "characters", len(str(field["name"])), "field.name")
        _check("value of a field", "characters", len(str(field["value"])), "field.value")
    card: dict[str, Any] = {
        "title": title,
        "url": embed.url,
        "description": description,
        "color": embed.color,
        "fields": fields,
        "footer": {"text": embed.footer} if embed.footer else None,
        "image": {"url": embed.image} if embed.image else None,
    }
    return {name: value for name, value in card.items() if value not in ("", None, [])}


def _check(part: str, unit: str, count: int, limit: str) -> None:
    check_text(count, LIMITS.number(limit), unit, "Discord", part)


def _counted(card: dict[str, Any]) -> int:
    texts = [card.get("title", ""), card.get("description", ""), card.get("footer", {}).get("text", "")]
    return sum(map(len, texts)) + sum(len(one["name"]) + len(one["value"]) for one in card.get("fields", ()))
