"""What is personal: the names of somebody, and the rows in which they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORGOTTEN = "forgotten"
"""What stands where something was taken out."""


@dataclass(frozen=True, slots=True)
class Names:
    """By what somebody is found. `whole` are theirs everywhere: ids, addresses, profiles. `loose` are borne by others
    too, such as a first name, and count only in a row in which a whole one stands, or which is about them."""

    whole: frozenset[str]
    loose: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trace:
    """A row in which somebody stands: of which table, by which key, its values, and whether it is about them.

    A row that is not about them only names them, as what others wrote of them does.
    """

    table: str
    key: tuple[Any, ...]
    values: Mapping[str, Any]
    about: bool
