"""Every way Antiphon says no, named for what to do next.

AntiphonError
├── DocumentError       the author's page: every problem at once, with place, sentence and hint
├── InputError          the caller's value: an event file, an input, an argument
│   └── Untrusted       a request that is not from the one it should be from
├── SetupError          the operator's machine
│   ├── SettingsError   antiphon.toml or the environment
│   ├── PluginError     a plugin that raises, clashes or misspells a hook; the others go on
│   ├── SecretMissing   a secret that nobody resolves
│   └── StoreError      the database is not there, not ours, or behind
├── StepError           one step of one run
│   ├── RetryLater      not sent, may be tried again
│   ├── GiveUp          will not work as it stands
│   │   └── AccessLost  the credentials no longer work; the step waits for a person
│   └── Skip            deliberately not done
└── Vetoed              a review said no; recorded, not retried
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a text: line and column count from 1; a column counts characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake of an author: where it is, what it is, and what to do about it."""

    place: Place
    sentence: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" + (f" {self.hint}" if self.hint else "")


class AntiphonError(Exception):
    """The root of all errors that are meant to be read by a person."""

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".strip()


class DocumentError(AntiphonError):
    """A document cannot be used; `problems` holds every reason, in reading order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(AntiphonError):
    """What the caller handed in cannot be used; nothing was done."""


class Untrusted(InputError):
    """A request from outside whose sender cannot be told, or is not the right one; nothing was done."""


class SetupError(AntiphonError):
    """The operator's machine is not ready."""


class SettingsError(SetupError):
    """antiphon.toml or an environment variable says something that cannot be."""


class PluginError(SetupError):
    """A plugin failed at the seam; it is left out and the others go on."""

    def __init__(self, plugin: str, hook: str, sentence: str, *, hint: str = "") -> None:
        where = f"Plugin {plugin}" + (f", hook {hook}" if hook else "")
        super().__init__(f"{where}: {sentence}", hint=hint)
        self.plugin = plugin
        self.hook = hook


class SecretMissing(SetupError):
    """A document or a connection names a secret that no plugin resolves."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The secret {name!r} is not set.",
            hint=f"Set the environment variable ANTIPHON_SECRET_{name.upper()}, or run `antiphon secrets set {name}`.",
        )
        self.name = name


class StoreError(SetupError):
    """The database cannot be opened, read or written."""


class StepError(AntiphonError):
    """One step of one run did not come to its end."""


class RetryLater(StepError):
    """The step sent nothing and may be tried again `after` this long."""

    def __init__(self, sentence: str, *, after: timedelta, hint: str = "") -> None:
        super().__init__(sentence, hint=hint)
        self.after = after


class GiveUp(StepError):
    """The step will not work as it stands; a person must change something."""


class AccessLost(GiveUp):
    """The credentials no longer work. Whatever needs them waits until a person has renewed them, and then goes on."""


class Skip(StepError):
    """The step decided that there is nothing to do; the run goes on."""


class Vetoed(AntiphonError):
    """A review refused an effect; every reason is kept."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)
