"""Where somebody stands in the store, whatever the table, and their going; and where plugins keep people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from antiphon.components.ports.kept import Record
from antiphon.model.personal import Names, Trace

Documents = Mapping[tuple[str, str], Mapping[str, Any] | None]
"""Documents of plugins by kind and key: what becomes of each, or None where it goes."""


class Personal(Protocol):
    """Where somebody stands in the store. No table is named that is looked through, so that none can be left out.

    Left out on purpose are credentials, which are sealed, suppressions, and the documents of workflows.
    """

    def traces(self, names: Names) -> Iterator[Trace]:
        """Every row in which they stand."""

    def erase(self, names: Names, documents: Documents, pseudonym: str) -> Mapping[str, int]:
        """Take them out of every row, in one transaction; how many rows of which table were changed or went.

        What is about them loses its content and keeps its key, which the ledger and the runs need so that nothing
        happens twice; elsewhere `pseudonym` stands in the place of their names. Keys of effects that name them become
        digests, by which they are still known. In the audit the words go and their seal stays.

        Raises:
            InputError: an effect that reaches them is in doubt, and could not be looked for any more.
        """

    def scrub(self) -> None:
        """Leave nothing in the file of what has gone: SQLite keeps what was deleted until its pages are written anew.

        Raises:
            StoreError: others are at work on the database; what was erased is erased, and this can be asked for again.
        """


def _gone(record: Record, names: Collection[str]) -> Mapping[str, Any] | None:
    return None


@dataclass(frozen=True, slots=True)
class PersonalRecords:
    """A kind of a plugin's records that are about people.

    `about` says whom one is about, by ids, addresses or profiles; `without` what is left of one without somebody, who
    is given by all their names in small letters, or None where it goes: that is what becomes of it when nothing is
    said. A kind that no plugin claims is about whoever is one of its values.
    """

    kind: str
    about: Callable[[Record], Iterable[str]]
    without: Callable[[Record, Collection[str]], Mapping[str, Any] | None] = _gone
