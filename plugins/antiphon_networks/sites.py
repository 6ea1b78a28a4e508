"""The address of a site, which may live in a folder, as a person may write it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from antiphon_networks.addresses import is_here

_PLACE = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")


def site_address(text: Any) -> str:
    """`https://host[:port][/folder]`; http only to this machine, since credentials would be seen. Raises ValueError."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("write the address of the site, such as https://blog.example.org")
    written = text.strip() if "://" in text else f"https://{text.strip()}"
    parts = urlsplit(written)
    if parts.scheme not in ("http", "https") or not _PLACE.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is not the address of a site; write it like https://blog.example.org")
    if parts.scheme == "http" and not is_here(parts.hostname or ""):
        raise ValueError(f"{text!r} would send the credentials in the clear; write https://")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
