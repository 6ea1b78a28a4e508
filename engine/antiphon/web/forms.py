"""Forms: what a browser sends when somebody presses a button."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs

from fastapi import Request

MOST_FIELDS = 60


def read_form(body: bytes | None) -> dict[str, str] | None:
    """The fields of a form, each given once; None when it is none."""
    try:
        found = parse_qs(
            (body or b"").decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return None
    return {name: values[0] for name, values in found.items()} if all(len(one) == 1 for one in found.values()) else None


def fields(request: Request) -> Mapping[str, str]:
    """What was posted, once the gate has proved that our own page has sent it."""
    posted: Mapping[str, str] = request.state.fields
    return posted
