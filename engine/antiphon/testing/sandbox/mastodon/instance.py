"""What the server is and which limits it has (mastodon/documentation, entities/Instance.md, 2026-07-02)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox.mastodon import rules
from antiphon.testing.sandbox.mastodon.access import Network
from antiphon.testing.sandbox.text import URL_LENGTH

router = APIRouter()


@router.get("/api/v2/instance")
def instance(world: Network) -> JSONResponse:
    """The server's description; clients read the limits here rather than know them."""
    return JSONResponse(
        {
            "domain": world.domain,
            "title": "Antiphon sandbox",
            "version": "4.4.0 (compatible; Antiphon sandbox)",
            "source_url": "https://github.com/mastodon/mastodon",
            "description": "A network in memory: nothing that is posted here reaches anybody.",
            "usage": {"users": {"active_month": len(world.accounts)}},
            "thumbnail": {"url": f"https://{world.domain}/thumbnail.png", "blurhash": None, "versions": {}},
            "icon": [],
            "languages": ["en"],
            "configuration": {
                "urls": {},
                "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
                "statuses": {
                    "max_characters": rules.MAX_CHARACTERS,
                    "max_media_attachments": rules.MAX_MEDIA,
                    "characters_reserved_per_url": URL_LENGTH,
                },
                "media_attachments": {
                    "description_limit": rules.MAX_DESCRIPTION,
                    "image_matrix_limit": 33_177_600,
                    "image_size_limit": rules.IMAGE_SIZE,
                    "supported_mime_types": list(rules.MIME_TYPES),
                    "video_frame_rate_limit": 120,
                    "video_matrix_limit": 8_294_400,
                    "video_size_limit": rules.VIDEO_SIZE,
                },
                "polls": {
                    "max_options": 4,
                    "max_characters_per_option": 50,
                    "min_expiration": 300,
                    "max_expiration": 2_629_746,
                },
                "translation": {"enabled": False},
            },
            "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
            "api_versions": {"mastodon": 4},
            "contact": {"email": f"nobody@{world.domain}", "account": None},
            "rules": [],
        }
    )
