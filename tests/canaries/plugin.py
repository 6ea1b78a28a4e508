"""A careless plugin: it says its secrets wherever it can."""

from __future__ import annotations

import logging
from typing import Any

from pydantic import Field, SecretStr

from antiphon import (
    Action,
    Connector,
    Done,
    Effect,
    GiveUp,
    Options,
    Outcome,
    Page,
    PerformContext,
    ReadContext,
    Receipt,
    Rejected,
    Source,
    Unknown,
    hookimpl,
)

log = logging.getLogger("careless")


class CarelessOptions(Options):
    """An account that is only its token."""

    token: SecretStr = Field(description="The token.")
    name: str = Field("", description="A name.", max_length=40)


class News(Source):
    """Breaks.

    poll: {source: careless.news, with: {connection: loose}}
    """

    name = "careless.news"
    event = "careless.told"

    def fetch(self, options: Any, client: Any, cursor: str | None) -> Page:
        try:
            raise KeyError(client)
        except KeyError as error:
            raise RuntimeError(f"no news for {client}") from error


class Careless(Connector):
    """A network that is told about.

    [connections.loose]
    connector = "careless"
    """

    name = "careless"
    Options = CarelessOptions
    sources = (News,)

    def reader(self) -> str:
        return str(self.options.token.get_secret_value())

    def check(self) -> str:
        raise GiveUp(f"{self.reader()} is not accepted")


class TellOptions(Options):
    """In which way to tell which secret."""

    way: str
    secret: str


class Tell(Action):
    """Tells its secret in a way.

    use: careless.tell
    with: {way: log, secret: "${{ secrets.api }}"}
    """

    name = "careless.tell"

    Options = TellOptions

    def plan(self, options: TellOptions, ctx: ReadContext) -> Effect:
        token = ctx.connections.reader("loose", str)
        log.info("planning with %s", token)
        if options.way == "plan":
            raise RuntimeError(f"cannot plan with {token}")
        if options.way == "giveup":
            raise GiveUp(f"no way with {token}")
        return ctx.effect(self.name, f"tell by {options.way}", {"way": options.way, "secret": options.secret})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        secret = ctx.reveal(effect.payload)["secret"]
        try:
            raise ValueError(f"{secret} is wrong")
        except ValueError:
            log.exception("it did not work with %r", {"secret": secret})
        match effect.payload["way"]:
            case "raise":
                raise RuntimeError(f"broken by {secret}")
            case "rejected":
                return Rejected(f"no {secret} here", fix=f"renew {secret}")
            case "unknown":
                return Unknown(f"who knows {secret}")
        return Done(
            Receipt(remote_id=secret, url=f"https://a.example/{secret}", at=ctx.clock.now(), data={"s": [secret]})
        )

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome:
        return Unknown(f"nobody knows {ctx.reveal(effect.payload)['secret']}")


@hookimpl
def register_connectors() -> list[type[Connector]]:
    return [Careless]


@hookimpl
def register_actions() -> list[type[Action]]:
    return [Tell]
