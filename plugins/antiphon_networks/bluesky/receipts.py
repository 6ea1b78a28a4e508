"""What is kept of an act that Bluesky did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from antiphon import Receipt, payload_hash
from antiphon_networks.bluesky.client import Record
from antiphon_networks.bluesky.identifiers import POST, Uri


def of_record(payload: Mapping[str, Any], record: Record, at: datetime, rate: dict[str, str] | None = None) -> Receipt:
    """The receipt of a record that is ours: a post, or what we did to one."""
    data: dict[str, Any] = {"cid": record.cid}
    if "reply" in payload:
        data["root"] = dict(payload["reply"]["root"])
    return Receipt(
        remote_id=str(record.uri),
        url=_page(record),
        at=at,
        payload_hash=payload_hash(payload),
        rate=rate or {},
        data=data,
    )


def of_removal(payload: Mapping[str, Any], uri: Uri, at: datetime, rate: dict[str, str] | None = None) -> Receipt:
    """The receipt of a record that is gone."""
    return Receipt(remote_id=str(uri), at=at, payload_hash=payload_hash(payload), rate=rate or {})


def _page(record: Record) -> str:
    if record.uri.collection == POST:
        return record.uri.page
    return Uri.read(record.value["subject"]["uri"]).page
