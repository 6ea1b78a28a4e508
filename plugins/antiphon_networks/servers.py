"""The address of a server, as a person may write it."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from antiphon_networks.addresses import is_here

_HOST = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")


def _server(text: Any) -> str:
    """`https://host[:port]`; http only to this machine, since credentials would be seen."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("write the address of the server, such as https://mastodon.social")
    written = text.strip() if "://" in text else f"https://{text.strip()}"
    parts = urlsplit(written)
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
        raise ValueError(f"{text!r} is not the address of a server; write it like https://mastodon.social")
    if parts.scheme == "http" and not is_here(parts.hostname or ""):
        raise ValueError(f"{text!r} would send the credentials in the clear; write https://")
    return f"{parts.scheme}://{parts.netloc}"


Server = Annotated[str, BeforeValidator(_server)]
"""An option that takes the address of a server."""


def server_of(url: str) -> str:
    """The host of a server's address, with the port if it has one of its own."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
