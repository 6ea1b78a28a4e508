"""Sealing: what is encrypted, under which key. The cipher is Fernet of the library `cryptography`: AES-128-CBC with an
HMAC-SHA256 over it (https://github.com/fernet/spec), so that nobody can read it, and nobody change it unseen.

The library is the one that Prefect brings already; Python has none, and a cipher is not to be written by hand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def new_key() -> str:
    """A new key: 32 bytes of the system's randomness in URL-safe base64."""
    return Fernet.generate_key().decode("ascii")


def is_key(text: str) -> bool:
    """Whether a text has the form of a key."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def key_name(key: str) -> str:
    """A name by which keys are told apart, and from which nobody gets back to the key."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def seal(document: Any, keys: Sequence[str], at: datetime) -> str:
    """Encrypt a JSON value under the first key; the time can be read by anybody."""
    content = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    return Fernet(keys[0]).encrypt_at_time(content, int(at.timestamp())).decode("ascii")


def unseal(sealed: str, keys: Sequence[str]) -> Any | None:
    """The JSON value, or None when it was not sealed under any of the keys, or is not as it was."""
    try:
        return json.loads(MultiFernet([Fernet(key) for key in keys]).decrypt(sealed.encode()))
    except (InvalidToken, UnicodeEncodeError):
        return None
