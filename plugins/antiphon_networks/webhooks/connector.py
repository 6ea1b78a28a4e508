"""A connection to one address that takes webhooks."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Options
from antiphon_networks.addresses import guarded_address
from antiphon_networks.webhooks.client import Caller, Target
from antiphon_networks.webhooks.signing import Signature

_HEADER = r"^[A-Za-z0-9-]+$"

Address = Annotated[SecretStr, AfterValidator(lambda secret: SecretStr(guarded_address(secret.get_secret_value())))]


class WebhookOptions(Options):
    """Which address, and how it knows us."""

    model_config = ConfigDict(hide_input_in_errors=True)

    url: Address = Field(description="The address that is called; kept secret, since it may be all that is asked for.")
    secret: SecretStr = Field(SecretStr(""), description="What bodies are signed with; nothing is signed without it.")
    header: str = Field("X-Signature-256", pattern=_HEADER, description="The header that carries the signature.")
    prefix: str = Field("sha256=", description="What stands before the digits in that header.")
    timestamp_header: str = Field(
        "X-Timestamp",
        pattern=rf"^$|{_HEADER}",
        description="The header with the time of sending, which is signed too; empty to sign the body alone.",
    )
    deduplicates: bool = Field(
        False, description="Whether the receiver drops what has an `Idempotency-Key` that it has seen."
    )


class OutgoingWebhook(Connector):
    """An address of another system that takes webhooks.

    [connections.shop]
    connector = "webhook"
    url = "https://shop.example.org/hooks/antiphon"
    secret = "${{ secrets.shop }}"

    Another Antiphon takes it with `auth: {hmac: …, timestamp_header: X-Timestamp}` and
    `dedupe: {header: Idempotency-Key}`; say `deduplicates = true` then.
    """

    name = "webhook"
    Options = WebhookOptions
    idempotency = {"send": "none"}

    def __init__(self, connection: str, options: WebhookOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        self._url = options.url.get_secret_value()
        self._target = Target(urlsplit(self._url).netloc, options.deduplicates)
        self._signature = Signature(
            options.secret.get_secret_value(), options.header, options.prefix, options.timestamp_header
        )
        self._client = http.client()

    def reader(self) -> Target:  # noqa: D102
        return self._target

    def writer(self) -> Caller:  # noqa: D102
        return Caller(self._url, self._signature, self._client, self.clock)

    def check(self) -> str:  # noqa: D102
        signed = "signed" if self._signature.secret else "not signed"
        return f"{self._target.host}, {signed}; whether it takes them shows when the first one is sent"
