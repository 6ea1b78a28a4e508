"""Conditions as they are written in a document."""

from __future__ import annotations

from typing import Any, TypeAlias

Condition: TypeAlias = str | bool | dict[str, Any]
"""An expression, or one key that names a condition with its options; `any`, `all` and `not` nest others."""

Conditions: TypeAlias = Condition | list[Condition]
"""One condition, or a list of which all must hold."""
