from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from antiphon.builtins.filters import FILTERS
from antiphon.language import Evaluator, Later

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def evaluator() -> Evaluator:
    """An evaluator with the filters that every workspace has."""
    return Evaluator(FILTERS)


@pytest.fixture
def scope() -> dict[str, Any]:
    """What a run sees: an event, an answer, and a step that has not run yet."""
    return {
        "event": {
            "text": "Bonjour",
            "followers": 37,
            "items": [1, 2],
            "nothing": None,
            "verified": True,
            "at": NOW,
            "created_at": "2026-02-01T12:00:00+00:00",
            "author": {"name": "Zoé"},
            "quoted": "${{ secrets.token }}",
        },
        "inputs": {"gap": "4d", "touches": 3},
        "steps": {"copy": Later("copy"), "made": {"variants": {"short": "hi"}}},
    }
