"""What it costs to know who somebody is and how ripe: in memory, without the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.bench.material import NOON
from tests.bench.measure import Figure, cpu

from antiphon_leads.book import added
from antiphon_leads.identity import hints, proofs
from antiphon_leads.scoring import Engagement, Fit, Rules, rate

HEARD = 20_000
PEOPLE = 2_000
RULES = Rules(
    fit=(Fit.model_validate({"fact": "branch", "in": ["hotel"], "points": 20}),),
    engagement={"mention.received": Engagement(points=10, cap=30)},
)
BASIS = {"basis": "legitimate_interest", "because": "Asked in public", "source": ""}


def leads(folder: Path) -> Iterator[Figure]:
    """Events a second of which each is somebody's: added to their lead, identified, and scored."""
    heard = [
        (
            number % PEOPLE,
            {"type": "mention.received", "at": (NOON + timedelta(seconds=number)).isoformat(), "post": ""},
        )
        for number in range(HEARD)
    ]

    def bare() -> None:
        counted: dict[int, list[Any]] = {}
        for who, signal in heard:
            counted.setdefault(who, []).append(signal)

    def ours() -> None:
        known: dict[int, Any] = {}
        bearers: dict[str, set[int]] = {}
        for number, (who, signal) in enumerate(heard):
            given = {"handle": f"user{who}", "email": f"user{who}@example.org", "email_verified": True}
            said = {**given, "basis": BASIS, "facts": {"branch": "hotel"}, "signals": {f"m:{number}": signal}}
            known[who] = added(known.get(who, {}), said, NOON)
            for key in (*proofs(known[who]), *hints(known[who])):
                bearers.setdefault(key, set()).add(who)
            rate(known[who], RULES, NOON + timedelta(seconds=number))

    floor, spent = cpu(bare), cpu(ours)
    rate_ = HEARD / spent
    times = f"{spent / floor:.0f} × the bare loop"
    yield Figure("leads identified and scored", f"{rate_:,.0f}/s", times, "≥ 5,000/s", rate_ >= 5000)
