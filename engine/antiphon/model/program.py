"""A program: what will be done. Every name resolved, every option typed, every step with an id."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any

from antiphon.model.base import Noun
from antiphon.model.policy import Limits
from antiphon.model.workflow import Conditions, Step


class Trigger(Noun):
    """A trigger that the catalogue knows, with its options as they stand after defaults."""

    id: str
    kind: str
    options: dict[str, Any]


class Program(Noun):
    """A compiled workflow. It is plain data: printable, storable, and equal when it would do the same."""

    id: str
    name: str
    timezone: str
    enabled: bool = True
    labels: dict[str, str] = {}
    triggers: tuple[Trigger, ...]
    conditions: Conditions = []
    subject: str = ""
    inputs: dict[str, Any] = {}
    limits: Limits = Limits()
    priority: int = 50
    steps: tuple[Step, ...]

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits of SHA-256 over the whole program: two versions differ, two copies do not."""
        text = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
