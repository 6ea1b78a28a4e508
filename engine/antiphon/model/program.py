"""A program: what will be done. Every name resolved, every option typed, every step with an id."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any

from antiphon.model.base import Noun
from antiphon.model.conditions import Conditions
from antiphon.model.liveness import Liveness
from antiphon.model.overlap import RunOptions
from antiphon.model.policy import Limits
from antiphon.model.waiting import Exit
from antiphon.model.workflow import Step


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
    run: RunOptions = RunOptions()
    liveness: Liveness | None = None
    steps: tuple[Step, ...]
    exit: tuple[Exit, ...] = ()
    on_exit: dict[str, tuple[Step, ...]] = {}
    on_error: tuple[Step, ...] = ()

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """The steps of a run, and those that come when it ends early or fails."""
        apart = [step for steps in self.on_exit.values() for step in steps]
        return (*self.steps, *apart, *self.on_error)

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits of SHA-256 over the program: two versions differ, two copies do not.

        What stands at its default is left out, so that a program is the same one after the language has grown.
        """
        written = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        text = json.dumps(written, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
