"""Targets: which post an act is about, by its id or by the event that brought it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from antiphon.errors import GiveUp

_SHOWN = 60

Target = Annotated[
    Annotated[str, Field(min_length=1)] | dict[str, Any],
    BeforeValidator(lambda value: str(value) if isinstance(value, int) and not isinstance(value, bool) else value),
]
"""An option that takes the id of a post, or `${{ event }}`."""


def id_of(target: str | Mapping[str, Any], network: str, connection: str, server: str = "") -> str:
    """The id of a target on a network, and on a server where ids differ between servers.

    Raises GiveUp for an event that is not about a post there.
    """
    if isinstance(target, str):
        return target.strip()
    origin = target.get("network")
    if origin != network or not target.get("id"):
        raise GiveUp(
            f"This event is not about a post on {network.capitalize()}, but about one on {origin or 'no network'}.",
            hint=f"Give the id of a post, or an event of the connection {connection}.",
        )
    came_from = target.get("server", server)
    if came_from != server:
        raise GiveUp(
            f"This post has its id on {came_from}; the connection {connection} is on {server}.",
            hint="Use a connection to the server that the event came from.",
        )
    return str(target["id"])


def told_of(target: str | Mapping[str, Any]) -> str:
    """A target for a person: who said what, where an event tells it."""
    if isinstance(target, str):
        return f"post {target.strip()}"
    author = target.get("author")
    handle = author.get("handle", "") if isinstance(author, Mapping) else ""
    return f"“{short(str(target.get('text', '')), _SHOWN)}” by {handle or 'somebody'}"


def short(text: str, longest: int = 80) -> str:
    """A text on one line of at most so many characters, for a summary."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
