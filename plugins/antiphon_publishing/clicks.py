"""Clicks: whoever opens a short link goes on at once, and is counted without being known.

What a click comes from is kept nowhere. A visitor is told from another by a hash of address and browser, under a salt
that is made anew every day (UTC) and lives, like the hashes, in the memory of this process only; so after a restart
somebody may count as new. Programs are told by the list of crawler-user-agents and by previews.toml, and by what a
browser says when it fetches a page before anybody has asked for it; they are counted apart.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import tomllib
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from antiphon import AntiphonError, Event, Redirect, Visit
from antiphon_publishing.shortening import KIND

TYPE = "link.clicked"
AGAIN = timedelta(minutes=1)
"""A visitor who opens the same link again within this is not counted again: a double click, a reload."""

MOST = 200_000
"""Visits of a day that are remembered; beyond them everybody counts as known."""

log = logging.getLogger(__name__)


class Clicks:
    """Opens short links, and counts who goes there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day = date.min
        self._salt = b""
        self._seen: dict[bytes, datetime] = {}

    def open(self, visit: Visit) -> Redirect | None:
        """Where a code leads; None when there is no such link. That a click cannot be counted keeps nobody back."""
        found = visit.store.records.get(KIND, visit.key.lower())
        if found is None:
            return None
        try:
            self._count(found.key, found.data, visit)
        except AntiphonError as error:
            log.warning("A click on %s was not counted: %s", found.key, error)
        return Redirect(str(found.data["target"]))

    def _count(self, code: str, link: Mapping[str, Any], visit: Visit) -> None:
        now, program = visit.clock.now(), by_itself(visit.method, visit.headers)
        before, again = self._known(f"{code}\n{program}", visit, now)
        if again:
            return
        if program:
            _add(visit, code, now, bots=1)
            return
        _add(visit, code, now, clicks=1, visitors=0 if before else 1)
        said = {name: link[name] for name in ("target", "connection", "campaign", "tags")}
        data = {**said, "code": code, "first_of_visitor": not before}
        visit.store.events.ingest([Event(f"{TYPE}:{code}:{uuid.uuid4().hex}", TYPE, now, data, "publishing")])

    def _known(self, what: str, visit: Visit, now: datetime) -> tuple[bool, bool]:
        """Whether this visitor has done this today, and whether that was a moment ago."""
        with self._lock:
            if (today := now.astimezone(UTC).date()) != self._day:
                self._day, self._salt, self._seen = today, secrets.token_bytes(16), {}
            who = f"{visit.address}\n{visit.headers.get('user-agent', '')}\n{what}".encode("utf-8", "replace")
            digest = hashlib.blake2b(who, key=self._salt, digest_size=12).digest()
            last = self._seen.get(digest)
            again = last is not None and now - last < AGAIN
            if not again and (last is not None or len(self._seen) < MOST):
                self._seen[digest] = now
            return last is not None or digest not in self._seen, again


def by_itself(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a program has opened the link, and no person."""
    agent = headers.get("user-agent", "")[:400]
    early = " ".join(headers.get(name, "") for name in ("purpose", "sec-purpose", "x-purpose", "x-moz")).lower()
    if method != "GET" or not agent.strip() or "prefetch" in early or "preview" in early:
        return True
    from crawleruseragents import is_crawler  # its patterns take a while to be read

    return any(name in agent.lower() for name in previews()) or bool(is_crawler(agent))


@cache
def previews() -> tuple[str, ...]:
    """What servers of networks call themselves that look at every link of a post, in small letters."""
    told = tomllib.loads(files("antiphon_publishing").joinpath("previews.toml").read_text("utf-8"))
    return tuple(name.lower() for name in told)


def _add(visit: Visit, code: str, now: datetime, **counts: int) -> None:
    def counted(known: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**known, **{name: known[name] + more for name, more in counts.items()}}

    visit.store.records.amend(KIND, code, counted, now)
