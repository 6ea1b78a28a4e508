"""A connection to one portal of HubSpot."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Limits, Options
from antiphon_crm.hubspot.client import HubSpotReader, HubSpotWriter
from antiphon_crm.hubspot.pulling import Contacts


def _one_word(token: SecretStr) -> SecretStr:
    if not token.get_secret_value().strip() or any(one.isspace() for one in token.get_secret_value()):
        raise ValueError("the token is empty, or has a space or a line break in it")
    return token


class HubSpotOptions(Options):
    """A portal of HubSpot."""

    model_config = ConfigDict(hide_input_in_errors=True)

    token: Annotated[SecretStr, AfterValidator(_one_word)] = Field(
        description="The access token of a private app, with the scopes crm.objects.contacts.read and .write."
    )
    server: str = Field("https://api.hubapi.com", pattern=r"^https?://\S+$", description="The address of HubSpot.")


class HubSpot(Connector):
    """The contacts of a portal of HubSpot.

    [connections.customers]
    connector = "hubspot"
    token = "${{ secrets.hubspot_token }}"
    """

    name = "hubspot"
    Options = HubSpotOptions
    reader_class = HubSpotReader
    writer_class = HubSpotWriter
    limits = Limits.beside(__file__)
    sources = (Contacts,)
    idempotency = {"contact": "native"}

    def __init__(self, connection: str, options: HubSpotOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        headers = {"Authorization": f"Bearer {options.token.get_secret_value()}"}
        client = http.client(options.server.rstrip("/"), headers)
        self._reader, self._writer = HubSpotReader(client, clock), HubSpotWriter(client, clock)

    def reader(self) -> HubSpotReader:  # noqa: D102
        return self._reader

    def writer(self) -> HubSpotWriter:  # noqa: D102
        return self._writer

    def check(self) -> str:  # noqa: D102
        self._reader.look()
        return "a portal whose contacts can be read"
