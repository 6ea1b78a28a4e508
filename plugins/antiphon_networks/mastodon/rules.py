"""What a Mastodon server allows: what it says of itself, and else what the documentation says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from antiphon import Limits

LIMITS = Limits.beside(__file__)

_TOLD = {
    "text.longest": ("statuses", "max_characters"),
    "url.length": ("statuses", "characters_reserved_per_url"),
    "media.most": ("statuses", "max_media_attachments"),
    "media.types": ("media_attachments", "supported_mime_types"),
    "image.bytes": ("media_attachments", "image_size_limit"),
    "image.pixels": ("media_attachments", "image_matrix_limit"),
    "video.bytes": ("media_attachments", "video_size_limit"),
    "alt.longest": ("media_attachments", "description_limit"),
    "profile.name": ("accounts", "max_display_name_length"),
    "profile.bio": ("accounts", "max_note_length"),
}


def limits_of(instance: Mapping[str, Any], on: date) -> Limits:
    """The limits of a server by its `GET /api/v2/instance`."""
    configuration = instance.get("configuration", {})
    told: dict[str, Any] = {name: configuration.get(part, {}).get(key) for name, (part, key) in _TOLD.items()}
    return LIMITS.told(told, f"GET /api/v2/instance of {instance['domain']}", on)
