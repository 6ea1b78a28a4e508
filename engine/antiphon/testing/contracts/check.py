"""A check: one law, and what becomes of it on a bench."""

from __future__ import annotations

import inspect
import unittest
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from antiphon.components.capabilities import Ability
from antiphon.components.clock import SystemClock
from antiphon.testing.clock import VirtualClock

if TYPE_CHECKING:
    from antiphon.testing.contracts.bench import Bench
    from antiphon.testing.contracts.desk import Desk


class Broken(AssertionError):
    """A law does not hold; the sentence says what was expected, and what came."""


class LeftOut(unittest.SkipTest):
    """A law does not apply here, or the bench cannot try it; the sentence says why."""


@dataclass(frozen=True)
class Check:
    """One law of the contract. Calling it with the class of a bench starts that bench, tries, and stops it again."""

    name: str
    law: str
    needs: Ability | None
    attempt: Callable[[Desk], None]

    def __call__(self, bench: type[Bench]) -> None:
        """Try it. Raises Broken or LeftOut."""
        from antiphon.testing.contracts.desk import Desk

        with bench(VirtualClock(SystemClock().now())) as started:
            desk = Desk(started)
            if self.needs is not None and self.needs not in desk.connector_class.abilities():
                raise LeftOut(f"{desk.connector_class.name} cannot {self.needs}")
            self.attempt(desk)

    def __str__(self) -> str:
        return self.name


def check(needs: Ability | None = None) -> Callable[[Callable[[Desk], None]], Check]:
    """Makes a check of a function whose docstring is the law."""
    return lambda attempt: Check(attempt.__name__, inspect.cleandoc(attempt.__doc__ or ""), needs, attempt)


def expect(expected: Any, found: Any, about: str) -> None:
    """Raise Broken unless both are equal."""
    if expected != found:
        raise Broken(f"{about}: expected {expected!r}, and it was {found!r}")


def expect_one_of(kinds: type | tuple[type, ...], found: Any, about: str) -> None:
    """Raise Broken unless something is of one of these classes; None is written as `type(None)`."""
    if not isinstance(found, kinds):
        wanted: Iterable[type] = kinds if isinstance(kinds, tuple) else (kinds,)
        names = " or ".join("None" if kind is type(None) else kind.__name__ for kind in wanted)
        raise Broken(f"{about}: expected {names}, and it was {found!r}")
