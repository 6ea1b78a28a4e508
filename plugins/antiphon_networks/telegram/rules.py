"""What Telegram allows."""

from __future__ import annotations

from antiphon import Limits

LIMITS = Limits.beside(__file__)
