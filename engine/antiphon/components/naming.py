"""What people are called: names, addresses and profiles as strangers write them, made comparable and harmless."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

LONGEST = 300
"""Characters of a name, a handle or an address that are kept; what is longer is cut."""

_ADDRESS = re.compile(r"[^@\s<>\"(),;:]+@[^@\s<>\"(),;:]+\.[^@\s<>\"(),;:.]+")
_LOOKALIKES = str.maketrans("авекмнорстухіјѕԁɡαεικνορτυχ01", "abekmhopctyxijsdgaeikvoptuxol")
"""Letters of Cyrillic and Greek, and digits, that are taken for a Latin letter: the commonest of confusables.txt
(Unicode Technical Standard 39, revision 28, 2023)."""


def one_line(value: object, longest: int = LONGEST) -> str:
    """A value as text on one line of at most so many characters, without anything that cannot be seen."""
    text = "" if value is None else str(value)
    seen = (" " if one.isspace() else one for one in text if one.isspace() or unicodedata.category(one)[0] != "C")
    return " ".join("".join(seen).split())[:longest].strip()


def email_of(value: object) -> str:
    """An address in small letters; empty when it is none. What stands behind a `+` counts: some keep it apart."""
    text = unicodedata.normalize("NFC", one_line(value)).casefold()
    return text if _ADDRESS.fullmatch(text) else ""


def profile_of(value: object) -> str:
    """A link to a profile in one spelling, without scheme, `www.`, query and last slash; empty when it is none."""
    try:
        parts = urlsplit(one_line(value))
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if parts.scheme not in ("http", "https") or not host or not path:
        return ""
    return f"{host}:{port}{path}" if port not in (None, 80, 443) else f"{host}{path}"


def skeleton(handle: object) -> str:
    """How a handle looks, without its server: the same for all that a reader takes for the same."""
    name = one_line(handle).lstrip("@").partition("@")[0]
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LOOKALIKES)
    return "".join(one for one in plain if one.isalnum())
