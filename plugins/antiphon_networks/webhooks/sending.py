"""Sending a webhook."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
from pydantic import Field

from antiphon import (
    Action,
    Effect,
    GiveUp,
    Options,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    Unknown,
    payload_hash,
    rates,
)
from antiphon_networks.webhooks.client import Caller, Target
from antiphon_networks.webhooks.signing import encoded


class WebhookSendOptions(Options):
    """What is sent, and where to."""

    connection: str = Field(description="The connection to send with.")
    json_: dict[str, Any] = Field(alias="json", description="The body: a JSON object.")


class SendWebhook(Action):
    """Sends a signed webhook to another system.

    use: webhook.send
    with: {connection: shop, json: {type: mention.received, id: "${{ event.id }}", text: "${{ event.text }}"}}

    It has the header `Idempotency-Key`, made of the key of the effect: the same however often it is sent. The result
    has `status`, and `json` when the answer is a JSON object.
    """

    name = "webhook.send"
    Options = WebhookSendOptions

    def plan(self, options: WebhookSendOptions, ctx: ReadContext) -> Effect:
        """The body as it would be sent. Raises GiveUp for what is not JSON."""
        target = ctx.connections.reader(options.connection, Target)
        try:
            size = len(encoded(options.json_))
        except (TypeError, ValueError) as error:
            raise GiveUp(f"This body cannot be sent as JSON: {error}.", hint="Look at the expressions in it.") from None
        told = f"Send {size:,} bytes to {target.host} through {options.connection}"
        effect = ctx.effect(self.name, told, options.json_, connection=options.connection, verb="send")
        return effect.model_copy(update={"idempotency": "native"}) if target.deduplicates else effect

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Send it once."""

        def receipt(answer: httpx.Response) -> Receipt:
            data = {"status": answer.status_code, **_json(answer)}
            hashed = payload_hash(effect.payload)
            return Receipt(remote_id=key, at=ctx.clock.now(), payload_hash=hashed, rate=rates(answer), data=data)

        key = hashlib.sha256(effect.key.encode()).hexdigest()
        return ctx.connections.writer(effect.connection, Caller).send(ctx.reveal(effect.payload), key, receipt)

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """None where the receiver drops a repetition; elsewhere nobody can look."""
        if effect.idempotency == "native":
            return None
        return Unknown("Nobody can look whether the other system has it, and sending it again may do it twice.")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return {"json": body} if isinstance(body, dict) else {}
