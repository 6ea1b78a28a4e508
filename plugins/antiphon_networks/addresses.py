"""Addresses and tokens, as people write them in the options of a connection."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import SecretStr


def guarded_address(text: str) -> str:
    """The same address, without blanks around it. Raises ValueError when it is none, holds a user name, or would send
    credentials in the clear: plain http is for this machine only."""
    written = text.strip()
    parts = urlsplit(written)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("this is not an address of the web; write it with https:// before it")
    if parts.username is not None:
        raise ValueError("an address must not hold a user name; put credentials into options of their own")
    if parts.scheme == "http" and not is_here(parts.hostname):
        raise ValueError("this would send credentials in the clear; write https://")
    return written


def single_token(secret: SecretStr) -> SecretStr:
    """The same token, without blanks around it. Raises ValueError, which does not show it, for what cannot be one."""
    token = secret.get_secret_value().strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("this is no access token: it is empty, or has characters that no token has")
    return SecretStr(token)


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
