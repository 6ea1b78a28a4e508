"""Overlap: which slot a new run belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from antiphon.components.ports import Asked
from antiphon.errors import AntiphonError, InputError, StoreError
from antiphon.model.program import Program
from antiphon.model.run import Run, RunState
from antiphon.runtime.kit import Kit, storable, subject_key


@dataclass(frozen=True)
class Overlap:
    """Tells the slot of new runs."""

    kit: Kit

    def asked(self, program: Program, run: Run, *, gathers: bool = False) -> Asked:
        """The run with its slot: its workflow and what `run.key` gives. One whose key fails has failed.

        `gathers` says that the call came by itself, so that it may wait for others; only events do.
        """
        rules = program.run
        if rules.apart:
            return Asked(run, rules)
        try:
            key = self._key(program, run) if rules.key else ""
        except StoreError:
            raise
        except AntiphonError as error:
            return Asked(_failed(run, str(error)), rules)
        except Exception as error:
            return Asked(_failed(run, f"{type(error).__name__}: {error}"), rules)
        waits = bool(rules.settle or rules.gather) and "event" in run.scope
        placed = run.model_copy(update={"slot": storable(f"{program.id}/{key}")})
        return Asked(placed, rules, gathers=gathers and waits)

    def _key(self, program: Program, run: Run) -> str:
        value = self.kit.evaluator.render(program.run.key, self.kit.scope(program, run), self.kit.clock.now())
        key = subject_key(value) if isinstance(value, Mapping) else str("" if value is None else value)
        if not key.strip():
            # All such calls would have this one key, and would get into one another's way.
            raise InputError("it gives nothing, and must tell calls apart.")
        return key


def _failed(run: Run, why: str) -> Run:
    return run.model_copy(update={"state": RunState.FAILED, "because": f"`run.key` cannot be told: {why}"})
