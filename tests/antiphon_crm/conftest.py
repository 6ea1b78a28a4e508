"""A portal of HubSpot in the sandbox, and a desk that writes into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from tests.antiphon_networks.workbench import Workbench

from antiphon.components.http import Http
from antiphon.store.database import open_store
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Sandbox
from antiphon_crm.hubspot.connector import HubSpot, HubSpotOptions

BASIS = {"basis": "consent", "because": "Asked for a call on our form"}
EMAIL = "ana@example.org"
TOKEN = "pat-eu1-0123456789"

Ask = Callable[..., Any]


@pytest.fixture
def network(clock: VirtualClock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as sandbox:
        sandbox.account("torrea", token=TOKEN)
        yield sandbox


def portal(url: str, clock: VirtualClock, timeout: float = 1.0) -> HubSpot:
    http = Http(allow_private=frozenset({"127.0.0.1"}), timeout=timeout, deadline=2 * timeout)
    return HubSpot("customers", HubSpotOptions(token=SecretStr(TOKEN), server=url), http, clock)


@pytest.fixture
def desk(network: Sandbox, clock: VirtualClock, tmp_path: Path) -> Iterator[Workbench]:
    """Plans and performs against the portal."""
    store = open_store(f"sqlite:///{tmp_path / 'antiphon.db'}", clock)
    http = Http(allow_private=frozenset({"127.0.0.1"}), timeout=5.0)
    yield Workbench(connector=portal(network.url, clock), clock=clock, store=store, http=http)
    store.close()


@pytest.fixture
def somebody(network: Sandbox) -> Iterator[Ask]:
    """Somebody who works in HubSpot itself: sets properties of a contact, or looks at one."""
    client = httpx.Client(base_url=network.url, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False)

    def ask(email: str = EMAIL, **properties: str) -> Any:
        if properties:
            one = {"id": email, "idProperty": "email", "properties": properties}
            return (
                client.post("/crm/v3/objects/contacts/batch/upsert", json={"inputs": [one]}).raise_for_status().json()
            )
        asked = {"idProperty": "email", "properties": "firstname,lastname,phone,email"}
        answer = client.get(f"/crm/v3/objects/contacts/{email}", params=asked)
        return answer.json()["properties"] if answer.is_success else None

    with client:
        yield ask
