"""HubSpot: contacts by its CRM API."""
