"""Exit codes: what a script that calls us may rely on.

0  done
1  the author's mistake: a document, an input, a run that failed
2  wrong usage of the command line
3  the operator's setup: a setting, a secret, the database, a network that cannot be reached
4  refused by policy
5  a person is needed: something is held, parked, or in doubt
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

from antiphon.errors import AntiphonError, SetupError, StepError, Vetoed

if TYPE_CHECKING:
    from antiphon.model.activation import Activation


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    AUTHOR = 1
    USAGE = 2
    OPERATOR = 3
    POLICY = 4
    PERSON = 5
    INTERRUPTED = 130


def of_error(error: AntiphonError) -> Exit:
    """Who has to do something about an error."""
    match error:
        case SetupError() | StepError():
            return Exit.OPERATOR
        case Vetoed():
            return Exit.POLICY
    return Exit.AUTHOR


def of_activations(activations: Iterable[Activation]) -> Exit:
    """What runs came to. What may have reached the world half done is told before what surely has not."""
    from antiphon.model.effect import EffectState

    found = list(activations)
    effects = {state for activation in found for state in activation.effects}
    if effects & {EffectState.HELD, EffectState.PARKED, EffectState.UNKNOWN, EffectState.CLAIMED}:
        return Exit.PERSON
    if any(not run.waits for activation in found for run in activation.waiting):
        return Exit.PERSON
    if EffectState.VETOED in effects:
        return Exit.POLICY
    return Exit.AUTHOR if any(activation.failed for activation in found) else Exit.DONE
