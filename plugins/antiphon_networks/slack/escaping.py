"""Words that stay words: Slack's signs for links and mentions, written and read (docs.slack.dev, "Formatting text").

In a text only `<…>` calls somebody, so with &, < and > escaped nothing does; names such as @channel are read as
mentions only with `link_names` or `parse: full`, which are never asked for.
"""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_SPECIAL = {"channel": "@channel", "here": "@here", "everyone": "@everyone"}


def escaped(text: str) -> str:
    """The text such that nothing in it is a link or a mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shown(text: str) -> str:
    """What a reader sees of a message's text: names for mentions, addresses for links."""
    return _REFERENCE.sub(_told, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def links(text: str) -> list[str]:
    """The addresses that a message's text leads to."""
    found = (match[2] for match in _REFERENCE.finditer(text) if not match[1])
    return [address.replace("&amp;", "&") for address in found if address.startswith(("http://", "https://"))]


def mentioned(text: str) -> list[str]:
    """The ids of the people whom a message's text calls."""
    return [match[2] for match in _REFERENCE.finditer(text) if match[1] == "@"]


def _told(match: re.Match[str]) -> str:
    kind, what, label = match[1], match[2], match[3]
    match kind:
        case "@":
            return f"@{label or what}"
        case "#":
            return f"#{label or what}"
        case "!":
            return label or _SPECIAL.get(what, f"@{what.rpartition('^')[2]}")
    if not label or label == what.removeprefix("mailto:"):
        return what
    return f"{label} ({what})"
