from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Account, Sandbox


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def network(clock: VirtualClock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def brand(network: Sandbox) -> Account:
    return network.account("torrea", name="Torréa")


@pytest.fixture
def client(network: Sandbox, brand: Account) -> Iterator[httpx.Client]:
    """A client that acts for the brand."""
    headers = {"Authorization": f"Bearer {brand.token}"}
    with httpx.Client(base_url=network.url, headers=headers, trust_env=False) as opened:
        yield opened


@pytest.fixture
def visitor(network: Sandbox) -> Iterator[httpx.Client]:
    """A client without a token."""
    with httpx.Client(base_url=network.url, trust_env=False) as opened:
        yield opened
