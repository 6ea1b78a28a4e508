"""What is known of the networks' rate limits, by all workers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from antiphon.components.rates import Allowance


class Allowances(Protocol):
    """How much each network still takes, as its latest answers said."""

    def learn(self, connection: str, scope: str, allowance: Allowance) -> None:
        """Keep what an answer said; `scope` is the kind of request."""

    def known(self, connection: str) -> Mapping[str, Allowance]:
        """What is known of a connection, by scope."""
