"""The script: what networks answer in a rehearsal. What it does not foresee is done, with a receipt that is made up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from antiphon.components.clock import Clock
from antiphon.components.outcomes import payload_hash
from antiphon.components.pattern import Pattern
from antiphon.model.effect import (
    AuthDead,
    Disconnected,
    Done,
    Effect,
    Outcome,
    RateLimited,
    Receipt,
    Rejected,
    Unknown,
)
from antiphon.model.rehearsal import ScriptedAnswer

NOWHERE = "https://rehearsal.invalid/"
"""What the made-up addresses begin with: nobody can own the name (RFC 6761)."""


class Script:
    """The answers that are left, and what was said of effects whose answer got lost."""

    def __init__(self, answers: Sequence[ScriptedAnswer], clock: Clock) -> None:
        self._left = [one for answer in answers for one in [answer] * answer.times]
        self._clock = clock
        self._there: dict[str, bool | None] = {}

    def take(self, use: str, content: Mapping[str, Any]) -> ScriptedAnswer | None:
        """The next answer to an action with this content, which is used up with it."""
        for number, answer in enumerate(self._left):
            if answer.use in ("", use) and Pattern.model_validate(answer.match).holds(content):
                return self._left.pop(number)
        return None

    def outcome(self, effect: Effect, answer: ScriptedAnswer | None) -> Outcome:
        """What becomes of an effect by an answer, or without one."""
        if answer is None:
            return Done(self._receipt(effect, None))
        told = answer.because or f"the test says that it is {answer.answer}"
        match answer.answer:
            case "done":
                return Done(self._receipt(effect, answer))
            case "rejected":
                return Rejected(told)
            case "limited":
                return RateLimited(self._clock.now() + answer.after)
            case "unreachable":
                return Disconnected(told)
            case "denied":
                return AuthDead(told)
            case "unknown":
                self._there[effect.key] = answer.found
                return Unknown(told)

    def look(self, effect: Effect) -> Outcome | None:
        """What a look at the network finds of an effect that may have been done."""
        match self._there.get(effect.key, False):
            case True:
                return Done(self._receipt(effect, None))
            case None:
                return Unknown("the test does not say whether it is there")
        return None

    def _receipt(self, effect: Effect, answer: ScriptedAnswer | None) -> Receipt:
        """Made of the effect's key, so that it is the same every time."""
        name = hashlib.sha256(effect.key.encode()).hexdigest()[:12]
        result = dict(answer.result) if answer and isinstance(answer.result, Mapping) else {}
        return Receipt(
            remote_id=str(result.pop("remote_id", name)),
            url=str(result.pop("url", NOWHERE + name)),
            at=self._clock.now(),
            payload_hash=payload_hash(effect.payload),
            cost=effect.cost,
            data=result,
        )
