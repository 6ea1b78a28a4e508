"""The contract: Mastodon keeps it against the sandbox, and a connector that breaks a law is told which."""

from __future__ import annotations

import pytest

from antiphon.testing.contracts import CHECKS, Check
from antiphon.testing.sandbox.mastodon.bench import MastodonBench


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_mastodon(check: Check) -> None:
    """Mastodon keeps every law."""
    check(MastodonBench)
