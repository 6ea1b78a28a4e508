"""How the AT Protocol names the accounts of the world: a handle that is a domain, and an identifier that stays."""

from __future__ import annotations

import base64
import hashlib

from antiphon.testing.sandbox.records import Account
from antiphon.testing.sandbox.world import World


def handle(account: Account) -> str:
    """`torrea.sandbox.example` of `torrea@sandbox.example`."""
    return f"{account.username}.{account.host}".lower().replace("_", "-")


def did(account: Account) -> str:
    """The identifier of an account."""
    return f"did:plc:{digest(handle(account))[:24]}"


def named(world: World, name: str) -> Account | None:
    """The account of this handle or identifier, if there is one."""
    return next((one for one in world.accounts.values() if name.lower() in (handle(one), did(one))), None)


def digest(text: str) -> str:
    """52 small letters and digits for a text: what identifiers and fingerprints are made of."""
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower().rstrip("=")
