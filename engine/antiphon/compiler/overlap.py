"""Run options: how the runs of a workflow get along."""

from __future__ import annotations

from antiphon.compiler.references import References, Sight
from antiphon.model.overlap import RunOptions


def check_run_options(run: RunOptions, sight: Sight, references: References) -> None:
    """Check the `run:` of a document; its key sees what is known when a run begins."""
    references.check(run.key, ("run", "key"), sight)
