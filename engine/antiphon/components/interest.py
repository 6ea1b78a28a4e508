"""Interests: which events somebody waits for."""

from __future__ import annotations

from dataclasses import dataclass, field

from antiphon.components.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Interest:
    """Which events are waited for: a type (a last part of `*` stands for any), and a pattern over the data."""

    type: str
    match: Pattern = field(default_factory=Pattern)
