"""What an author says about incoming HTTP requests: where, from whom, and which of them matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from antiphon.components.component import Options
from antiphon.components.pattern import Pattern
from antiphon.components.secret_marks import is_secret_mark
from antiphon.model.duration import Duration


def _names_a_secret(value: str) -> str:
    if not is_secret_mark(value):
        raise ValueError("a secret does not belong into a document; name one, as in ${{ secrets.shop }}")
    return value


SecretName = Annotated[str, AfterValidator(_names_a_secret)]


class SignedAuth(Options):
    """The sender signs the body with HMAC-SHA256, in hexadecimal digits (RFC 2104)."""

    hmac: SecretName = Field(description="The shared secret, such as ${{ secrets.shop }}.")
    header: str = Field("X-Signature-256", description="The header that carries the signature.")
    prefix: str = Field("sha256=", description="What stands before the digits in that header.")
    timestamp_header: str = Field("", description="The header with the time of sending, in seconds since 1970.")
    tolerance: Duration = Field(timedelta(minutes=5), description="How far that time may be from ours.")
    signed: str = Field("", description="What is signed: {body}, or with a timestamp {timestamp}.{body}, or your own.")

    @property
    def content(self) -> str:
        """The template of what is signed."""
        return self.signed or ("{timestamp}.{body}" if self.timestamp_header else "{body}")

    @model_validator(mode="after")
    def _covers_what_it_trusts(self) -> SignedAuth:
        if self.content.count("{body}") != 1:
            raise ValueError("`signed` must hold {body} once, or the body could be forged")
        if bool(self.timestamp_header) != ("{timestamp}" in self.content):
            raise ValueError("`timestamp_header` and {timestamp} in `signed` need one another")
        return self


class TokenAuth(Options):
    """The sender shows a secret in a header."""

    token: SecretName = Field(description="The shared secret, such as ${{ secrets.shop }}.")
    header: str = Field("Authorization", description="The header that carries it; `Bearer ` before it is passed over.")


def _way(value: Any) -> str | None:
    # The tags hold a space, so that none of them can be taken for a key of the document.
    if isinstance(value, Mapping):
        return next((f"{way} auth" for way in ("hmac", "token") if way in value), None)
    if value == "none":
        return "no auth"
    return "hmac auth" if isinstance(value, SignedAuth) else "token auth" if isinstance(value, TokenAuth) else None


Auth = Annotated[
    Annotated[SignedAuth, Tag("hmac auth")]
    | Annotated[TokenAuth, Tag("token auth")]
    | Annotated[Literal["none"], Tag("no auth")],
    Discriminator(
        _way,
        custom_error_type="webhook_auth",
        custom_error_message="Say how the sender is known: {hmac: …}, {token: …}, or `none` for anybody",
    ),
]


class Dedupe(Options):
    """By what a delivery is known when it comes again."""

    header: str = Field("", description="A header that is the same in every delivery of one event.")
    key: str = Field("", description="A dotted path in the body to a value that is unique to the event.")

    @model_validator(mode="after")
    def _is_one(self) -> Dedupe:
        if bool(self.header) == bool(self.key):
            raise ValueError("`dedupe` has exactly one of header and key")
        return self


class WebhookOptions(Options):
    """Where requests come in, whom they are taken from, and which of them matter."""

    path: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*$",
        max_length=200,
        description="The last part of the address: small letters, digits, dashes, underscores and slashes.",
    )
    auth: Auth = Field(description="How the sender is known; `none` takes requests from anybody.")
    dedupe: Dedupe | None = Field(None, description="What tells one event from another; else the whole body does.")
    event: str = Field(
        "webhook.received",
        pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$",
        description="The type of event that a request becomes.",
    )
    match: Pattern = Field(Pattern(), description="What the body must look like.")
