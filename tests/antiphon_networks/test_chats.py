"""The contract of connectors: Telegram, Discord and Slack keep it against the sandbox."""

from __future__ import annotations

import pytest

from antiphon.testing.benches.discord import DiscordBench
from antiphon.testing.benches.slack import SlackBench
from antiphon.testing.benches.telegram import TelegramBench
from antiphon.testing.contracts import CHECKS, Bench, Check


@pytest.mark.parametrize("bench", [TelegramBench, DiscordBench, SlackBench])
@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_contract(check: Check, bench: type[Bench]) -> None:
    """Each keeps every law."""
    check(bench)
