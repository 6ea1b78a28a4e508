"""What became of a post, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from antiphon.model.base import Noun


class Metrics(Noun):
    """How often something was done with a post, by the network's own count at a moment; None is not told there.

    `views` counts showings, `reach` counts people, `clicks` those on a link. `raw` is what the network said, as it
    said it.
    """

    at: datetime
    likes: int | None = None
    shares: int | None = None
    replies: int | None = None
    quotes: int | None = None
    saves: int | None = None
    views: int | None = None
    reach: int | None = None
    clicks: int | None = None
    raw: Mapping[str, Any] = {}
