"""Which texts may become links: only addresses of the web, and of pages of our own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit


def is_link(value: Any) -> bool:
    """Whether a cell is one whole http or https address, with a host and nothing that could break out of a link."""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        return False
    if any(character.isspace() or not character.isprintable() or character in '<>"`\\' for character in value):
        return False
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:
        return False


def is_inner(value: Any) -> bool:
    """Whether a text is the address of another page of the local web: a path, and nothing that leads out of it."""
    if not isinstance(value, str) or not value.startswith("/") or value.startswith(("//", "/\\")):
        return False
    return not any(character.isspace() or not character.isprintable() or character in '<>"`\\' for character in value)


def short_link(url: str) -> str:
    """What a person reads instead of a long address: the host and the beginning of the way there."""
    parts = urlsplit(url)
    way = parts.path.strip("/")
    shown = parts.netloc.rpartition("@")[2].removeprefix("www.") + (f"/{way}" if way else "")
    return shown if len(shown) <= 26 else shown[:25] + "…"
