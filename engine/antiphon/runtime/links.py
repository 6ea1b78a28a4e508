"""Links: how a person from outside proves that they were asked.

A link holds a token: what it is for, and an HMAC-SHA256 of that under a key that is derived from the workspace's own.
So nobody can make or change one without the key, and nothing needs to be kept of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from antiphon.components.clock import Clock
from antiphon.errors import SetupError, Untrusted
from antiphon.runtime.keys import Keys

PURPOSE = b"antiphon approval link 1"
"""What the key is derived for: a token for one purpose is worth nothing for another."""

LONGEST = 2000
"""Characters that a token may have."""


@dataclass(frozen=True, slots=True)
class Link:
    """Somebody may decide on an approval in the name of `name`, until then (UTC); `issuer` has given it out."""

    approval: str
    name: str
    issuer: str
    until: datetime


class Links:
    """Makes tokens, and reads them again."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def token(self, link: Link) -> str:
        """The token of a link; fit for an address. Raises SetupError."""
        if not self._keys.held().split() and self._keys.ours:
            from antiphon.runtime.sealing import new_key

            self._keys.begin(new_key())
        told = [link.approval, link.name, link.issuer, int(link.until.timestamp())]
        content = _encoded(json.dumps(told, separators=(",", ":")).encode())
        if not (signatures := self._signatures(content)):
            raise SetupError(f"There is no key to sign links with in {self._keys.where}.", hint="Put one there.")
        return f"{content}.{signatures[0]}"

    def read(self, token: str) -> Link:
        """The link of a token.

        Raises:
            Untrusted: it is not one of ours, was changed, or has expired.
            SetupError: the key is not there.
        """
        content, _, signature = token.partition(".")
        given = signature.encode("utf-8", "replace")
        # Every key is compared with, in constant time; then nothing of a stranger's is read before it is proved ours.
        fits = [hmac.compare_digest(given, one.encode()) for one in self._signatures(content)]
        if len(token) > LONGEST or not any(fits):
            raise Untrusted("This link is not one of ours, or was changed on the way.", hint="Ask for a new one.")
        approval, name, issuer, until = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
        link = Link(approval, name, issuer, datetime.fromtimestamp(until, UTC))
        if self._clock.now() >= link.until:
            raise Untrusted(f"This link has expired at {link.until:%F %H:%M} UTC.", hint="Ask for a new one.")
        return link

    def _signatures(self, content: str) -> list[str]:
        """What the signature of a content is under each key, the newest first."""
        derived = [hmac.digest(key.encode(), PURPOSE, hashlib.sha256) for key in self._keys.held().split()]
        return [_encoded(hmac.digest(key, content.encode("utf-8", "replace"), hashlib.sha256)) for key in derived]


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
