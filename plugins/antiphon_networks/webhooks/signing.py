"""What a webhook carries besides its body: a signature (HMAC-SHA256, RFC 2104), its time, and a key.

The counterpart of the `webhook` trigger's `auth: {hmac: …}`: with the same options on both sides, one Antiphon believes
another.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Signature:
    """How a body is signed. `timestamp_header` is empty when the time is not part of it; `secret` when nothing is
    signed at all."""

    secret: str = ""
    header: str = "X-Signature-256"
    prefix: str = "sha256="
    timestamp_header: str = "X-Timestamp"

    def headers(self, body: bytes, seconds: int) -> dict[str, str]:
        """The headers that go with a body sent at a moment, in seconds since 1970: its signature, and the moment."""
        if not self.secret:
            return {}
        stamp = str(seconds)
        timed = {self.timestamp_header: stamp} if self.timestamp_header else {}
        signed = f"{stamp}.".encode() + body if timed else body
        digest = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        return {self.header: self.prefix + digest, **timed}


def encoded(payload: Mapping[str, Any]) -> bytes:
    """The bytes of a JSON object: what is signed is what is sent. Raises ValueError for a number that JSON lacks."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
