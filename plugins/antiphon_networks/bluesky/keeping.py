"""Records of our own: written once, found again, and removed."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from antiphon import Done, Outcome, Receipt, Rejected, Unknown, rates
from antiphon_networks.bluesky.client import BlueskyWriter, Json, Record
from antiphon_networks.bluesky.identifiers import Uri, moment, written
from antiphon_networks.bluesky.receipts import of_record, of_removal

Says = Callable[[Json], bool]
"""Whether a record that is there says what it should."""


class Keeper(BlueskyWriter):
    """An account that keeps a record where nobody but the same act would. `payload` is what the receipt is of."""

    def place(self, collection: str, key: str) -> Uri:
        """The address of a record of ours."""
        return Uri(self.did(), collection, key)

    def put(self, uri: Uri, content: Json, payload: Json, says: Says) -> Outcome:
        """Write a record with the time of now; one that is there already and says the same is as good."""
        record = {**content, "createdAt": written(self._clock.now())}

        def made(answer: httpx.Response) -> Receipt:
            body = answer.json()
            there = Record(Uri.read(body["uri"]), str(body["cid"]), record)
            return of_record(payload, there, moment(record["createdAt"]), rates(answer))

        def taken() -> Outcome:
            found = self.look(uri, payload, says)
            return found if isinstance(found, Done) else Rejected(f"{uri} is there already, and says something else.")

        return self.create(uri, record, made, taken)

    def look(self, uri: Uri, payload: Json, says: Says) -> Outcome | None:
        """Done when a record is there, None when it is not, Unknown when it says something else."""
        record = self.record(uri)
        if record is None:
            return None
        if not says(record.value):
            return Unknown(f"{uri} is of the same act, but says something else.")
        return Done(of_record(payload, record, moment(record.value["createdAt"])))

    def drop(self, uri: Uri, payload: Json) -> Outcome:
        """Delete a record of ours."""
        return self.remove(uri, lambda answer: of_removal(payload, uri, self._clock.now(), rates(answer)))

    def gone(self, uri: Uri, payload: Json) -> Outcome:
        """The outcome of a deletion that was seen to have happened."""
        return Done(of_removal(payload, uri, self._clock.now()))
