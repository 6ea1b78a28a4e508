"""A token that runs out, and what it is renewed with."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from antiphon.model.base import Noun


class Token(Noun):
    """`access` proves who we are until `expires_at` (UTC; None: no end is known), `refresh` gets the next one."""

    access: str = Field(min_length=1, repr=False)
    refresh: str = Field("", repr=False)
    expires_at: datetime | None = None
