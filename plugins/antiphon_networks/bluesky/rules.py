"""What Bluesky takes, from `limits.toml`; the network does not tell it at run time."""

from __future__ import annotations

from antiphon import Limits

LIMITS = Limits.beside(__file__)
