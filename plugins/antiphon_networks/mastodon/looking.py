"""Looking back: whether a status that is in doubt stands among our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from antiphon import Done, Outcome, Unknown
from antiphon_networks.mastodon.client import MastodonReader
from antiphon_networks.mastodon.entities import Json, moment
from antiphon_networks.mastodon.length import without_servers
from antiphon_networks.mastodon.receipts import of_status
from antiphon_networks.plain import plain

_MOST_PAGES = 10


def look_back(
    wanted: Mapping[str, Any], client: MastodonReader, since: datetime, made: Callable[[str], bool]
) -> Outcome | None:
    """The oldest status since then that says the same in the same place and is no other act's."""
    before: str | None = None
    found: Json | None = None
    for _ in range(_MOST_PAGES):
        page = client.own_statuses(before)
        recent = [status for status in page if moment(status["created_at"]) >= since]
        ours = (status for status in reversed(recent) if says(status, wanted) and not made(str(status["id"])))
        found = next(ours, found)
        if not page or len(recent) < len(page):
            return Done(of_status(wanted, found)) if found else None
        before = str(page[-1]["id"])
    return Done(of_status(wanted, found)) if found else Unknown("There are too many posts since to look through.")


def says(status: Json, wanted: Mapping[str, Any]) -> bool:
    """Whether a status says what a form says, in the same place."""
    return (
        str(status.get("in_reply_to_id") or "") == str(wanted.get("in_reply_to_id", ""))
        and str(status.get("spoiler_text") or "") == str(wanted.get("spoiler_text", ""))
        and _words(plain(status["content"]).text) == _words(str(wanted["status"]))
    )


def _words(text: str) -> list[str]:
    return without_servers(text).split()
