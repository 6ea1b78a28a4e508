"""How a post refers to its images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from antiphon import Medium, check_media
from antiphon_networks.bluesky.rules import LIMITS


def check(media: Sequence[Medium]) -> None:
    """Raises GiveUp, with the rule, the count and the limit, for media that the network would refuse."""
    check_media(media, LIMITS, "Bluesky")


def embedded(embed: Mapping[str, Any] | None, images: Sequence[tuple[Medium, Mapping[str, Any]]]) -> Mapping[str, Any]:
    """What is embedded in a post that shows these images, each with the blob that it was taken as; beside a quote, if
    there is one."""
    shown: dict[str, Any] = {
        "$type": "app.bsky.embed.images",
        "images": [{"alt": medium.alt, "image": blob, **_ratio(medium)} for medium, blob in images],
    }
    if embed is None:
        return shown
    return {"$type": "app.bsky.embed.recordWithMedia", "record": embed, "media": shown}


def _ratio(medium: Medium) -> dict[str, Any]:
    if not (medium.width and medium.height):
        return {}
    return {"aspectRatio": {"width": medium.width, "height": medium.height}}
