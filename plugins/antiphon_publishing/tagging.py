"""Tagging: the parameters by which the brand's own site tells where a visitor came from (utm_source and the like).

Google's "Campaign URL Builder" names them (support.google.com/analytics/answer/10917952, read 2026-11-24); every
counter of visits reads them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import parse_qsl, quote, urlsplit

Parameter = Literal["source", "medium", "campaign", "content", "term"]

LONGEST = 200
"""Characters of one value; what is longer is cut."""

_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»\x00-\x1f]+", re.IGNORECASE)
_AFTER = ".,;:!?…'’"
"""What ends a sentence and no address, where it stands last."""


def utm(
    value: object, source: str = "", medium: str = "", campaign: str = "", content: str = "", term: str = ""
) -> str:
    """The text with these parameters in each of its web addresses; those that an address has already stay."""
    given = {"source": source, "medium": medium, "campaign": campaign, "content": content, "term": term}
    return tagged("" if value is None else str(value), given)


def tagged(text: str, given: Mapping[str, object], hosts: tuple[str, ...] = ()) -> str:
    """The text with the parameters in its web addresses; with `hosts`, only in those that lead there or below."""
    values = {name: short for name, value in given.items() if (short := " ".join(str(value).split())[:LONGEST])}

    def put(found: re.Match[str]) -> str:
        address = found[0].rstrip(_AFTER)
        if address.endswith(")") and "(" not in address:
            address = address[:-1]
        return _tagged(address, values, hosts) + found[0][len(address) :]

    return _ADDRESS.sub(put, text) if values else text


def leads_to(address: str, hosts: tuple[str, ...]) -> bool:
    """Whether an address is that of one of these hosts, or below one."""
    try:
        host = (urlsplit(address).hostname or "").casefold()
    except ValueError:
        return False
    return any(host == one.casefold() or host.endswith(f".{one.casefold()}") for one in hosts)


def _tagged(address: str, values: Mapping[str, str], hosts: tuple[str, ...]) -> str:
    if hosts and not leads_to(address, hosts):
        return address
    whole, mark, fragment = address.partition("#")
    _, asked, query = whole.partition("?")
    there = {name.casefold() for name, _ in parse_qsl(query, keep_blank_values=True)}
    new = [f"utm_{name}={quote(one, safe='')}" for name, one in values.items() if f"utm_{name}" not in there]
    if not new:
        return address
    joint = "?" if not asked else "&" if query and not query.endswith("&") else ""
    return f"{whole}{joint}{'&'.join(new)}{mark}{fragment}"
