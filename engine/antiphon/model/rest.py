"""A rest: a trigger answers nothing by itself until a person starts it again."""

from __future__ import annotations

from datetime import datetime

from antiphon.model.base import Noun


class Rest(Noun):
    """Why a trigger rests, and since when. `run` is the last one that failed; empty when a person stopped it."""

    workflow: str
    trigger: str
    at: datetime
    because: str
    by: str
    run: str = ""
