"""The noticeboard keeps the contract of Antiphon."""

from __future__ import annotations

import pytest
from antiphon_noticeboard.bench import NoticeboardBench

from antiphon.testing.contracts import CHECKS, Check


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_contract(check: Check) -> None:
    """The connector keeps every law that applies to it."""
    check(NoticeboardBench)
