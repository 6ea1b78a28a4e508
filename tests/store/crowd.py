"""One of several processes that want the last places of a limit: run by test_tally.py."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

from antiphon.components.clock import SystemClock
from antiphon.components.ports import NoRoom
from antiphon.model.ruling import Limit
from antiphon.store.database import open_store


def main(url: str, worker: str) -> None:
    """Say that all is ready, and at the word claim what there is; tell what was won."""
    store = open_store(url, SystemClock())
    limit = Limit(rule="cap", told="7", max=7, since=datetime(1970, 1, 1, tzinfo=UTC), person="ana")
    keys = sorted((entry.effect.key for entry in store.ledger.list(limit=1000)), reverse=worker == "1")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    won = []
    for key in keys:
        try:
            if store.ledger.claim(key, worker, [limit]):
                won.append(key)
        except NoRoom:
            continue
    store.close()
    sys.stdout.write(json.dumps(won))


if __name__ == "__main__":
    main(*sys.argv[1:])
