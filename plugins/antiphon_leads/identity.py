"""Who is the same person: what proves it, and what only looks like it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antiphon import email_of, profile_of, skeleton


def proofs(lead: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes two leads one without asking anybody: a verified address, the link that the network gives."""
    email = email_of(lead.get("email")) if lead.get("email_verified") is True else ""
    link = profile_of(lead.get("url"))
    return tuple(f"{kind}:{value}" for kind, value in (("email", email), ("profile", link)) if value)


def hints(lead: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes two leads worth a look: an address that nobody verified, a handle that looks the same."""
    email, looks = email_of(lead.get("email")), skeleton(lead.get("handle"))
    found = (("address", email), ("handle", looks if len(looks) >= 3 else ""))
    return tuple(f"{kind}:{value}" for kind, value in found if value)
