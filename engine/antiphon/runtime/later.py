"""Values of a plan that only a step still to be done will tell."""

from __future__ import annotations

from typing import Any

from antiphon.language import Later


def holds_later(value: Any) -> bool:
    """Whether a value is, or has in it, something that only a later result will tell."""
    match value:
        case Later():
            return True
        case dict():
            return any(holds_later(item) for item in value.values())
        case list() | tuple():
            return any(holds_later(item) for item in value)
    return False


def shown(value: Any) -> Any:
    """The same value with what is known only later put in words."""
    match value:
        case Later():
            return str(value)
        case dict():
            return {key: shown(item) for key, item in value.items()}
        case list() | tuple():
            return [shown(item) for item in value]
    return value
