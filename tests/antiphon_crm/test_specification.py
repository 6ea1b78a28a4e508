"""Every request to HubSpot, judged by HubSpot's own specification where it is at hand; and the sandbox's answers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.antiphon_networks.workbench import Workbench
from tests.servers.prism.server import Judged, judging

from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Sandbox
from antiphon.testing.serving import Forwarding, Served
from antiphon_crm.hubspot.pulling import Contacts
from antiphon_crm.pushing import Push

from .conftest import BASIS, EMAIL, TOKEN, Ask, portal

BESIDE = Path(__file__).parents[2].parent / "shared"


def specification() -> Path:
    path = Path(os.environ.get("ANTIPHON_SHARED", BESIDE)) / "counterparts/specs/hubspot_crm_contacts_v3.json"
    if not path.exists():
        pytest.skip("hubspot_crm_contacts_v3.json is not here: set ANTIPHON_SHARED to the folder that has it")
    return path


@pytest.mark.networks
@pytest.mark.slow
def test_s9_requests(desk: Workbench, network: Sandbox, clock: VirtualClock, tmp_path: Path) -> None:
    """S9: HubSpot's specification has nothing against what we ask."""
    with judging(specification(), tmp_path / "prism.log", patience=180) as prism:
        judge = Judged(Forwarding(network.url), prism, lambda path: path)
        with Served(judge) as served:
            desk.connector = portal(served.url, clock, timeout=60.0)
            desk.connector.check()
            effect = desk.plan(Push, email=EMAIL, basis=BASIS, fields={"firstname": "Ana", "phone": "+33 1"})
            desk.perform(Push, effect)
            desk.reconcile(Push, effect)
            Contacts().fetch(Contacts.Options(), desk.connector.reader(), None)

    assert 5 == len(judge.shown), judge.shown
    assert [] == judge.violations


def test_s9_answers(network: Sandbox, somebody: Ask) -> None:
    """S9: the sandbox answers in the shapes that HubSpot describes."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    components = json.loads(specification().read_text())["components"]

    def check(entity: str, value: Any) -> None:
        schema = {"$ref": f"#/components/schemas/{entity}", "components": components}
        jsonschema.Draft202012Validator(schema).validate(value)

    written = somebody(firstname="Ana")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    base = f"{network.url}/crm/v3/objects/contacts"
    asked = {"propertiesWithHistory": "firstname"}
    wanted = {"filterGroups": [], "sorts": [], "properties": ["email"], "limit": 5, "after": "0"}

    check("BatchResponseSimplePublicUpsertObject", written)
    one = f"{base}/{written['results'][0]['id']}"
    check("SimplePublicObjectWithAssociations", httpx.get(one, headers=headers, params=asked, trust_env=False).json())
    found = httpx.post(f"{base}/search", headers=headers, json=wanted, trust_env=False).json()
    check("CollectionResponseWithTotalSimplePublicObject", found)
    check("Error", httpx.get(f"{base}/7", headers=headers, trust_env=False).json())
    check("Error", httpx.get(base, trust_env=False).json())
