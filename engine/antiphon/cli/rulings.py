"""What policy says of effects, for a person to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from antiphon.cli.printing import line, table

if TYPE_CHECKING:
    from antiphon.components.ports import Rulings
    from antiphon.model.ruling import Ruling
    from antiphon.model.run import Run


def of_runs(rulings: Rulings, runs: Sequence[Run | None]) -> dict[str, Sequence[Ruling]]:
    """What policy said last of each effect of some runs, by the effect's key; nothing where it was not asked."""
    keys = dict.fromkeys(step.effect for run in runs if run for step in run.steps if step.effect)
    found = {key: rulings.latest(key) for key in keys}
    return {key: said for key, said in found.items() if said}


def told(rulings: Mapping[str, Sequence[Ruling]]) -> Iterator[RenderableType]:
    """A table of them, if there are any."""
    if rulings:
        rows = ((line(key), one.rule, one.verdict, line(one.because)) for key, said in rulings.items() for one in said)
        yield Text("\nWhat policy says:")
        yield table(("effect", "rule", "verdict", "because"), rows)
