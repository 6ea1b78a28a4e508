"""The trigger of incoming HTTP requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from antiphon.builtins.webhook_delivery import receive
from antiphon.builtins.webhook_options import SignedAuth, TokenAuth, WebhookOptions
from antiphon.components.interest import Interest
from antiphon.components.pattern import Pattern
from antiphon.components.trigger import Trigger
from antiphon.model.event import Event


class Webhook(Trigger):
    """Wakes the workflow when another system calls its address.

        webhook: {path: shop/orders, auth: {hmac: "${{ secrets.shop }}"}, dedupe: {key: order.id}}

    The fields of the body are those of `event`; a body that is no object is `event.body`. `event.webhook` is the path.
    """

    name = "webhook"
    Options = WebhookOptions

    def interest(self, options: WebhookOptions) -> Interest:
        """The requests to this very path that look as described."""
        # The path stands first: it is what an index finds the trigger by.
        wanted = {
            "webhook": options.path,
            **{key: value for key, value in options.match.root.items() if key != "webhook"},
        }
        return Interest(options.event, Pattern.model_validate(wanted))

    def door(self, options: WebhookOptions) -> str:
        """The path that the author gave."""
        return options.path

    def receive(
        self,
        options: WebhookOptions,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
        reveal: Callable[[Any], Any],
    ) -> Event:
        """The event of one request. Raises as `webhook_delivery.receive` does, and SecretMissing."""
        match options.auth:
            case SignedAuth(hmac=mark) | TokenAuth(token=mark):
                secret = str(reveal(mark))
            case _:
                secret = ""
        return receive(options, headers, body, now, secret)
