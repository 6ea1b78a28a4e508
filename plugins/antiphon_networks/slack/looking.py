"""Looking back: whether a message that is in doubt stands in its channel or thread.

A message carries the key of its act as metadata, which Slack keeps and shows to the app (docs.slack.dev, "Message
metadata"): so two messages with the same words are told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from antiphon_networks.slack.client import SlackReader

Json = Mapping[str, Any]

_EVENT = "antiphon_act"


def named(key: str) -> dict[str, Any]:
    """The metadata that names an act."""
    return {"event_type": _EVENT, "event_payload": {"key": key}}


def look_back(wanted: Json, key: str, client: SlackReader, since: datetime) -> Json | None:
    """The message since then that is this act; None when there surely is none."""
    oldest = f"{int(since.timestamp())}.000000"
    page = client.history(str(wanted["channel"]), oldest, str(wanted.get("thread_ts") or ""))
    return next((message for message in page if _key(message) == key), None)


def _key(message: Json) -> str:
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("key") or "") if metadata.get("event_type") == _EVENT else ""
