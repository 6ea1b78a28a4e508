"""A connection to one place that Apprise can write to."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ConfigDict, Field, SecretStr

from antiphon import Clock, Connector, Http, Notifier, Options


class NotifyOptions(Options):
    """Where notifications go."""

    model_config = ConfigDict(hide_input_in_errors=True)

    url: SecretStr = Field(
        description="An Apprise URL, such as tgram://token/chat or mailto://name:password@example.org "
        "(https://github.com/caronc/apprise/wiki)."
    )


@dataclass(frozen=True, slots=True)
class Service:
    """What may be known of the place without writing to it: what it is called, and how many characters it takes."""

    name: str
    longest: int


class Notify(Connector):
    """A place for notifications, such as a chat, a phone or a mailbox: any of those that Apprise can write to.

    [connections.phone]
    connector = "notify"
    url = "${{ secrets.phone }}"

    Apprise says yes or no, and often not why: a notification that failed is in doubt unless the service refused it.
    """

    name = "notify"
    Options = NotifyOptions
    idempotency = {"send": "none"}

    def __init__(self, connection: str, options: NotifyOptions, http: Http, clock: Clock) -> None:
        super().__init__(connection, options, http, clock)
        self._notifier = Notifier(options.url.get_secret_value(), http, clock)

    def reader(self) -> Service:  # noqa: D102
        return Service(self._notifier.name, self._notifier.longest)

    def writer(self) -> Notifier:  # noqa: D102
        return self._notifier

    def check(self) -> str:  # noqa: D102
        return f"{self._notifier.name}; whether it takes notifications shows when the first one is sent"
