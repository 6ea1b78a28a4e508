"""Reading what a bot was told, so that several triggers can.

Telegram forgets updates as soon as somebody asks for later ones (`offset`), whoever else has not seen them yet. So they
are left there until a hundred wait, which is as many as it tells at once; then the older half goes, when it has been
seen. What is left unread for a day Telegram forgets by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from antiphon import Event, GiveUp, Page, Person

Json = Mapping[str, Any]

FULL = 100
KEPT = 50
"""How many of a hundred updates stay when the older ones go."""


class Bot(Protocol):
    """Who is asked."""

    def updates(self) -> Sequence[Json]: ...  # noqa: D102
    def forget(self, before: int) -> Sequence[Json]: ...  # noqa: D102


class Inbox:
    """What a bot was told; a cursor is the list of the updates that were seen and are still there."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def page(self, cursor: str | None, heard: Callable[[Json], tuple[Event, Person] | None]) -> Page:
        """What is new since the cursor; ids of updates tell no order, since Telegram begins anew after a quiet week."""
        seen = _read(cursor)
        updates = self._bot.updates()
        older = updates[: FULL - KEPT]
        if len(updates) >= FULL and all(update["update_id"] in seen for update in older):
            updates = self._bot.forget(before=int(updates[FULL - KEPT]["update_id"]))
        fresh = [update for update in updates if update["update_id"] not in seen]
        try:
            messages = (update.get("message") or update.get("channel_post") for update in fresh)
            pairs = [pair for pair in (heard(message) for message in messages if message) if pair]
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
            raise GiveUp(
                f"Telegram sent something that is not as it documents it: {type(error).__name__} {error}.",
                hint="Check the `server` of the connection.",
            ) from error
        people = {person.id: person for _, person in pairs}
        return Page(
            events=[event for event, _ in pairs],
            cursor=json.dumps([update["update_id"] for update in updates]),
            more=len(updates) >= FULL and bool(fresh),
            people=tuple(people.values()),
        )


def _read(cursor: str | None) -> set[int]:
    try:
        return {int(one) for one in json.loads(cursor or "[]")}
    except (TypeError, ValueError):
        return set()
