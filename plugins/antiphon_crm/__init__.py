"""A CRM: contacts are written there and heard from there, by one rule about who is right."""

from __future__ import annotations

from antiphon import Action, Computation, Connector, hookimpl
from antiphon_crm.hubspot.connector import HubSpot
from antiphon_crm.pushing import Push


@hookimpl
def register_connectors() -> list[type[Connector]]:
    """HubSpot, with its contacts as a source."""
    return [HubSpot]


@hookimpl
def register_actions() -> list[type[Action | Computation]]:
    """Writing a contact."""
    return [Push]
